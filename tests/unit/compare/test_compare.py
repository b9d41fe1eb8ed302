"""Which events are the same, changed, gone and added."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.compare import Options, Report, Run, compare
from streams.compare.changes import FIELDS, changed
from streams.errors import InvalidRecord
from streams.records import Actor, Event, EventDate, EventSpans, Lineage, Place, Span, Timestamp, encode

RUS, CHN = Actor(name="Russia", country="RUS"), Actor(name="China", country="CHN")


def event(number: int, **changes: object) -> Event:
    """An event whose sentence, document and id are those of its number."""
    values: dict[str, object] = {
        "event_id": f"{number:032x}",
        "document_id": f"document {number}",
        "event_class": "diplomacy",
        "type": "CONSULT",
        "source": (RUS,),
        "target": (CHN,),
        "confidence": 0.9,
        "evidence": f"Lavrov met Wang Yi on matter {number}",
        "spans": EventSpans(trigger=Span(start=7, end=10), evidence=Span(start=0, end=30)),
        "page_url": f"https://one.example/{number}",
        "site": "one.example",
        "coder_version": "1",
        "lineage": Lineage(page_id=f"page {number}"),
    }
    return Event(**(values | changes))  # type: ignore[arg-type]


def diff(a: Iterable[Event], b: Iterable[Event], options: Options | None = None) -> Report:
    with Run("a") as run_a, Run("b") as run_b:
        for run, events in ((run_a, a), (run_b, b)):
            for one in events:
                run.add(encode(one), "here")
        return compare(run_a, run_b, options or Options())


def counts(report: Report) -> tuple[int, int, int, int]:
    t = report.totals
    return t.same, t.changed, t.gone, t.added


def test_runs_that_are_alike_have_no_difference() -> None:
    events = [event(n) for n in range(5)]
    assert counts(diff(events, reversed(events))) == (5, 0, 0, 0)


def test_events_of_one_run_only_are_gone_or_added() -> None:
    report = diff([event(1), event(2)], [event(2), event(3), event(4)])
    assert counts(report) == (1, 0, 1, 2)
    assert [(e.kind, e.event_ids) for e in report.examples] == [
        ("gone", (event(1).event_id, None)),
        ("added", (None, event(3).event_id)),
        ("added", (None, event(4).event_id)),
    ]


def test_where_a_record_came_from_is_not_compared() -> None:
    other = event(
        1,
        page_url="https://two.example/",
        site="two.example",
        coder_version="2",
        lineage=Lineage(page_id="x"),
    )
    assert counts(diff([event(1)], [other])) == (1, 0, 0, 0)


def test_the_same_values_written_otherwise_are_the_same() -> None:
    with Run("a") as a, Run("b") as b:
        a.add(encode(event(1)), "here")
        b.add(encode(event(1)).replace(b'":', b'" : ').replace(b"0.9", b"0.90"), "here")
        assert counts(compare(a, b, Options())) == (1, 0, 0, 0)


def test_a_changed_field_is_named_with_what_it_was_and_is() -> None:
    place = Place(name="Beijing", country="CHN", precision="city")
    report = diff([event(1)], [event(1, place=place, confidence=0.5)])
    assert counts(report) == (0, 1, 0, 0)
    (example,) = report.examples
    assert [(c.field, c.before, c.after) for c in example.changes] == [
        ("place", "–", "Beijing (CHN, city)"),
        ("confidence", "0.9", "0.5"),
    ]
    assert {field.name: field.changed for field in report.fields} == {"place": 1, "confidence": 1}


def test_another_type_gives_another_id_and_is_still_the_same_act() -> None:
    report = diff([event(1)], [event(1, event_id="f" * 32, type="AGREE")])
    assert counts(report) == (0, 1, 0, 0)
    (field,) = report.fields
    assert (field.name, [(m.before, m.after, m.count) for m in field.moves]) == (
        "type",
        [("CONSULT", "AGREE", 1)],
    )


def test_another_act_in_the_same_sentence_is_another_event() -> None:
    spans = EventSpans(trigger=Span(start=11, end=15), evidence=Span(start=0, end=30))
    assert counts(diff([event(1)], [event(1, event_id="f" * 32, type="AGREE", spans=spans)])) == (0, 0, 1, 1)


def test_other_words_for_an_act_of_the_same_type_in_the_same_sentence_are_that_act() -> None:
    spans = EventSpans(trigger=Span(start=11, end=15), evidence=Span(start=0, end=30))
    report = diff([event(1)], [event(1, event_id="f" * 32, target=(), spans=spans)])
    assert counts(report) == (0, 1, 0, 0)
    assert {field.name for field in report.fields} == {"target", "spans"}


def test_of_several_acts_the_most_alike_are_paired() -> None:
    a = [
        event(1),
        event(1, event_id="1" * 32, type="AGREE"),
        event(1, event_id="2" * 32, event_class="trade"),
    ]
    b = [
        event(1, event_id=f"{n}x", type=x.type, event_class=x.event_class, confidence=0.5)
        for n, x in enumerate(a)
    ]
    report = diff(a, b)
    assert counts(report) == (0, 3, 0, 0)
    assert [field.name for field in report.fields] == ["confidence"]


def test_a_document_that_is_read_otherwise_is_found_by_page_and_sentence() -> None:
    spans = EventSpans(trigger=Span(start=107, end=110), evidence=Span(start=100, end=130))
    moved = event(1, event_id="f" * 32, document_id="other", spans=spans)
    report = diff([event(1)], [moved])
    assert counts(report) == (0, 1, 0, 0)
    assert [field.name for field in report.fields] == ["document_id"]
    assert counts(diff([event(1)], [moved], Options(ignore=("document_id",)))) == (1, 0, 0, 0)


@pytest.mark.parametrize("address", ["https://a.example/a\tb", "https://a.example/a\nb", "\t", ""])
def test_a_page_with_an_odd_address_is_found_again(address: str) -> None:
    before = event(1, page_url=address)
    after = event(1, page_url=address, document_id="other", event_id="f" * 32)
    assert diff([before], [after]).totals.changed == 1


def test_addresses_that_differ_in_blanks_are_two_pages() -> None:
    before = event(1, page_url="https://a.example/a\tb")
    after = event(1, page_url="https://a.example/a b", document_id="other", event_id="f" * 32)
    assert counts(diff([before], [after])) == (0, 0, 1, 1)


def test_the_same_sentence_on_another_page_is_another_event() -> None:
    other = event(1, event_id="f" * 32, document_id="other", page_url="https://two.example/")
    assert counts(diff([event(1)], [other])) == (0, 0, 1, 1)


def test_a_repeat_counts_once_and_the_last_record_stands() -> None:
    report = diff([event(1, confidence=0.1), event(1)], [event(1)] * 3)
    assert counts(report) == (1, 0, 0, 0)
    assert (report.a.records, report.a.events, report.b.records) == (2, 1, 3)


def test_one_document_on_two_sites_is_compared_where_both_runs_have_it() -> None:
    here, there = event(1), event(1, page_url="https://a.example/", site="a.example", language="en")
    assert counts(diff([here, there], [there, here])) == (1, 0, 0, 0)
    assert counts(diff([here, there], [here])) == (1, 0, 0, 0)
    assert counts(diff([here], [there])) == (0, 1, 0, 0)


def test_what_was_taken_away_is_not_there() -> None:
    with Run("a") as a, Run("b") as b:
        for run in (a, b):
            run.add(encode(event(1)), "here")
        b.remove(event(1).event_id)
        b.remove("never seen")
        assert counts(compare(a, b, Options())) == (0, 0, 1, 0)
        b.add(encode(event(1)), "here")
        assert counts(compare(a, b, Options())) == (1, 0, 0, 0)


def test_confidence_may_move_by_the_tolerance() -> None:
    for moved, expected in ((0.85, (1, 0, 0, 0)), (0.84, (0, 1, 0, 0))):
        assert counts(diff([event(1)], [event(1, confidence=moved)], Options(tolerance=0.05))) == expected


OTHERS: dict[str, object] = {
    "event_class": "trade", "type": "AGREE", "mode": "visit", "contexts": ("military",), "cameo": "042",
    "intensity": 1.0, "source": (), "target": (), "place": Place(name="X"), "modality": "future",
    "date": EventDate(start="2026-03-01", end="2026-03-01", precision="day", method="explicit"),
    "confidence": 0.1, "evidence": "else", "headline": "H", "language": "en", "document_id": "x",
    "spans": EventSpans(trigger=Span(start=0, end=1), evidence=Span(start=0, end=30)),
    "published_at": Timestamp(value=datetime(2026, 3, 1, tzinfo=UTC), precision="day", source="meta"),
}  # fmt: skip


def test_every_compared_field_is_in_the_next_test() -> None:
    assert set(OTHERS) == set(FIELDS)


@pytest.mark.parametrize("name", OTHERS)
def test_every_field_is_compared_and_can_be_ignored(name: str) -> None:
    other = event(1, **{name: OTHERS[name]})
    assert changed(event(1), other) == (name,)
    assert changed(event(1), other, ignore=(name,)) == ()
    assert FIELDS[name](event(1)) != FIELDS[name](other)


def test_groups_count_a_changed_event_where_it_was_and_is() -> None:
    report = diff([event(1)], [event(1, event_class="trade", target=(RUS,))])
    by_class = {g.name: (g.a, g.b, g.changed) for g in report.groups["class"]}
    assert by_class == {"diplomacy": (1, 0, 1), "trade": (0, 1, 1)}
    by_country = {g.name: (g.a, g.b, g.changed) for g in report.groups["country"]}
    assert by_country == {"RUS": (1, 1, 1), "CHN": (1, 0, 1)}


def test_only_the_coder_that_was_asked_for_is_compared() -> None:
    with Run("f", coder="1") as a, Run("f", coder="2") as b:
        for run in (a, b):
            for one in (event(1), event(2), event(2, coder_version="2", confidence=0.1)):
                run.add(encode(one), "here")
        assert counts(compare(a, b, Options())) == (0, 1, 1, 0)
        assert (a.versions, b.left_out) == ({"1": 2, "2": 1}, 2)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"not json", "not JSON Lines"),
        (b'{"id": 1, "text": "x"}', "a page or text to code, not an event"),
        (b'{"document_id": "x", "parts": []}', "a document, not an event"),
        (b'{"document": {}, "entities": []}', "an enriched document, not an event"),
        (b'{"url": "x", "body": "y"}', "a raw page, not an event"),
        (b'{"event_id": "x"}', "an event of another schema version"),
        (b"[1]", "not an event"),
        (b'{"event_id": "\xff"}', "not JSON Lines"),
        (b"[" * 100_000, "not JSON Lines"),
    ],
)
def test_what_is_no_event_is_named(line: bytes, words: str) -> None:
    with Run("a") as run, pytest.raises(InvalidRecord, match=f"^runs/a.jsonl:7: {words}"):
        run.add(line, "runs/a.jsonl:7")


def test_fields_of_a_later_version_are_reported() -> None:
    with Run("a") as run:
        run.add(encode(event(1))[:-1] + b',"tone": 3}', "here")
        assert run.unknown == {"tone"}


_events = st.builds(
    event,
    st.integers(0, 3),
    event_id=st.text("ab", min_size=1, max_size=2),
    type=st.sampled_from(["CONSULT", "AGREE"]),
    event_class=st.sampled_from(["trade", "military"]),
    page_url=st.sampled_from(["", "https://one.example/"]),
    document_id=st.sampled_from(["x", "y"]),
    evidence=st.sampled_from(["One", "two"]),
    confidence=st.sampled_from([0.1, 0.2]),
    spans=st.builds(
        EventSpans,
        trigger=st.builds(Span, start=st.integers(0, 1), end=st.just(3)),
        evidence=st.builds(Span, start=st.just(0), end=st.integers(3, 4)),
    ),
)  # fmt: skip


@given(st.lists(_events, max_size=12))
def test_a_run_against_itself_has_no_difference(events: list[Event]) -> None:
    report = diff(events, events)
    assert counts(report) == (len({e.event_id for e in events}), 0, 0, 0)


@given(st.lists(_events, max_size=12), st.lists(_events, max_size=12))
def test_every_event_counts_once_and_the_other_way_round_mirrors(a: list[Event], b: list[Event]) -> None:
    report, mirror = diff(a, b), diff(b, a)
    same, differing, gone, added = counts(report)
    assert same + differing + gone == report.a.events == len({e.event_id for e in a})
    assert same + differing + added == report.b.events == len({e.event_id for e in b})
    assert counts(mirror) == (same, differing, added, gone)
    for name in ("class", "type", "site"):
        assert sum(g.a for g in report.groups[name]) == report.a.events
        assert sum(g.b for g in report.groups[name]) == report.b.events
        for group in report.groups[name]:
            assert group.same + group.differing >= max(group.a, group.b)


@given(st.lists(_events, max_size=10, unique_by=lambda e: e.event_id), st.randoms(use_true_random=False))
def test_the_order_of_a_run_does_not_matter(events: list[Event], chance: random.Random) -> None:
    half = len(events) // 2
    a, b = events[half:], events[: half + 2]
    report = diff(a, b)
    chance.shuffle(a)
    chance.shuffle(b)
    assert diff(a, b) == report


def test_many_events_go_through_a_file_and_come_back() -> None:
    long = "x" * 20_000
    a = [event(n, headline=long) for n in range(600)]
    b = [event(n, headline=long, confidence=0.5 if n % 100 == 0 else 0.9) for n in range(10, 610)]
    assert counts(diff(a, b)) == (585, 5, 10, 10)
