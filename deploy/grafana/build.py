"""How a dashboard is made: panels named after the question that they answer, laid out in rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from grafana_foundation_sdk.builders import bargauge, common, geomap, stat, timeseries
from grafana_foundation_sdk.builders.dashboard import (
    AnnotationQuery,
    Dashboard,
    QueryVariable,
    Row,
    ThresholdsConfig,
)
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import (
    BarGaugeDisplayMode,
    BigValueGraphMode,
    FrameGeometrySourceMode,
    LegendDisplayMode,
    LegendPlacement,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    Threshold,
    ThresholdsMode,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
SELECTOR = 'instance=~"$instance"'
WIDTH, TALL = 24, 8
AnyPanel = stat.Panel | timeseries.Panel | bargauge.Panel | geomap.Panel


def _of(metric: str, where: str) -> str:
    return f"{metric}{{{', '.join(part for part in (SELECTOR, where) if part)}}}"


def _sum(inner: str, by: str) -> str:
    return f"sum{f' by ({by})' if by else ''} ({inner})"


def rate(metric: str, *, by: str = "", where: str = "", over: str = "$__rate_interval") -> str:
    """Return the sum of a counter's rate over the workers, split by labels."""
    return _sum(f"rate({_of(metric, where)}[{over}])", by)


def increase(metric: str, *, by: str = "", where: str = "") -> str:
    """Return by how much a counter grew in the time that the dashboard shows."""
    return _sum(f"increase({_of(metric, where)}[$__range])", by)


def quantile(share: float, metric: str, *, by: str = "") -> str:
    """Return a quantile of a histogram over the workers, split by labels."""
    return f"histogram_quantile({share}, {rate(f'{metric}_bucket', by=', '.join(filter(None, ('le', by))))})"


def gauge(metric: str, *, how: Literal["sum", "max", "min"], by: str = "", where: str = "") -> str:
    """Return a gauge over the workers."""
    return f"{how}{f' by ({by})' if by else ''} ({_of(metric, where)})"


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: its title, its unit in Grafana's names, what it means, and (query, legend) pairs.

    ``kind``: a graph over time, bars of values now, or a map of the label ``country``. A single
    figure turns yellow from ``warn`` on and red from ``alarm`` on.
    """

    title: str
    unit: str
    meaning: str
    queries: tuple[tuple[str, str], ...]
    warn: float | None = None
    alarm: float | None = None
    kind: Literal["graph", "bars", "map"] = "graph"


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard: single figures at the top, then rows of panels. ``variables``: label to its title."""

    uid: str
    title: str
    figures: tuple[Panel, ...]
    rows: tuple[tuple[str, tuple[Panel, ...]], ...]
    variables: tuple[tuple[str, str, str], ...] = ()

    def json(self) -> str:
        """Return the dashboard as JSON."""
        board = Dashboard(self.title).uid(self.uid).tags(["dateline"]).readonly()
        board.refresh("10s").time("now-1h", "now").timezone("browser").tooltip(DashboardCursorSync.CROSSHAIR)
        board.annotation(_replays())
        for name, label, metric in (("instance", "Worker", "dateline_build_info"), *self.variables):
            board.with_variable(_variable(name, label, metric))
        numbers = iter(range(1, 1000))
        for panel in self.figures:
            board.with_panel(_figure(panel, next(numbers), WIDTH // len(self.figures)))
        for title, panels in self.rows:
            board.with_row(Row(title).id(next(numbers)))
            for panel in panels:
                board.with_panel(_panel(panel, next(numbers), WIDTH // min(len(panels), 4)))
        return json.dumps(board.build(), cls=JSONEncoder, indent=2) + "\n"

    def panels(self) -> Iterator[Panel]:
        """Yield every panel."""
        yield from self.figures
        for _, panels in self.rows:
            yield from panels


def _replays() -> AnnotationQuery:
    """Return the mark of the times in which a replay ran: what rises then may be of the past."""
    replayed = rate("dateline_records_again_total", where='origin="replay"', over="2m")
    query = AnnotationQuery().name("Replays").datasource(SOURCE).enable(True)
    return query.icon_color("purple").expr(f"{replayed} > 0")


def _variable(name: str, label: str, metric: str) -> QueryVariable:
    variable = QueryVariable(name).label(label).datasource(SOURCE)
    variable.query(f"label_values({metric}, {name})").refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
    return variable.multi(True).include_all(True).all_value(".*")


def _query(panel: Panel, index: int, *, form: PromQueryFormat | None = None, now: bool = False) -> Dataquery:
    expr, legend = panel.queries[index]
    query = Dataquery().expr(expr).legend_format(legend).ref_id(chr(ord("A") + index)).datasource(SOURCE)
    if "_page_to_event_seconds_bucket" in expr and not now:
        query.exemplar(True)
    if form is not None:
        query.format(form)
    return query.instant() if now or "$__range]" in expr else query


def _panel(panel: Panel, number: int, span: int) -> AnyPanel:
    kinds: dict[str, Callable[[Panel], AnyPanel]] = {"graph": _graph, "bars": _bars, "map": _map}
    made = kinds[panel.kind](panel)
    made.id(number).title(panel.title).description(panel.meaning).unit(panel.unit)
    return made.datasource(SOURCE).height(TALL).span(span)


def _figure(panel: Panel, number: int, span: int) -> stat.Panel:
    steps = [Threshold(value=None, color="green")]
    steps += [Threshold(value=panel.warn, color="yellow")] if panel.warn is not None else []
    steps += [Threshold(value=panel.alarm, color="red")] if panel.alarm is not None else []
    made = stat.Panel().id(number).title(panel.title).description(panel.meaning).unit(panel.unit)
    made.datasource(SOURCE).height(4).span(span).graph_mode(BigValueGraphMode.AREA)
    made.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"])).no_value("-")
    made.thresholds(ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
    for index in range(len(panel.queries)):
        made.with_target(_query(panel, index))
    return made


def _graph(panel: Panel) -> timeseries.Panel:
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    made = timeseries.Panel().min(0).fill_opacity(10).legend(legend.show_legend(True))
    for index in range(len(panel.queries)):
        made.with_target(_query(panel, index))
    return made


def _bars(panel: Panel) -> bargauge.Panel:
    made = bargauge.Panel().display_mode(BarGaugeDisplayMode.BASIC).orientation(VizOrientation.HORIZONTAL)
    made.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"])).min(0)
    for index in range(len(panel.queries)):
        made.with_target(_query(panel, index, now=True))
    return made


def _map(panel: Panel) -> geomap.Panel:
    place = common.FrameGeometrySource().mode(FrameGeometrySourceMode.LOOKUP).lookup("country")
    layer = common.MapLayerOptions().type("markers").name(panel.title)
    layer.location(place.gazetteer("public/gazetteer/countries.json"))
    layer.config({"style": {"size": {"field": "Value", "min": 4, "max": 30}, "opacity": 0.6}})
    made = geomap.Panel().basemap(common.MapLayerOptions().type("default").name("Countries"))
    made.view(geomap.MapViewConfig().id("zero").lat(20).lon(0).zoom(1))
    made.layers([layer.tooltip(True)])
    return made.with_target(_query(panel, 0, form=PromQueryFormat.TABLE, now=True))
