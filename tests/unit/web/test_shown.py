"""What the page gets of an event."""

from __future__ import annotations

import dataclasses

import msgspec
import orjson
import pytest

from streams.broker.topics import schemas_dir
from streams.records import Event, Span, decode
from streams.web.shown import shown

EXAMPLES = sorted((schemas_dir() / "events" / "examples").rglob("*.json"))


def example() -> Event:
    return decode(EXAMPLES[0].read_bytes(), Event)


def test_spans_count_from_the_start_of_the_evidence() -> None:
    event = example()
    fields = orjson.loads(shown(event))
    (start, end) = fields["spans"]["trigger"][0]
    trigger, evidence = event.spans.trigger, event.spans.evidence
    assert (start, end) == (trigger.start - evidence.start, trigger.end - evidence.start)
    assert fields["evidence"][start:end]
    assert fields["id"] == event.event_id


def test_a_span_outside_the_evidence_is_left_out() -> None:
    event = example()
    spans = dataclasses.replace(event.spans, source=(Span(start=90_000, end=90_005),))
    assert "source" not in orjson.loads(shown(dataclasses.replace(event, spans=spans)))["spans"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[", "file:///etc/passwd"])
def test_only_addresses_of_the_web_are_shown(url: str) -> None:
    event = dataclasses.replace(example(), url=url, page_url=url)
    assert "url" not in orjson.loads(shown(event))


def test_a_text_without_end_is_cut() -> None:
    event = dataclasses.replace(example(), headline="x" * 10_000_000, evidence="y" * 10_000_000)
    assert len(shown(event)) < 10_000


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda f: f.stem)
def test_every_example_can_be_shown(file: object) -> None:
    data = file.read_bytes()  # type: ignore[attr-defined]
    assert msgspec.json.decode(shown(decode(data, Event)))
