"""A stage on one record: its outputs, or why there can never be any."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime

import orjson
import pytest

from streams.agents import tasks
from streams.agents.tasks import read_page, run_chunk, run_one
from streams.agents.work import Done, Failed, Item, Output
from streams.corrections import NONE, Corrections
from streams.errors import InvalidPage, InvalidRecord
from streams.parse import Limits
from streams.records import Document, EnrichedDocument, decode

LIMITS = Limits()
HTML = (
    "<html lang=en><body><main><article><h1>Lavrov and Wang Yi hold talks in Beijing</h1><p>"
    + "Russian Foreign Minister Sergey Lavrov met Chinese Foreign Minister Wang Yi for talks in Beijing. " * 3
    + "</p></article></main></body></html>"
).encode()
KNOWN = {"url": b"https://a.example/one", "content-type": b"text/html; charset=utf-8"}


def item(value: bytes, headers: dict[str, bytes] | None = None) -> Item:
    return Item(value, headers or {}, "pages.raw", 3, 17)


def test_bytes_with_headers_are_a_page_with_its_lineage() -> None:
    headers = KNOWN | {"fetched-at": b"2026-03-04T10:00:00+02:00", "publisher": b"Harbour Post"}
    page = read_page(item(b"\xff", headers))
    assert (page.url, page.body, page.content_type) == (
        "https://a.example/one",
        b"\xff",
        "text/html; charset=utf-8",
    )
    assert page.fetched_at == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert page.publisher == "Harbour Post"
    assert (page.lineage.topic, page.lineage.partition, page.lineage.offset) == ("pages.raw", 3, 17)
    assert page.lineage.page_id


@pytest.mark.parametrize(
    ("marks", "place"),
    [
        ({"dateline_lineage": b"old.pages.raw/1/7"}, ("pages.raw", 3, 17)),  # anybody may write it
        ({"dateline_lineage": b"old.pages.raw/1/7", "dateline_replay": b"r1"}, ("old.pages.raw", 1, 7)),
        ({"dateline_lineage": b"nowhere", "dateline_replay": b"r1"}, ("pages.raw", 3, 17)),
        ({"dateline_replay": b"r1"}, ("pages.raw", 3, 17)),
    ],
)
def test_a_replayed_page_is_the_page_it_copies(marks: dict[str, bytes], place: tuple[str, int, int]) -> None:
    given = item(b"<p>Hello", {"url": b"https://press.example/1", **marks})
    assert given[2:] == ("pages.raw", 3, 17)
    lineage = read_page(given).lineage
    assert (lineage.topic, lineage.partition, lineage.offset) == place


def test_a_json_record_is_the_same_page() -> None:
    record = orjson.dumps(
        {"url": "https://a.example/one", "body": HTML.decode(), "content_type": "text/html"}
    )
    assert read_page(item(b"\n " + record)) == read_page(item(HTML, KNOWN))


def test_what_the_headers_leave_out_has_a_default() -> None:
    page = read_page(item(b"x", {"url": b"https://a.example/", "fetched-at": b"2026-03-04T08:00:00"}))
    assert page.content_type == "text/html"
    assert page.fetched_at == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert read_page(item(b"x", {"url": b"https://a.example/"})).fetched_at is None


BAD = {
    "empty": (item(b"", KNOWN), InvalidPage),
    "neither": (item(HTML), InvalidRecord),
    "cut JSON": (item(b'{"url": "https://a.example/"'), InvalidRecord),
    "no url": (item(b'{"body": "x"}'), InvalidRecord),
    "empty url": (item(b'{"url": "", "body": "x"}'), InvalidRecord),
    "base64": (item(b'{"url": "https://a.example/", "encoding": "base64", "body": "?"}'), InvalidRecord),
    "time": (item(b"x", KNOWN | {"fetched-at": b"yesterday"}), InvalidRecord),
}


@pytest.mark.parametrize(("bad", "error"), BAD.values(), ids=BAD)
def test_what_is_no_page_fails_with_the_name_of_its_error(bad: Item, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        read_page(bad)
    assert run_one("parse", bad, LIMITS) == Failed(error.__name__, str(raised.value), "")
    assert str(raised.value)


@pytest.mark.parametrize("stage", ["enrich", "classify"])
@pytest.mark.parametrize("value", [b"", b"{", b"[]", b"{}", b'{"document_id": 3}', b"\xff"])
def test_a_stage_refuses_what_is_not_its_record(stage: str, value: bytes) -> None:
    result = run_one(stage, item(value), LIMITS)
    assert isinstance(result, Failed)
    assert (result.error, result.traceback) == ("InvalidRecord", "")
    assert result.message


def test_a_page_above_the_limit_fails() -> None:
    result = run_one("parse", item(HTML, KNOWN), Limits(max_bytes=100))
    assert isinstance(result, Failed)
    assert result.error == "InvalidPage"


def test_a_page_passes_through_all_stages() -> None:
    parsed = run_one("parse", item(HTML, KNOWN), LIMITS)
    assert isinstance(parsed, Done)
    (output,) = parsed.outputs
    assert (output.topic, output.kind, output.site) == ("documents", "article", "a.example")
    assert decode(output.value, Document).document_id == output.key
    enriched = run_one("enrich", item(output.value), LIMITS)
    assert isinstance(enriched, Done)
    (second,) = enriched.outputs
    assert (second.topic, second.key) == ("documents.enriched", output.key)
    coded = run_one("classify", item(second.value), LIMITS)
    assert isinstance(coded, Done)
    assert [event.topic for event in coded.outputs] == ["events.diplomacy"] * len(coded.outputs) != []


def _raises(error: BaseException) -> Callable[[Item, Limits, Corrections], list[Output]]:
    def task(_: Item, __: Limits, ___: Corrections) -> list[Output]:
        raise error

    return task


def test_an_error_nobody_thought_of_becomes_a_failure_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(tasks.TASKS, "parse", _raises(ZeroDivisionError("by none")))
    result = run_one("parse", item(HTML, KNOWN), LIMITS)
    assert isinstance(result, Failed)
    assert (result.error, result.message) == ("Unexpected", "ZeroDivisionError: by none")
    assert "in task" in result.traceback


def test_memory_that_ran_out_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks.TASKS, "parse", _raises(MemoryError()))
    result = run_one("parse", item(HTML, KNOWN), LIMITS)
    assert isinstance(result, Failed)
    assert result.error == "ComputeCrashed"


def test_a_bad_record_of_a_chunk_leaves_the_others_alone() -> None:
    results = run_chunk("parse", [item(HTML, KNOWN), item(b"", KNOWN), item(HTML, KNOWN)], LIMITS)
    assert [type(result) for result in results] == [Done, Failed, Done]


@pytest.mark.parametrize(("stage", "kind"), [("enrich", Document), ("classify", EnrichedDocument)])
def test_a_record_of_an_older_or_a_newer_schema_is_read(
    stage: str, kind: type[Document | EnrichedDocument]
) -> None:
    (made,) = (o for o in tasks.parse_task(item(HTML, KNOWN), LIMITS, NONE).outputs if o.kind == "article")
    if stage == "classify":
        (made,) = tasks.enrich_task(item(made.value), LIMITS, NONE).outputs
    given = orjson.loads(made.value)
    # Older: what has a default did not exist yet. Newer: a field that nobody knows here.
    needed = {field.name for field in dataclasses.fields(kind) if field.default is dataclasses.MISSING}
    older = {name: value for name, value in given.items() if name in needed}
    for record in (older, given | {"added_later": {"x": [1]}}, older | {"added_later": None}):
        result = run_one(stage, item(orjson.dumps(record)), LIMITS)
        assert isinstance(result, Done), result


def test_a_record_of_a_damaged_batch_is_a_dead_letter_at_every_stage() -> None:
    for stage in tasks.TASKS:
        result = run_one(stage, item(HTML, KNOWN | {"dateline_damaged": b"its checksum"}), LIMITS)
        assert isinstance(result, Failed)
        assert (result.error, result.message) == ("InvalidRecord", "its checksum")
