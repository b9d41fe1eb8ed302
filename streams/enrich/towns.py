"""Which capitalised words are cities: a name in a list of cities alone is no evidence."""

from __future__ import annotations

from streams.enrich.cities import Part
from streams.enrich.evidence import named_after, weigh
from streams.enrich.marks import Mark
from streams.enrich.reading import Reading

_SHORTEST = 3
_CERTAIN = 3


class Town:
    """A mention of a city.

    ``evidence`` above 0 is enough, 0 needs support from elsewhere, below 0 speaks against it.
    ``within`` is the state or the country (its code) that is named after it.
    """

    __slots__ = ("evidence", "first", "key", "last", "within")

    def __init__(self, first: int, last: int, key: str) -> None:
        self.first, self.last, self.key = first, last, key
        self.evidence = 0
        self.within: Part | str | None = None


def find_towns(reading: Reading) -> tuple[list[Town], list[Town]]:
    """Return the mentions of cities that the words around them, or their size, make believable.

    The second list holds the doubtful ones: their names are cities, and nothing speaks against it.
    """
    towns = _reclaimed(reading)
    doubtful: list[Town] = []
    index = 0
    while index < len(reading.tokens):
        town = _town_at(reading, index)
        if town is None:
            index += 1
            continue
        town.within = named_after(reading, town.last, reading.atlas.cities[town.key])
        town.evidence = (
            _CERTAIN if town.within is not None else weigh(reading, town.first, town.last, town.key)
        )
        if town.evidence >= 0:
            (towns if town.evidence > 0 else doubtful).append(town)
        index = town.last + 1
    accepted = {town.key for town in towns}
    towns.extend(town for town in doubtful if town.key in accepted)
    return towns, [town for town in doubtful if town.key not in accepted]


def _reclaimed(reading: Reading) -> list[Town]:
    """Return the capitals and countries that are namesakes: Paris, Texas; Lebanon, Pa."""
    towns = []
    for mark in list(reading.marks.names):
        if mark.entry is None or mark.entry.kind not in ("capital", "metonym", "country", "region"):
            continue
        key = reading.key(mark.first, mark.last)
        if key not in reading.atlas.cities:
            continue
        within = named_after(reading, mark.last, reading.atlas.cities[key])
        if isinstance(within, Part) and not _is_home(reading, mark, within, key):
            town = Town(mark.first, mark.last, key)
            town.within, town.evidence = within, _CERTAIN
            reading.marks.drop(mark)
            reading.marks.hold(mark.first, mark.last)
            towns.append(town)
    return towns


def _is_home(reading: Reading, mark: Mark, part: Part, key: str) -> bool:
    """Say whether the part named after a place is where the place itself would be looked for."""
    largest = reading.atlas.cities[key][0]
    return mark.entry is not None and mark.entry.code == part.code and largest.part == part.part


def _town_at(reading: Reading, index: int) -> Town | None:
    tokens, covered, cities = reading.tokens, reading.marks.covered, reading.atlas.cities
    limit = reading.atlas.cities.longest.get(tokens.keys[index])
    if limit is None or not tokens.caps[index] or covered[index] or tokens.case[index] == "lower":
        return None
    stop = index + 1
    while stop < min(index + limit, len(tokens)) and tokens.joined[stop] and not covered[stop]:
        stop += 1
    for last in range(stop - 1, index - 1, -1):
        key = reading.key(index, last)
        if key in cities and tokens.caps[last]:
            word = last == index and (len(key) < _SHORTEST or key in reading.lexicon.headings)
            return None if word or key.isdigit() else Town(index, last, key)
    return None
