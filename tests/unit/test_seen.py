"""When a document counts as emitted, and what an entry of the seen table says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.agents.seen import entry_key
from streams.broker import topics
from streams.seen import Entry, SeenRule, day_of
from streams.settings import Settings

DAY = date(2026, 3, 4)
RULE = SeenRule(days=30, coder="0.2.0+new")


def later(days: int) -> date:
    return DAY + timedelta(days=days)


@given(st.dates(), st.text(max_size=20))
def test_an_entry_is_read_back(day: date, version: str) -> None:
    entry = Entry(day, version.encode("utf-8", "replace").decode())
    assert Entry.from_bytes(entry.to_bytes()) == entry


@pytest.mark.parametrize("value", [b"", b"v1", b"2026-13-01 v1", b"\xff" * 12, b"yesterday v1"])
def test_what_is_no_entry_is_none(value: bytes) -> None:
    assert Entry.from_bytes(value) is None


@pytest.mark.parametrize(
    ("timestamp", "day"),
    [
        (0.0, date(1970, 1, 1)),
        (1_772_582_399.999, date(2026, 3, 3)),
        (1_772_582_400.0, date(2026, 3, 4)),
        (-0.001, date(1969, 12, 31)),
        (1e18, date(1970, 1, 1)),
        (float("nan"), date(1970, 1, 1)),
        (float("inf"), date(1970, 1, 1)),
    ],
)
def test_the_day_is_that_in_utc_and_an_absurd_one_the_epoch(timestamp: float, day: date) -> None:
    assert day_of(timestamp) == day


def test_a_key_is_of_one_site() -> None:
    assert entry_key("a.example", "d1") == b"a.example|d1"
    assert entry_key("a.example", "d1") != entry_key("b.example", "d1")
    assert entry_key("\udcff", "d1") == b"\\udcff|d1"


@pytest.mark.parametrize("coder", ["0.1.0+old", RULE.coder])
@pytest.mark.parametrize(("days", "seen"), [(-31, False), (-30, True), (0, True), (30, True), (31, False)])
def test_a_page_as_it_comes_asks_only_for_the_day(days: int, coder: str, *, seen: bool) -> None:
    assert RULE.is_seen(Entry(DAY, coder), later(days), replayed=False) is seen


@pytest.mark.parametrize(
    ("coder", "days", "seen"),
    [
        ("0.1.0+old", 0, False),
        (RULE.coder, 0, True),
        (RULE.coder, 30, True),
        (RULE.coder, 31, False),
        (RULE.coder, -400, True),  # a page of last year, in a table that knows today
    ],
)
def test_a_replayed_page_asks_for_the_coder_too(coder: str, days: int, *, seen: bool) -> None:
    assert RULE.is_seen(Entry(DAY, coder), later(days), replayed=True) is seen


@pytest.mark.parametrize("replayed", [False, True])
def test_what_is_not_remembered_is_not_seen(*, replayed: bool) -> None:
    assert not RULE.is_seen(None, DAY, replayed=replayed)


@pytest.mark.parametrize(
    ("entry", "days", "emitted", "written"),
    [
        (None, 0, True, Entry(DAY, RULE.coder)),
        (Entry(DAY, RULE.coder), 1, True, None),
        (Entry(DAY, RULE.coder), 6, False, None),
        (Entry(DAY, RULE.coder), 7, False, Entry(later(7), RULE.coder)),
        # Shown again, not emitted for the new coder: a replay must still do so.
        (Entry(DAY, "0.1.0+old"), 7, False, Entry(later(7), "0.1.0+old")),
        (Entry(DAY, "0.1.0+old"), 0, True, Entry(DAY, RULE.coder)),
        # A replay of the past does not make the table forget that it was seen today.
        (Entry(DAY, "0.1.0+old"), -400, True, Entry(DAY, RULE.coder)),
        (Entry(DAY, RULE.coder), -400, False, None),
    ],
)
def test_what_is_written(entry: Entry | None, days: int, written: Entry | None, *, emitted: bool) -> None:
    assert RULE.renewed(entry, later(days), emitted=emitted) == written


def test_the_changelog_keeps_an_entry_for_as_long_as_it_counts() -> None:
    (most,) = (bound.le for bound in Settings.model_fields["seen_days"].metadata if hasattr(bound, "le"))
    rule, entry = SeenRule(days=most, coder=RULE.coder), Entry(DAY, RULE.coder)
    kept = topics.load().topics["seen"].retention_days
    last = max(n for n in range(1000) if rule.is_seen(entry, later(n), replayed=False))
    renewed = min(n for n in range(1000) if rule.renewed(entry, later(n), emitted=False))
    # Written as its day begins, asked for as its last day ends.
    assert renewed < last + 1 == kept
