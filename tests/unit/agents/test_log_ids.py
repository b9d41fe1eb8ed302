"""Lines about records name the page, document and event that they are about."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import structlog
from prometheus_client import CollectorRegistry
from structlog.contextvars import merge_contextvars
from structlog.testing import LogCapture

from streams import headers as h
from streams import settings
from streams.agents import about
from streams.agents.delivery import Delivery
from streams.agents.tally import Tally
from streams.agents.traces import NoTraces
from streams.agents.work import Done, Failed, Item, Output, Result
from streams.ops.health import Health
from streams.ops.metrics import Metrics


class Producer:
    """Fails the first try of each record."""

    def __init__(self) -> None:
        self.failed: set[bytes] = set()

    async def send(self, _: str, key: bytes, *__: Any) -> Any:
        if key not in self.failed:
            self.failed.add(key)
            raise ConnectionError("away")

        async def confirmed() -> None:
            return None

        return confirmed()


async def lines_of(stage: str, topic: str, results: list[Result], headers: list[h.Header]) -> list[Any]:
    """Carry records through a stage; return what was logged."""

    async def run(*_: Any) -> list[Result]:
        return results

    one = settings.load()
    metrics = Metrics(CollectorRegistry())
    app: Any = SimpleNamespace(producer=Producer())
    pool: Any = SimpleNamespace(run=run)
    delivery = Delivery(
        stage, app=app, settings=one, pool=pool, metrics=metrics, tally=Tally(metrics, one),
        health=Health(loop_limit=9.0, batch_limit=9.0), traces=NoTraces(),
    )  # fmt: skip
    events: Any = [
        SimpleNamespace(
            message=SimpleNamespace(
                key=b"k", value=b"{}", headers=headers, topic=topic, partition=1, offset=n, timestamp=1.0
            )
        )
        for n in range(len(results))
    ]
    kept = LogCapture()
    structlog.configure(processors=[merge_contextvars, kept])
    try:
        await delivery.process(events)
    finally:
        structlog.reset_defaults()
    assert structlog.contextvars.get_contextvars() == {}
    return kept.entries


async def test_lines_of_a_page_name_it_and_its_documents() -> None:
    done = Done([Output("documents", "d1", b"{}", "t")], 0.1, 0.1, "a.example")
    lines = await lines_of("parse", "pages.raw", [done, Failed("InvalidPage", "no", "")], [])
    by_event = {line["event"]: line for line in lines if line.get("document") or "page" not in line}
    assert by_event["send error"]["page"] == "pages.raw/1/0"
    assert by_event["send error"]["document"] == "d1"
    assert by_event["send failed, trying again"]["pages"] == ["pages.raw/1/0", "pages.raw/1/1"]
    letter = next(line for line in lines if line["event"] == "dead letter")
    assert (letter["page"], letter["error"], letter["stage"]) == ("pages.raw/1/1", "InvalidPage", "parse")
    assert all(line["stage"] == "parse" and ("page" in line or "pages" in line) for line in lines)


async def test_lines_of_an_event_name_event_document_and_page() -> None:
    done = Done([Output("events.trade", "e1", b"{}", "t")], 0.1, 0.1)
    given: list[h.Header] = [(h.LINEAGE, b"pages.raw/0/5"), (h.CE_ID, b"d1")]
    lines = await lines_of("classify", "documents.enriched", [done], given)
    line = next(line for line in lines if line["event"] == "send error")
    assert (line["page"], line["document"], line["event_id"]) == ("pages.raw/0/5", "d1", "e1")


def test_a_batch_names_a_bounded_number_of_pages() -> None:
    items = [Item(b"", {}, "pages.raw", 0, n) for n in range(100)]
    pages = about.batch("parse", items)["pages"]
    assert isinstance(pages, list)
    assert len(pages) == 21
