"""What a broker refuses as too large: one dead letter for its record, and nothing of it counts as seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from aiokafka.errors import MessageSizeTooLargeError
from prometheus_client import CollectorRegistry

from streams import headers as h
from streams import settings
from streams.agents import delivery as delivery_module
from streams.agents.delivery import EXIT_BREAKER, Delivery
from streams.agents.parse import parse_batch
from streams.agents.tally import Tally
from streams.agents.traces import NoTraces
from streams.agents.work import Done, Item, Output, Result
from streams.ops.health import Health
from streams.ops.metrics import Metrics

LARGE = b"x" * 100


class Broker:
    """Takes what is at most as large as ``most``."""

    def __init__(self) -> None:
        self.most = len(LARGE) - 1
        self.stands: list[tuple[str, bytes, list[h.Header]]] = []

    async def send(self, topic: str, key: bytes, value: bytes, *rest: Any) -> Any:
        async def confirmed() -> None:
            if topic == "documents" and len(value) > self.most:
                raise MessageSizeTooLargeError
            self.stands.append((topic, key, rest[-1]))

        return confirmed()

    def keys(self, topic: str) -> list[bytes]:
        return [key for name, key, _ in self.stands if name == topic]


class Seen:
    """A seen table in memory."""

    def __init__(self) -> None:
        self.keys: set[bytes] = set()

    def is_seen(self, _: Any, key: bytes) -> bool:
        return key in self.keys

    def remember(self, _: Any, keys: Iterator[bytes], __: Any) -> None:
        self.keys |= set(keys)


def document(name: str, value: bytes = b"{}") -> Output:
    return Output("documents", name, value, "t", kind="teaser", site="a.example")


class Parsing:
    """The parse stage over pages that are given as the documents on them."""

    def __init__(self, **given: object) -> None:
        self.broker, self.seen = Broker(), Seen()
        self.metrics, one = Metrics(CollectorRegistry()), settings.load(**given)
        self._pages: list[list[Output]] = []
        app: Any = SimpleNamespace(producer=self.broker)
        pool: Any = SimpleNamespace(run=self._run)
        self.delivery = Delivery(
            "parse", app=app, settings=one, pool=pool, metrics=self.metrics,
            tally=Tally(self.metrics, one), health=Health(loop_limit=9.0, batch_limit=9.0), traces=NoTraces(),
        )  # fmt: skip

    async def _run(self, _: str, items: list[Item]) -> list[Result]:
        return [Done(self._pages[item.offset], 0.1, 0.1, "a.example") for item in items]

    async def take(self, *pages: list[Output]) -> None:
        offset = len(self._pages)
        self._pages += pages
        events: Any = [
            SimpleNamespace(
                message=SimpleNamespace(
                    key=b"page", value=b"page", headers=[], topic="pages.raw", partition=0, offset=n,
                    timestamp=1.0,
                )
            )
            for n in range(offset, len(self._pages))
        ]  # fmt: skip
        await parse_batch(events, self.delivery, self.seen)  # type: ignore[arg-type]  # as much as it needs

    def letters(self) -> list[int]:
        """Offsets of the pages that became dead letters."""
        return sorted(
            h.DeadLetter.from_headers(headers).offset
            for topic, _, headers in self.broker.stands
            if topic == "dead-letters"
        )


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "_FIRST_WAIT", 0.0)


async def test_a_page_is_one_dead_letter_however_much_of_it_is_too_large() -> None:
    parsing = Parsing()
    await parsing.take([document("a", LARGE), document("b"), document("c", LARGE)])
    assert parsing.letters() == [0]
    assert parsing.broker.keys("documents") == [b"b"]
    assert parsing.metrics.dead_letters.labels("parse", "InvalidRecord")._value.get() == 1
    assert parsing.metrics.records.labels("parse", "dead_letter")._value.get() == 1


async def test_it_is_not_seen_and_comes_through_when_the_topic_takes_it() -> None:
    parsing = Parsing()
    await parsing.take([document("a", LARGE)])
    await parsing.take([document("a", LARGE)])
    assert parsing.letters() == [0, 1], "nobody has seen it"
    parsing.broker.most = len(LARGE)
    await parsing.take([document("a", LARGE)])
    assert (parsing.broker.keys("documents"), parsing.letters()) == ([b"a"], [0, 1])
    await parsing.take([document("a", LARGE)])
    assert parsing.broker.keys("documents") == [b"a"]


async def test_a_page_beside_it_with_the_same_document_becomes_a_dead_letter_too() -> None:
    parsing = Parsing()
    shared, other = document("shared", LARGE), document("other")
    await parsing.take([shared, other], [shared, document("own")], [document("own"), other], [document("z")])
    assert parsing.letters() == [0, 1]
    # What was sent with a page that became a dead letter may be sent again, under the same id.
    assert set(parsing.broker.keys("documents")) == {b"other", b"own", b"z"}
    assert parsing.seen.keys == {b"a.example|other", b"a.example|own", b"a.example|z"}


async def test_the_breaker_counts_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def leave(status: int) -> NoReturn:
        raise SystemExit(status)

    monkeypatch.setattr(delivery_module, "exit_now", leave)
    parsing = Parsing(dead_letter_count=3, dead_letter_share=1.0, data_dir=tmp_path)
    for name in "ab":
        await parsing.take([document(name, LARGE)])
    with pytest.raises(SystemExit, match=str(EXIT_BREAKER)):
        await parsing.take([document("c", LARGE)])
    assert parsing.letters() == [0, 1]
    # The next life of this worker knows of it.
    assert Parsing(data_dir=tmp_path).delivery._breaker.on_trial
    assert not Parsing(data_dir=tmp_path / "other").delivery._breaker.on_trial
