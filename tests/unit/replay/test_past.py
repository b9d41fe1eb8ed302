"""Which pages are meant, and what the copy of a page carries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from streams import headers as h
from streams.archive.record import Archived
from streams.replay.past import Past, Selection

AT = 1_772_611_200_000
MOMENT = datetime.fromtimestamp(AT / 1000, UTC)
HEADERS: tuple[tuple[str, bytes | None], ...] = (("url", b"https://www.press.example/1"), ("odd", None))


def past(*more: tuple[str, bytes | None], partition: int = 3, offset: int = 17) -> Past:
    record = Archived(
        topic="live.pages.raw", partition=partition, offset=offset, timestamp=AT, key=b"press.example",
        headers=(*HEADERS, *more), value=b"<p>",
    )  # fmt: skip
    return Past.of(record, "here")


def test_a_copy_carries_the_page_and_whose_copy_it_is() -> None:
    page = past(("traceparent", b"old"), (h.REPLAY, b"r0"), (h.LINEAGE, b"x/0/0"))
    assert page.is_copy
    assert page.marked("r1") == [
        *HEADERS,
        (h.REPLAY, b"r1"),
        (h.LINEAGE, b"live.pages.raw/3/17"),
        (h.PAGE_TIME, str(AT).encode()),
    ]
    assert page.record_key == b"press.example"


@pytest.mark.parametrize(
    ("selection", "left_out"),
    [
        (Selection(), ""),
        (Selection(since=MOMENT), ""),
        (Selection(until=MOMENT), "outside the time range"),
        (Selection(sites=frozenset({"press.example"})), ""),
        (Selection(sites=frozenset({"other.example"})), "other sites"),
        (Selection(partitions=frozenset({3})), ""),
        (Selection(partitions=frozenset({2})), "other partitions or offsets"),
        (Selection(offsets={3: (17, 18)}), ""),
        (Selection(offsets={3: (18, 19)}), "other partitions or offsets"),
        (Selection(offsets={2: (17, 18)}), "other partitions or offsets"),
        (Selection(pages=frozenset({"live.pages.raw/3/17"})), ""),
        (Selection(pages=frozenset({"live.pages.raw/3/18"})), "other pages"),
    ],
)
def test_which_pages_are_meant(selection: Selection, left_out: str) -> None:
    assert selection.left_out(past()) == left_out


def test_copies_are_meant_only_when_asked_for() -> None:
    copy = past((h.REPLAY, b"r0"))
    assert Selection().left_out(copy) == "copies of earlier replays"
    assert Selection(copies=True).left_out(copy) == ""


@pytest.mark.parametrize(
    ("since", "until", "held"), [(0, 10, True), (11, None, False), (10, None, True), (None, 5, False)]
)
def test_what_cannot_hold_a_page_of_the_range_is_not_read(
    since: int | None, until: int | None, *, held: bool
) -> None:
    def moment(seconds: int | None) -> datetime | None:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    assert Selection(since=moment(since), until=moment(until)).may_hold(5_000, 10_000) is held


def test_a_selection_is_said_in_words() -> None:
    selection = Selection(since=MOMENT, sites=frozenset({"b", "a"}), offsets={3: (1, 2)})
    assert selection.words() == {"since": "2026-03-04T08:00:00.000Z", "sites": "a b", "offsets": "3:1-2"}
