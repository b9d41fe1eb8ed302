"""A real Prometheus takes our configuration, scrapes our metrics and answers the dashboards' queries."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    start_http_server,
)

from streams.ops.metrics import METRICS, Metrics
from tests.deploy.prometheus_server import CONFIG, RefusedError, ask, running_prometheus, wait_for

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
pytestmark = pytest.mark.usefixtures("prometheus_tools")


def use(metrics: Metrics) -> None:
    """Move every series of every metric, as a worker would."""
    labels = {metric.name: metric.labels for metric in METRICS}
    for metric in vars(metrics).values():
        if not isinstance(metric, Counter | Gauge | Histogram):
            continue
        name = metric._name + ("_total" if isinstance(metric, Counter) else "")
        for values in product(*labels[name].values()):
            series = metric.labels(*values) if values else metric
            series.observe(0.2) if isinstance(series, Histogram) else series.inc()


@pytest.fixture(scope="module")
def metrics() -> Iterator[tuple[Metrics, str]]:
    """Metrics that are served, and where."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    made = Metrics(registry)
    made.build_info.info({"version": "1.0.0", "coder_version": "c1"})
    server, thread = start_http_server(0, addr="127.0.0.1", registry=registry)
    yield made, f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def prometheus(metrics: tuple[Metrics, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that runs our configuration on one worker, scraped more often."""
    with running_prometheus(tmp_path_factory.mktemp("prometheus"), metrics[1]) as address:
        yield address


def test_every_query_of_the_dashboards_has_an_answer(
    prometheus: str, metrics: tuple[Metrics, str], dashboard_queries: Callable[[Path], list[str]]
) -> None:
    exprs = [expr for board in DASHBOARDS for expr in dashboard_queries(board)]
    assert len(exprs) > 10

    def unanswered() -> dict[str, list[float]]:
        use(metrics[0])
        answers = {expr: ask(prometheus, expr) for expr in exprs}
        return {expr: a for expr, a in answers.items() if not a or any(map(math.isnan, a))}

    assert wait_for(unanswered) == {}


def test_every_metric_is_scraped_by_its_name(prometheus: str, metrics: tuple[Metrics, str]) -> None:
    use(metrics[0])
    names = {m.name: f"{m.name}_bucket" if m.type == "histogram" else m.name for m in METRICS}
    assert wait_for(lambda: {n: [] for n, series in names.items() if not ask(prometheus, series)}) == {}


def test_a_query_that_is_no_promql_is_refused(prometheus: str) -> None:
    assert wait_for(lambda: {} if ask(prometheus, "up") else {"up": []}) == {}
    with pytest.raises(RefusedError, match="400"):
        ask(prometheus, "sum by (stage dateline_records_total")


def test_the_configuration_is_valid() -> None:
    done = subprocess.run(
        ["promtool", "check", "config", CONFIG], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_exposition_passes_the_linter(metrics: tuple[Metrics, str]) -> None:
    with urlopen(f"http://{metrics[1]}/metrics", timeout=5) as answer:
        text = answer.read()
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    said = done.stdout.decode() + done.stderr.decode()
    assert [line for line in said.splitlines() if line.startswith("dateline_")] == []
