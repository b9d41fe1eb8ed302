"""What an entry of the seen table says, and what is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.agents.seen import day_of, entry_day, entry_key, entry_value


@given(st.dates(), st.text(max_size=20))
def test_the_day_of_an_entry_is_read_back(day: date, version: str) -> None:
    assert entry_day(entry_value(day, version.encode("utf-8", "replace").decode())) == day


@pytest.mark.parametrize("value", [b"", b"v1", b"2026-13-01 v1", b"\xff" * 12, b"yesterday v1"])
def test_what_is_no_entry_has_no_day(value: bytes) -> None:
    assert entry_day(value) is None


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
