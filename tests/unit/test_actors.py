"""What a document teaches of persons, and how it is counted: once, whatever is delivered again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.actors import Entry, Learned, Sighting, noted, offices, sightings, together
from streams.enrich import enrich
from streams.records import Timestamp
from tests.unit.test_corrections import document

MOYO = Sighting("Tendai Moyo", "ZWE", "GOV", "")
DAY = date(2026, 3, 4)


def told(headline: str) -> list[tuple[str, str, str]]:
    return [one[:3] for one in sightings(enrich(document(headline)))]


@pytest.mark.parametrize(
    "headline",
    [
        "Zimbabwean Foreign Minister Tendai Moyo arrives in Lima",
        "Tendai Moyo, Zimbabwe's foreign minister, arrives in Lima",
        "In Lima Zimbabwean Foreign Minister Tendai Moyo met Zimbabwean Foreign Minister Tendai Moyo",
    ],
)
def test_a_full_name_with_a_state_and_an_office_teaches_once(headline: str) -> None:
    assert told(headline) == [("Tendai Moyo", "ZWE", "GOV")]


@pytest.mark.parametrize(
    "headline",
    [
        "Former Zimbabwean Foreign Minister Tendai Moyo arrives in Lima",
        "Tendai Moyo, Zimbabwe's former foreign minister, arrives in Lima",
        "Zimbabwean President Moyo arrives in Lima",
        "Foreign Minister Tendai Moyo arrives in Lima",
        "Russian President Vladimir Putin arrives in Lima",
        "Tendai Moyo arrives in Lima",
    ],
)
def test_what_is_over_half_told_or_known_teaches_nothing(headline: str) -> None:
    assert told(headline) == []


def test_the_day_is_the_documents_own() -> None:
    published = Timestamp(value=datetime(2019, 5, 6, tzinfo=UTC), precision="day", source="given")
    (one,) = sightings(enrich(document("Zimbabwean President Tendai Moyo arrives in Lima", published)))
    assert one.day == "2019-05-06"


def test_a_sighting_is_counted_once_for_each_document() -> None:
    first = noted(None, MOYO, DAY, 7)
    assert first == Entry("Tendai Moyo", "ZWE", "GOV", 1, "2026-03-04", "2026-03-04", 7)
    assert noted(first, MOYO, DAY, 7) == first
    assert noted(first, MOYO, DAY, 3) == first
    later = noted(first, MOYO._replace(day="2026-04-01"), DAY, 9)
    assert later == Entry("Tendai Moyo", "ZWE", "GOV", 2, "2026-03-04", "2026-04-01", 9)
    earlier = noted(later, MOYO._replace(day="2020-01-01"), DAY, 10)
    assert (earlier.first, earlier.last) == ("2020-01-01", "2026-04-01")


@given(st.lists(st.integers(0, 30), max_size=40))
def test_delivery_again_changes_no_count(offsets: list[int]) -> None:
    """Whatever prefix of the log is delivered again, the count is that of its documents."""
    entry: Entry | None = None
    reached = -1
    for offset in offsets:
        # A log is delivered in order, after a crash from some offset before.
        for at in range(min(offset, reached + 1), reached + 2):
            entry = noted(entry, MOYO, DAY, at)
            reached = max(reached, at)
    assert (entry.documents if entry else 0) == reached + 1


@given(st.text(max_size=20), st.integers(0, 2**60))
def test_an_entry_is_read_back(name: str, offset: int) -> None:
    entry = Entry(
        name.encode("utf-8", "replace").decode(), "ZWE", "GOV", 1, "2026-03-04", "2026-03-04", offset
    )
    assert Entry.from_bytes(entry.to_bytes()) == entry


@pytest.mark.parametrize("value", [b"", b"{}", b"\xff", b'{"name": 1}', b"2026-03-04 1"])
def test_what_is_no_entry_is_none(value: bytes) -> None:
    assert Entry.from_bytes(value) is None


def test_entries_of_partitions_are_added_up_and_a_change_of_office_shows() -> None:
    found = together([
        Entry("Tendai Moyo", "ZWE", "GOV", 3, "2024-01-01", "2024-06-01", 5),
        Entry("Tendai Moyo", "ZWE", "GOV", 2, "2023-12-01", "2024-03-01", 900),
        Entry("Tendai Moyo", "UNO", "IGO", 1, "2026-01-01", "2026-01-01", 1),
        Entry("Ann Example", "USA", "MIL", 9, "2026-01-01", "2026-01-02", 2),
    ])  # fmt: skip
    assert [(one.name, one.country, one.documents) for one in found] == [
        ("Ann Example", "USA", 9),
        ("Tendai Moyo", "UNO", 1),
        ("Tendai Moyo", "ZWE", 5),
    ]
    assert found[-1] == Learned(
        name="Tendai Moyo", country="ZWE", role="GOV", documents=5, first="2023-12-01", last="2024-06-01"
    )
    assert [len(group) for group in offices(found)] == [1, 2]
