"""The breaker trips at a number of dead letters that is also a share of the last records."""

from __future__ import annotations

from pathlib import Path

from streams.agents.breaker import Breaker


def trips(breaker: Breaker, fates: str) -> list[int]:
    """The places of the records at which it trips; ``x`` failed."""
    return [n for n, fate in enumerate(fates) if breaker.record(failed=fate == "x")]


def test_it_needs_the_count_however_large_the_share() -> None:
    assert trips(Breaker(count=3, share=0.5), "xx") == []
    assert trips(Breaker(count=3, share=0.5), "xxx") == [2]


def test_it_needs_the_share_however_large_the_count() -> None:
    assert trips(Breaker(count=3, share=0.5), "...." + "xxx") == []
    assert trips(Breaker(count=3, share=0.5), "..." + "xxx") == [5]


def test_a_record_that_succeeds_never_trips_it() -> None:
    breaker = Breaker(count=1, share=0.1)
    assert trips(breaker, "x") == [0]
    assert trips(breaker, "...") == []


def test_what_is_long_past_does_not_count() -> None:
    breaker = Breaker(count=10, share=0.5)
    assert trips(breaker, "x" * 9 + "." * 1000) == []
    # Nine old failures have left the window; these nine are too few.
    assert trips(breaker, "x" * 9) == []
    assert trips(Breaker(count=10, share=0.005), "x" * 9 + "." * 990 + "x") == [999]


def test_the_window_holds_the_count_also_where_it_is_large() -> None:
    assert trips(Breaker(count=1500, share=1.0), "x" * 1500) == [1499]


def test_what_fails_after_it_was_counted_as_done_is_counted_once() -> None:
    breaker = Breaker(count=3, share=0.75)
    assert trips(breaker, "x...") == []
    assert [breaker.failed_after_all() for _ in range(2)] == [False, True]


def test_after_it_tripped_a_next_life_acknowledges_no_batch_that_fails(tmp_path: Path) -> None:
    marker = tmp_path / "slot" / "parse.tripped"
    first = Breaker(count=200, share=0.5, marker=marker)
    assert trips(first, "x" * 200) == [199]
    first.tell()
    for _ in range(3):  # however often it is started again
        again = Breaker(count=200, share=0.5, marker=marker)
        assert again.on_trial
        assert trips(again, "x" * 8) == [7]
        again.tell()


def test_few_dead_letters_among_good_records_do_not_stop_a_next_life(tmp_path: Path) -> None:
    marker = tmp_path / "parse.tripped"
    Breaker(count=20, share=0.5, marker=marker).tell()
    again = Breaker(count=20, share=0.5, marker=marker)
    assert trips(again, "..x" * 20) == []
    assert (again.on_trial, marker.exists()) == (False, False)
    # From then on it takes as many as ever.
    assert trips(again, "x" * 8) == []


def test_a_breaker_that_did_not_trip_tells_nothing(tmp_path: Path) -> None:
    marker = tmp_path / "parse.tripped"
    assert trips(Breaker(count=20, share=0.5, marker=marker), "x" * 19) == []
    assert not marker.exists()
