"""Write the dashboard "Dateline operations": ``python deploy/grafana/operations.py``.

The JSON beside it is generated; a test compares it with this file and every query with a real
Prometheus. Panels are named after the question that they answer.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grafana_foundation_sdk.builders import common, stat, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, QueryVariable, Row, ThresholdsConfig
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import BigValueGraphMode, LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    Threshold,
    ThresholdsMode,
    VariableRefresh,
)

TARGET = Path(__file__).parent / "dashboards" / "operations.json"
SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
SELECTOR = 'instance=~"$instance"'
WIDTH = 24


def rate(metric: str, *, by: str = "", where: str = "") -> str:
    """Return the sum of a counter's rate over the workers, split by labels."""
    chosen = ", ".join(part for part in (SELECTOR, where) if part)
    split = f" by ({by})" if by else ""
    return f"sum{split} (rate({metric}{{{chosen}}}[$__rate_interval]))"


def quantile(share: float, metric: str, *, by: str = "") -> str:
    """Return a quantile of a histogram over the workers, split by labels."""
    return f"histogram_quantile({share}, {rate(f'{metric}_bucket', by=', '.join(filter(None, ('le', by))))})"


def gauge(metric: str, *, how: Literal["sum", "max"], by: str = "") -> str:
    """Return a gauge over the workers."""
    return f"{how}{f' by ({by})' if by else ''} ({metric}{{{SELECTOR}}})"


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: its title, its unit in Grafana's names, what it means, and (query, legend) pairs.

    A single figure turns yellow from ``warn`` on and red from ``alarm`` on.
    """

    title: str
    unit: str
    meaning: str
    queries: tuple[tuple[str, str], ...]
    warn: float | None = None
    alarm: float | None = None


AGE, E2E = "dateline_record_age_seconds", "dateline_page_to_event_seconds"
RECORDS = rate("dateline_records_total")
DEAD = rate("dateline_records_total", where='outcome="dead_letter"')

FIGURES = (
    Panel("Workers down", "none", "Workers that Prometheus cannot scrape.",
          (('count(up{job="dateline"} == 0) or vector(0)', ""),), alarm=1),
    Panel("Pages", "reqps", "Pages that the parse stage finished.",
          ((rate("dateline_records_total", where='stage="parse"'), ""),)),
    Panel("Events", "cps", "Events that the broker has confirmed.", ((rate("dateline_events_total"), ""),)),
    Panel("Dead letters", "percentunit", "Share of all records that became dead letters.",
          ((f"{DEAD} / ({RECORDS} > 0) or vector(0)", ""),),
          warn=0.01, alarm=0.1),
    Panel("Page to event, p95", "s", "From a page's record timestamp to the confirmation of its event.",
          ((quantile(0.95, E2E), ""),), warn=30, alarm=300),
    Panel("Longest stall", "s", "Time since the committed offset last moved while records wait; 0 is well.",
          ((gauge("dateline_committed_offset_age_seconds", how="max"), ""),), warn=30, alarm=120),
)  # fmt: skip

ROWS: tuple[tuple[str, tuple[Panel, ...]], ...] = (
    ("Flow: what comes in and goes out", (
        Panel("Records by outcome", "cps", "Each record counts once, by what became of it.",
              ((rate("dateline_records_total", by="stage, outcome"), "{{stage}} {{outcome}}"),)),
        Panel("Documents", "cps", "Articles and teasers found; only new ones are emitted.",
              ((rate("dateline_documents_total", by="kind, status"), "{{kind}} {{status}}"),)),
        Panel("Events by class", "cps", "Events that the broker has confirmed.",
              ((rate("dateline_events_total", by="event_class"), "{{event_class}}"),)),
    )),
    ("Delay: how old is what we work on", (
        Panel("Age of records when taken", "s", "Rising without end: the stage is slower than its input.",
              ((quantile(0.95, AGE, by="stage"), "{{stage}} p95"),)),
        Panel("Page to event", "s", "From a page's record timestamp to the confirmation of its event.",
              tuple((quantile(q, E2E), f"p{q * 100:.0f}") for q in (0.5, 0.95, 0.99))),
        Panel("Stalled partitions", "s", "Time since the committed offset last moved while records wait.",
              ((gauge("dateline_committed_offset_age_seconds", how="max", by="topic"), "{{topic}}"),)),
    )),
    ("Trouble: what went wrong", (
        Panel("Dead letters by error", "cps", "Error classes of streams/errors.py.",
              ((f"{rate('dateline_dead_letters_total', by='stage, error')} > 0", "{{stage}} {{error}}"),)),
        Panel("Sends tried again", "cps", "The broker did not confirm at the first try.",
              ((rate("dateline_send_retries_total", by="stage"), "{{stage}}"),)),
        Panel("Compute processes replaced", "cps", "deadline and crash point to pages that break the stage.",
              ((rate("dateline_compute_restarts_total", by="reason"), "{{reason}}"),)),
    )),
    ("Work: where the time goes", (
        Panel("CPU by stage", "none", "Cores that the compute processes keep busy.",
              ((rate("dateline_compute_cpu_seconds_total", by="stage"), "{{stage}}"),)),
        Panel("Compute time of a record, p95", "s", "In the compute process, without waiting.",
              ((quantile(0.95, "dateline_stage_duration_seconds", by="stage"), "{{stage}}"),)),
        Panel("Batch, p95", "s", "From taking a batch to the confirmation of everything it gave.",
              ((quantile(0.95, "dateline_batch_duration_seconds", by="stage"), "{{stage}}"),)),
        Panel("Records in flight", "none", "Taken and not finished.",
              ((gauge("dateline_in_flight_records", how="sum", by="stage"), "{{stage}}"),)),
        Panel("Event loop lag, p99", "s", "Above 0.1 s something computes in the event loop.",
              ((quantile(0.99, "dateline_event_loop_lag_seconds", by="instance"), "{{instance}}"),)),
        Panel("Documents remembered", "none", "Entries of the seen tables.",
              ((gauge("dateline_seen_entries", how="sum", by="instance"), "{{instance}}"),)),
        Panel("Memory of the main processes", "bytes", "Without their compute processes.",
              ((gauge("process_resident_memory_bytes", how="sum", by="instance"), "{{instance}}"),)),
        Panel("What runs", "none", "Workers by version; two lines while a release rolls out.",
              ((f"count by (version, coder_version) (dateline_build_info{{{SELECTOR}}})",
                "{{version}} coder {{coder_version}}"),)),
    )),
)  # fmt: skip


def _figure(panel: Panel, number: int) -> stat.Panel:
    steps = [Threshold(value=None, color="green")]
    steps += [Threshold(value=panel.warn, color="yellow")] if panel.warn is not None else []
    steps += [Threshold(value=panel.alarm, color="red")] if panel.alarm is not None else []
    made = stat.Panel().id(number).title(panel.title).description(panel.meaning).unit(panel.unit)
    made.datasource(SOURCE).height(4).span(WIDTH // len(FIGURES)).graph_mode(BigValueGraphMode.AREA)
    made.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"])).no_value("-")
    made.thresholds(ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
    for query in _queries(panel):
        made.with_target(query)
    return made


def _graph(panel: Panel, number: int, span: int) -> timeseries.Panel:
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    made = timeseries.Panel().id(number).title(panel.title).description(panel.meaning).unit(panel.unit)
    made.datasource(SOURCE).height(8).span(span).min(0).fill_opacity(10).legend(legend.show_legend(True))
    for query in _queries(panel):
        made.with_target(query)
    return made


def _queries(panel: Panel) -> list[Dataquery]:
    return [
        Dataquery().expr(expr).legend_format(legend).ref_id(chr(ord("A") + index)).datasource(SOURCE)
        for index, (expr, legend) in enumerate(panel.queries)
    ]


def _instances() -> QueryVariable:
    variable = QueryVariable("instance").label("Worker").datasource(SOURCE)
    variable.query("label_values(dateline_build_info, instance)").refresh(
        VariableRefresh.ON_TIME_RANGE_CHANGED
    )
    return variable.multi(True).include_all(True).all_value(".*")


def dashboard() -> str:
    """Return the dashboard as JSON."""
    board = Dashboard("Dateline operations").uid("dateline-operations").tags(["dateline"]).readonly()
    board.refresh("10s").time("now-1h", "now").timezone("browser").tooltip(DashboardCursorSync.CROSSHAIR)
    board.with_variable(_instances())
    numbers = iter(range(1, 1000))
    for panel in FIGURES:
        board.with_panel(_figure(panel, next(numbers)))
    for title, panels in ROWS:
        board.with_row(Row(title).id(next(numbers)))
        for panel in panels:
            board.with_panel(_graph(panel, next(numbers), span=WIDTH // min(len(panels), 4)))
    return json.dumps(board.build(), cls=JSONEncoder, indent=2) + "\n"


def main(arguments: list[str]) -> None:
    """Write the dashboard to the file named, or beside this script."""
    Path(arguments[0] if arguments else TARGET).write_text(dashboard(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
