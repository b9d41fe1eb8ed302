"""Which dead letters a command means, and which of them a redrive sends."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from streams import headers as h
from streams import settings as settings_module
from streams.broker.dead_letters import Filter, Letter, plan

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 13, tzinfo=UTC)
SETTINGS = settings_module.load()


def letter(
    offset: int,
    *,
    stage: str = "parse",
    error: str = "InvalidPage",
    site: str = "one.example",
    at: datetime = NOON,
    attempts: int = 1,
    page: str = "a",
    body: str | None = None,
    topic: str = "pages.raw",
    cut: int = 0,
    parts: str = "",
) -> Letter:
    said = h.DeadLetter(
        stage=stage, error=error, message="", traceback="", attempts=attempts, first_at="", last_at="",
        topic=topic, partition=0, offset=7, original_bytes=cut, cut=parts,
    )  # fmt: skip
    return Letter(
        partition=1, offset=offset, timestamp=int(at.timestamp() * 1000), key=b"key",
        headers=(("url", f"https://www.{site}/{page}".encode()),), size=1,
        digest=(body or page).encode(), said=said,
    )  # fmt: skip


ALL = [
    letter(0),
    letter(1, stage="enrich"),
    letter(2, error="DeadlineExceeded"),
    letter(3, site="two.example"),
    letter(4, at=LATER),
    letter(5, stage="enrich", error="DeadlineExceeded", site="two.example", at=LATER),
]


@pytest.mark.parametrize(
    ("wanted", "offsets"),
    [
        (Filter(), [0, 1, 2, 3, 4, 5]),
        (Filter(stage="enrich"), [1, 5]),
        (Filter(error="DeadlineExceeded"), [2, 5]),
        (Filter(site="two.example"), [3, 5]),
        (Filter(since=LATER), [4, 5]),
        (Filter(until=LATER), [0, 1, 2, 3]),
        (Filter(since=NOON, until=NOON), []),
        (Filter(stage="enrich", error="DeadlineExceeded"), [5]),
        (Filter(stage="parse", site="two.example"), [3]),
        (Filter(stage="parse", since=LATER), [4]),
        (Filter(error="DeadlineExceeded", until=LATER), [2]),
        (Filter(stage="enrich", error="DeadlineExceeded", site="two.example", since=LATER), [5]),
        (Filter(stage="enrich", error="DeadlineExceeded", site="one.example", since=LATER), []),
        (Filter(ids=frozenset({"1/2", "1/5", "0/1"})), [2, 5]),
        (Filter(ids=frozenset({"1/2", "1/5"}), stage="enrich"), [5]),
    ],
)
def test_every_part_of_a_filter_counts(wanted: Filter, offsets: list[int]) -> None:
    assert [one.offset for one in ALL if wanted(one)] == offsets


def test_a_letter_without_an_address_is_of_the_site_of_its_key() -> None:
    assert letter(0).site == "one.example"
    bare = dataclasses.replace(letter(0), key=b"key.example", headers=())
    assert bare.site == "key.example"


@pytest.mark.parametrize(("attempts", "sent"), [(0, 1), (1, 1), (2, 1), (3, 0), (4, 0), (10**17, 0)])
def test_a_redrive_leaves_what_has_failed_too_often(attempts: int, sent: int) -> None:
    made = plan([letter(0, attempts=attempts)], Filter(), SETTINGS, 3)
    assert len(made.send) == sent
    assert [why for _, why in made.left] == (
        [] if sent else [f"it failed {attempts} times; --max-attempts is 3"]
    )


def test_a_record_that_failed_again_is_judged_by_its_last_letter() -> None:
    # Also where the filter means only an earlier one.
    first, last, other = letter(0, attempts=1), letter(9, attempts=3, at=LATER), letter(2, page="b")
    made = plan([last, first, other], Filter(), SETTINGS, 3)
    assert [one.offset for one in made.send] == [2]
    assert {one.offset: why.split(";")[0] for one, why in made.left} == {
        9: "it failed 3 times",
        0: "a later letter holds the same record",
    }
    assert plan([last, first], Filter(until=LATER), SETTINGS, 9).send == []


def test_what_cannot_go_back_as_it_was_is_left() -> None:
    letters = [
        letter(0, cut=99, parts="value"),
        letter(1, topic="elsewhere", page="b"),
        letter(2, page="c", parts="key headers"),
    ]
    made = plan(letters, Filter(), SETTINGS, 3)
    assert made.send == []
    assert [why for _, why in made.left] == [
        "the original of 99 bytes was cut to fit",
        "it came from elsewhere, no topic of this pipeline",
        "of the original these were cut to fit: key headers",
    ]


def test_pages_for_which_a_site_gives_the_same_bytes_are_not_the_same_page() -> None:
    pages = [letter(0, page="a", body="blocked"), letter(1, page="b", body="blocked")]
    assert plan(pages, Filter(), SETTINGS, 3).send == pages
