"""A partition stands when records wait and none is committed."""

from __future__ import annotations

from faust.types import TP

from streams.agents.watch import OffsetWatch

A, B = TP("pages.raw", 0), TP("pages.raw", 1)


def test_only_a_partition_with_records_waiting_stands() -> None:
    watch = OffsetWatch()
    assert watch.look({A: (3, 5), B: (5, 5)}, 10.0) == {A: 0.0, B: 0.0}
    assert watch.look({A: (3, 9), B: (5, 5)}, 14.0) == {A: 4.0, B: 0.0}


def test_a_commit_starts_the_count_anew() -> None:
    watch = OffsetWatch()
    watch.look({A: (3, 5)}, 10.0)
    assert watch.look({A: (4, 5)}, 14.0) == {A: 0.0}
    assert watch.look({A: (4, 5)}, 15.0) == {A: 1.0}


def test_a_partition_that_went_and_came_back_starts_anew() -> None:
    watch = OffsetWatch()
    watch.look({A: (3, 5)}, 10.0)
    watch.look({}, 12.0)
    assert watch.look({A: (3, 5)}, 20.0) == {A: 0.0}
