"""Silent and eventless sites, and the bound on how many sites have series of their own."""

from __future__ import annotations

import pytest

from streams.ops.sites import EventlessSites, OwnSeries, SilentSites

HOUR = 3600.0


def visit(sites: SilentSites, site: str, *times: float, partition: int = 0) -> None:
    for at in times:
        sites.page(partition, site, at * HOUR)


def test_a_site_whose_pages_stopped_is_silent_until_its_next_page() -> None:
    sites = SilentSites(after=6 * HOUR)
    visit(sites, "a.example", *range(13))
    assert sites.silent(17.9 * HOUR) == []
    assert sites.silent(19 * HOUR) == [("a.example", 7 * HOUR)]
    visit(sites, "a.example", 19)
    assert sites.silent(20 * HOUR) == []


def test_a_site_that_is_visited_rarely_has_longer() -> None:
    sites = SilentSites(after=6 * HOUR)
    visit(sites, "daily.example", 0, 10, 20)
    assert sites.silent(49 * HOUR) == []
    assert sites.silent(51 * HOUR) == [("daily.example", 31 * HOUR)]


def test_a_long_gap_counts_for_two_days_only() -> None:
    sites = SilentSites(after=6 * HOUR)
    visit(sites, "a.example", 0, 20, *range(24, 24 * 4))
    assert [name for name, _ in sites.silent((24 * 4 + 6) * HOUR)] == ["a.example"]


def test_one_visit_makes_no_alarm() -> None:
    sites = SilentSites(after=6 * HOUR)
    visit(sites, "once.example", 0, 0.1, 0.2)
    assert sites.silent(1000 * HOUR) == []


def test_the_sites_with_the_most_pages_come_first() -> None:
    sites = SilentSites(after=1 * HOUR)
    visit(sites, "small.example", 0, 1, 2)
    visit(sites, "large.example", *(n / 10 for n in range(21)))
    assert [name for name, _ in sites.silent(9 * HOUR)] == ["large.example", "small.example"]


def test_sites_of_another_workers_partitions_are_forgotten() -> None:
    sites = SilentSites(after=1 * HOUR)
    visit(sites, "mine.example", 0, 1, 2, partition=0)
    visit(sites, "gone.example", 0, 1, 2, partition=1)
    sites.keep({0, 2})
    assert [name for name, _ in sites.silent(20 * HOUR)] == ["mine.example"]


def test_what_is_known_is_bounded_and_the_quietest_goes_first() -> None:
    sites = SilentSites(after=1 * HOUR, limit=3)
    for n in range(9):
        visit(sites, f"{n}.example", n, n + 5)
    assert len(sites) == 3
    assert {name for name, _ in sites.silent(100 * HOUR)} == {"6.example", "7.example", "8.example"}


def feed(sites: EventlessSites, site: str, pattern: str) -> None:
    """``e``: a document with events, ``.``: one without."""
    for mark in pattern:
        sites.document(site, has_event=mark == "e")


def test_a_site_that_suddenly_gives_no_events_is_found() -> None:
    sites = EventlessSites()
    feed(sites, "a.example", "e." * 10)
    feed(sites, "a.example", "." * 48)
    assert sites.eventless() == []
    feed(sites, "a.example", ".")
    assert sites.eventless() == [("a.example", 50)]
    feed(sites, "a.example", "e")
    assert sites.eventless() == []


def test_a_site_with_rare_events_needs_more_documents() -> None:
    sites = EventlessSites()
    feed(sites, "rare.example", ("." * 9 + "e") * 5 + "." * 199)
    assert sites.eventless() == []
    feed(sites, "rare.example", ".")
    assert sites.eventless() == [("rare.example", 200)]


@pytest.mark.parametrize("before", ["", "ee"])
def test_a_site_that_hardly_had_an_event_is_not_judged(before: str) -> None:
    sites = EventlessSites()
    feed(sites, "sport.example", before + "." * 10_000)
    assert sites.eventless() == []


def test_eventless_sites_are_bounded() -> None:
    sites = EventlessSites(limit=100)
    for n in range(1000):
        feed(sites, f"{n}.example", "eee" + "." * 60)
    assert len(sites.eventless()) == 100


def test_the_busiest_sites_have_series_of_their_own_and_keep_them() -> None:
    own = OwnSeries(2)
    for _ in range(10):
        own.page("a.example")
        own.page("b.example")
    for _ in range(100):
        own.page("late.example")
    labels = [own.label(site) for site in ("a.example", "b.example", "late.example", "new.example")]
    assert labels == ["a.example", "b.example", "other", "other"]


def test_no_site_has_its_own_series_where_none_may() -> None:
    own = OwnSeries(0)
    for _ in range(100):
        own.page("a.example")
    assert own.label("a.example") == "other"
