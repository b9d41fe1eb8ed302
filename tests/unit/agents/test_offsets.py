"""A partition has records waiting, or it only looks so: offsets are not always records."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from streams.agents.offsets import Known, Offsets

A, B = TP("pages.raw", 0), TP("pages.raw", 1)


def reached(
    *, first: int = 0, end: int, committed: int | None, taken: int | None, next_fetch: int | None
) -> int:
    known = Known(first=first, end=end, committed=committed, taken=taken, next_fetch=next_fetch)
    return known.reached()


def test_a_record_waits_until_it_is_committed() -> None:
    assert reached(end=9, committed=5, taken=4, next_fetch=5) == 5, "not fetched"
    assert reached(end=9, committed=5, taken=8, next_fetch=9) == 5, "in hand"
    assert reached(end=9, committed=9, taken=8, next_fetch=9) == 9
    assert reached(end=9, committed=None, taken=8, next_fetch=9) == 0
    assert reached(end=9, committed=5, taken=None, next_fetch=None) == 5, "it is not known where to fetch"


def test_the_marks_of_transactions_do_not_wait() -> None:
    assert reached(end=10, committed=9, taken=8, next_fetch=10) == 10
    assert reached(end=10, committed=9, taken=None, next_fetch=10) == 10, "after a restart"
    assert reached(end=10, committed=9, taken=None, next_fetch=9) == 9, "it may be a record"


def test_what_retention_took_away_does_not_wait() -> None:
    assert reached(first=1000, end=1000, committed=None, taken=None, next_fetch=1000) == 1000
    assert reached(first=1000, end=1000, committed=7, taken=None, next_fetch=1000) == 1000
    assert reached(first=1000, end=1003, committed=None, taken=1002, next_fetch=1003) == 1000


def test_a_log_that_lost_its_end_is_not_behind() -> None:
    assert reached(end=5, committed=9, taken=8, next_fetch=None) == 5


def consumer(*, asked: dict[TP, tuple[int, int]], fetched_end: int | None) -> Any:
    async def bounds(tps: list[TP]) -> dict[TP, tuple[int, int]]:
        return {tp: asked[tp] for tp in tps}

    return SimpleNamespace(
        assignment=lambda: {A, B, TP("seen", 0)},
        highwater=lambda _: fetched_end,
        _committed_offset={A: 3, B: None},
        _thread=SimpleNamespace(bounds=bounds, taken={A: 2}, next_fetch={A: 3, B: 0}.get),
    )


@pytest.mark.parametrize(("fetched_end", "end"), [(None, 5), (3, 5), (7, 7)])
async def test_the_end_is_the_later_one_of_what_was_asked_and_fetched(
    fetched_end: int | None, end: int
) -> None:
    app: Any = SimpleNamespace(consumer=consumer(asked={A: (0, 5), B: (0, 5)}, fetched_end=fetched_end))
    offsets = Offsets(app, {"pages.raw"})
    assert offsets.now() == {}
    asking = asyncio.create_task(offsets.ask())
    while not offsets.now():
        await asyncio.sleep(0)
    asking.cancel()
    assert offsets.now() == {A: (3, end), B: (0, end)}
