"""Every panel of every dashboard has data on a Prometheus that scraped a real worker at work."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from streams import headers as h
from streams import samples
from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import wait_for_broker
from streams.broker.embedded import EmbeddedBroker
from tests.deploy.prometheus_server import ask, running_prometheus
from tests.integration.harness import Cluster, WorkerProcess, page

DASHBOARDS = sorted((Path(__file__).parents[2] / "deploy" / "grafana" / "dashboards").glob("*.json"))
ROUNDS, PAUSE_S = 160, 0.5
#: After so many rounds some sites send no more, and one no events.
FALL_SILENT = 5
#: A site is judged once two of its pages came a second apart; a busy worker may read early rounds at once.
SEEN_AGAIN = 20

pytestmark = pytest.mark.usefixtures("prometheus_tools")
Record = tuple[bytes | None, bytes | None, list[h.Header]]


def weather(number: int) -> Record:
    """A page of many documents that name no event, of a site that gave events before."""
    cards = "".join(
        f"<li class=teaser><a href=/w/{number}/{n}><h3>Mild weather in valley {number}-{n}</h3></a>"
        f"<p>The walk of {n} kilometres around lake {number} is open to visitors and their dogs.</p></li>"
        for n in range(40)
    )
    html = f"<html lang=en><body><section><h2>Weather</h2><ul>{cards}</ul></section></body></html>"
    headers = [("url", f"https://quiet.example/w{number}".encode()), ("content-type", b"text/html")]
    return b"quiet.example", html.encode(), headers


@pytest.fixture
async def at_work(tmp_path: Path) -> AsyncIterator[tuple[Cluster, WorkerProcess]]:
    """A worker on a broker; a site counts as silent after a second, so that one does within the test."""
    (tmp_path / "broker").mkdir()
    broker = EmbeddedBroker(tmp_path / "broker")
    settings = settings_module.load(
        brokers=broker.address, data_dir=tmp_path, compute_processes=1, web_port=0, silent_after=1.0,
        commit_interval=0.2, site_series=5, log_format="console",
    )  # fmt: skip
    worker = WorkerProcess(settings, tmp_path / "worker.log")
    try:
        await wait_for_broker(settings)
        await topics.create(settings)
        await worker.start_ready()
        yield Cluster(settings), worker
    finally:
        worker.stop()
        broker.stop()


async def feed(cluster: Cluster, number: int) -> None:
    """Send what each panel asks for: events, dead letters, what came again, sites that fall silent."""
    live = [page(f"site{n}.example", f"p{number}-{n}") for n in range(3)]
    if number < FALL_SILENT:
        live += [page("quiet.example", f"q{number}-{n}") for n in range(3)]
    if number < FALL_SILENT or number == SEEN_AGAIN:
        live += samples.load()
    await cluster.send(live)
    redriven = (b"a", b"", [("url", b"https://site0.example/e"), ("dl_attempts", b"1")])
    await cluster.send_raw([redriven, *([weather(number)] if number >= FALL_SILENT else [])])


@pytest.fixture
def past(tmp_path: Path) -> Path:
    """A folder of pages to replay."""
    folder = tmp_path / "past"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}.html").write_bytes(page("past.example", f"r{number}").body)
    return folder


async def replay(cluster: Cluster, folder: Path) -> None:
    """Replay pages into the live pipeline, a few a second, so that several scrapes see it."""
    status, _, words = await cluster.dateline("replay", folder, "--to", "live", "--rate", "10", "--yes")
    assert status == 0, words


async def test_every_panel_has_data_after_a_real_run(
    at_work: tuple[Cluster, WorkerProcess],
    past: Path,
    tmp_path: Path,
    dashboard_queries: Callable[[Path], list[str]],
) -> None:
    cluster, worker = at_work
    exprs = sorted({expr for board in DASHBOARDS for expr in dashboard_queries(board)})
    (tmp_path / "prometheus").mkdir()
    with running_prometheus(tmp_path / "prometheus", worker.web.removeprefix("http://")) as prometheus:

        async def ask_for(wanted: Iterable[str]) -> dict[str, list[float]]:
            """Return the queries that have no number, with what they gave."""
            answers = {expr: await asyncio.to_thread(ask, prometheus, expr) for expr in wanted}
            return {expr: a for expr, a in answers.items() if not a or all(map(math.isnan, a))}

        while not await asyncio.to_thread(ask, prometheus, "dateline_ready"):
            await asyncio.sleep(PAUSE_S)
        replaying = asyncio.create_task(replay(cluster, past))
        # What a panel shows of a short moment may be over when another's begins: each has its own time.
        missing: dict[str, list[float]] = {expr: [] for expr in exprs}
        for number in range(ROUNDS):
            await feed(cluster, number)
            await asyncio.sleep(PAUSE_S)
            missing = await ask_for(missing)
            if not missing:
                break
        await replaying
        assert missing == {}
        assert await asyncio.to_thread(broken_rules, prometheus) == {}


def broken_rules(prometheus: str) -> dict[str, Any]:
    """Return the rules that Prometheus could not evaluate."""
    with urlopen(f"{prometheus}/api/v1/rules", timeout=5) as answer:  # noqa: S310  (loopback)
        groups = json.load(answer)["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len(rules) > 40
    return {rule["name"]: rule.get("lastError") for rule in rules if rule["health"] not in {"ok", "unknown"}}
