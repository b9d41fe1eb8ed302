"""The dashboards name metrics, labels and a datasource that exist."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from streams.ops.metrics import METRICS

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
NOT_OURS = {"up", "process_resident_memory_bytes", "process_start_time_seconds"}
HISTOGRAM_SUFFIXES = ("_bucket", "_count", "_sum")


Queries = Callable[[Path], list[str]]


def metrics_in(expr: str) -> set[str]:
    bare = re.sub(r'"[^"]*"', "", expr)
    return set(re.findall(r"(?<!:)\b(?:dateline|process)_[a-z_]+|\bup\b", bare))


def labels_in(expr: str) -> set[str]:
    grouped = re.findall(r"\bby \(([^)]*)\)", expr)
    matched = re.findall(r"(\w+)\s*=~?\s*\"", expr)
    return {label.strip() for group in grouped for label in group.split(",")} | set(matched)


def unknown(expr: str) -> set[str]:
    """What a query names that the metrics do not have: metrics and labels."""
    by_name = {metric.name: metric for metric in METRICS}
    wrong, labels = set(), {"instance", "job", "le"}
    for name in metrics_in(expr) - NOT_OURS:
        stem = re.sub(f"({'|'.join(HISTOGRAM_SUFFIXES)})$", "", name)
        metric = by_name.get(name) or by_name.get(stem)
        if metric is None or (metric.type == "histogram") != (name != metric.name):
            wrong.add(name)
        else:
            labels |= set(metric.labels)
    return wrong | (labels_in(expr) - labels)


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_every_metric_and_label_in_a_dashboard_exists(dashboard: Path, dashboard_queries: Queries) -> None:
    found = dashboard_queries(dashboard)
    assert len(found) > 10
    assert {expr: wrong for expr in found if (wrong := unknown(expr))} == {}


@pytest.mark.parametrize(
    ("expr", "wrong"),
    [
        ("sum(rate(dateline_record_total[1m]))", "dateline_record_total"),
        ("dateline_stage_duration_seconds", "dateline_stage_duration_seconds"),
        ('dateline_events_total{class="trade"}', "class"),
        ("sum by (outcome, site) (dateline_records_total)", "site"),
    ],
)
def test_a_misspelled_metric_or_label_is_found(expr: str, wrong: str) -> None:
    assert unknown(expr) == {wrong}


def test_every_metric_is_on_a_dashboard(dashboard_queries: Queries) -> None:
    shown = set().union(*(metrics_in(expr) for board in DASHBOARDS for expr in dashboard_queries(board)))
    stems = {re.sub(f"({'|'.join(HISTOGRAM_SUFFIXES)})$", "", name) for name in shown}
    assert [metric.name for metric in METRICS if metric.name not in stems] == []


def test_the_dashboards_are_what_their_code_writes(tmp_path: Path) -> None:
    page = tmp_path / "dashboards.md"
    subprocess.run([sys.executable, "-m", "deploy.grafana", tmp_path, page], check=True, cwd=DEPLOY.parent)
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    written = [*DASHBOARDS, DEPLOY.parent / "docs" / "dashboards.md"]
    assert made == {path.name: path.read_text() for path in written}, "run: make generate"


def test_every_panel_says_what_it_means() -> None:
    panels = [panel for path in DASHBOARDS for panel in json.loads(path.read_text())["panels"]]
    shown = [panel for panel in panels if panel["type"] != "row"]
    assert len(shown) > 60
    assert [panel["title"] for panel in shown if not panel.get("description")] == []


def test_every_dashboard_has_its_own_address_and_title() -> None:
    boards = [json.loads(path.read_text()) for path in DASHBOARDS]
    assert len({board["uid"] for board in boards}) == len({board["title"] for board in boards}) == 4


def test_panels_do_not_overlap_and_have_their_own_ids() -> None:
    for dashboard in DASHBOARDS:
        panels = json.loads(dashboard.read_text())["panels"]
        ids = [panel["id"] for panel in panels]
        assert len(ids) == len(set(ids))
        cells = [cell for panel in panels for cell in _cells(panel["gridPos"])]
        assert len(cells) == len(set(cells))


def _cells(at: dict[str, int]) -> Iterator[tuple[int, int]]:
    yield from ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"]))


def test_the_dashboards_use_the_datasource_that_is_provisioned() -> None:
    provisioned = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yaml").read_text())
    uids = {source["uid"] for source in provisioned["datasources"] if source["type"] == "prometheus"}
    for dashboard in DASHBOARDS:
        used = set(re.findall(r'"type": "prometheus",\s*"uid": "([^"]+)"', dashboard.read_text()))
        assert used == uids
