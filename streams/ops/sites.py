"""Which sites went silent, which give no events any more, and which have metric series of their own.

Sites are named by whoever sends pages, so everything here is bounded: at the limit the site that was
quiet for longest is forgotten. Not safe for several threads: the event loop owns these.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import TypeVar

_LIMIT = 50_000
_DAY = 86_400.0
OTHER_SITE = "other"

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def _put_last(table: OrderedDict[K, V], key: K, value: V, limit: int) -> K | None:
    """Put an entry at the end; return the key of the first one when it had to go."""
    table[key] = value
    table.move_to_end(key)
    return table.popitem(last=False)[0] if len(table) > limit else None


@dataclass(slots=True)
class _Visits:
    first: float
    last: float
    pages: int = 0
    day: int = 0
    #: The longest time between two pages: of those that ended today, and of those of the day before.
    longest: float = 0.0
    longest_before: float = 0.0

    def page(self, now: float) -> None:
        if self.day != (today := int(now // _DAY)):
            self.longest_before = self.longest if self.day == today - 1 else 0.0
            self.longest, self.day = 0.0, today
        self.longest = max(self.longest, now - self.last)
        self.last = now
        self.pages += 1


class SilentSites:
    """Finds sites whose pages stopped: for thrice their longest gap of two days, never sooner than a time.

    A site is judged once it was followed for that time, so one visit to a site makes no alarm.
    """

    def __init__(self, *, after: float, limit: int = _LIMIT) -> None:
        """Call no site silent before ``after`` seconds."""
        self._after, self._limit = after, limit
        # In the order of their last pages.
        self._sites: OrderedDict[tuple[int, str], _Visits] = OrderedDict()

    def page(self, partition: int, site: str, now: float) -> None:
        """Note a readable page of a site, which stands on one partition of ``pages.raw``."""
        key = (partition, site)
        visits = self._sites.get(key) or _Visits(first=now, last=now, day=int(now // _DAY))
        visits.page(now)
        _put_last(self._sites, key, visits, self._limit)

    def keep(self, partitions: Collection[int]) -> None:
        """Forget the sites of all other partitions: another worker has them now."""
        if {partition for partition, _ in self._sites} - set(partitions):
            kept = ((key, visits) for key, visits in self._sites.items() if key[0] in partitions)
            self._sites = OrderedDict(kept)

    def silent(self, now: float) -> list[tuple[str, float]]:
        """Return the silent sites and for how long they are, those with the most pages first."""
        found = []
        for (_, site), visits in self._sites.items():
            quiet = now - visits.last
            if quiet <= self._after:
                break  # every later one had its last page later still
            usual = 3 * max(visits.longest, visits.longest_before)
            if quiet > usual and visits.last - visits.first >= self._after:
                found.append((visits.pages, site, quiet))
        return [(site, quiet) for _, site, quiet in sorted(found, reverse=True)]

    def __len__(self) -> int:
        """Return how many sites are known."""
        return len(self._sites)


@dataclass(slots=True)
class _Yield:
    documents: int = 0
    with_events: int = 0
    since: int = 0


class EventlessSites:
    """Finds sites whose documents stopped giving events: far more without one than chance explains.

    Were each document to give an event with the site's usual probability p, so many in a row without
    one (``_TIMES`` / p) would happen once in 10^8.
    """

    _TIMES, _LEAST, _KNOWN = 20, 50, 3

    def __init__(self, *, limit: int = _LIMIT) -> None:
        """Start with nothing known."""
        self._limit = limit
        self._sites: OrderedDict[str, _Yield] = OrderedDict()
        self._without: dict[str, int] = {}

    def document(self, site: str, *, has_event: bool) -> None:
        """Note a document that classify finished."""
        seen = self._sites.get(site) or _Yield()
        forgotten = _put_last(self._sites, site, seen, self._limit)
        if forgotten is not None:
            self._without.pop(forgotten, None)
        if has_event:
            seen.documents += seen.since + 1
            seen.with_events += 1
            seen.since = 0
            self._without.pop(site, None)
            return
        seen.since += 1
        usual = self._TIMES * seen.documents / seen.with_events if seen.with_events else 0.0
        if seen.with_events >= self._KNOWN and seen.since >= max(self._LEAST, usual):
            self._without[site] = seen.since

    def eventless(self) -> list[tuple[str, int]]:
        """Return these sites and their documents since the last event, the most documents first."""
        return sorted(self._without.items(), key=lambda found: (-found[1], found[0]))


class OwnSeries:
    """Chooses the sites with series of their own: the first so many that give ten pages; the rest are other.

    A choice stands while the process lives, so that no counter ever falls. The busiest sites have
    their ten pages first.
    """

    _PAGES = 10

    def __init__(self, series: int, *, limit: int = _LIMIT) -> None:
        """Give at most ``series`` sites a series of their own."""
        self._series, self._limit = series, limit
        self._chosen: set[str] = set()
        self._pages: OrderedDict[str, int] = OrderedDict()

    def page(self, site: str) -> None:
        """Note a page of a site."""
        if site in self._chosen or len(self._chosen) >= self._series:
            return
        pages = self._pages.pop(site, 0) + 1
        if pages >= self._PAGES:
            self._chosen.add(site)
        else:
            _put_last(self._pages, site, pages, self._limit)

    def label(self, site: str) -> str:
        """Return the site's label."""
        return site if site in self._chosen else OTHER_SITE
