"""Lag in seconds tells a backlog from an idle topic that just got a record."""

from __future__ import annotations

from streams.ops.lag import Lag, LagWatch

A, B = ("pages.raw", 0), ("documents", 1)


def test_nothing_waiting_is_no_lag() -> None:
    assert LagWatch().look({A: (5, 5), B: (0, 0)}, 100.0) == {A: Lag(0, 0.0), B: Lag(0, 0.0)}


def test_a_backlog_is_as_old_as_the_record_finished_last() -> None:
    watch = LagWatch()
    watch.look({A: (0, 1000)}, 10_000.0)
    watch.finished(A, 4_000.0)
    assert watch.look({A: (10, 1000)}, 10_002.0) == {A: Lag(990, 6_002.0)}
    watch.finished(A, 9_990.0)
    watch.finished(A, 9_000.0)
    assert watch.look({A: (900, 1000)}, 10_004.0) == {A: Lag(100, 14.0)}


def test_before_any_record_is_finished_it_counts_from_the_first_look() -> None:
    watch = LagWatch()
    assert watch.look({A: (0, 7)}, 100.0) == {A: Lag(7, 0.0)}
    assert watch.look({A: (0, 7)}, 130.0) == {A: Lag(7, 30.0)}


def test_an_idle_topic_that_gets_old_records_is_not_days_behind() -> None:
    watch = LagWatch()
    watch.finished(A, 50.0)
    watch.look({A: (7, 7)}, 90_000.0)
    assert watch.look({A: (7, 9)}, 90_002.0) == {A: Lag(2, 2.0)}
    watch.finished(A, 10.0)
    assert watch.look({A: (8, 9)}, 90_004.0) == {A: Lag(1, 4.0)}


def test_a_clock_that_runs_behind_the_brokers_gives_no_negative_lag() -> None:
    watch = LagWatch()
    watch.finished(A, 200.0)
    assert watch.look({A: (1, 2)}, 100.0) == {A: Lag(1, 0.0)}


def test_a_partition_that_went_is_forgotten() -> None:
    watch = LagWatch()
    watch.finished(A, 10.0)
    watch.look({B: (1, 1)}, 500.0)
    assert watch.look({A: (1, 2)}, 600.0) == {A: Lag(1, 0.0)}
