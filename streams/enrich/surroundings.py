"""Which of several cities of one name is meant: the other places of the text decide with its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import cos, hypot, inf, log10, radians

from streams.enrich.cities import City, Part
from streams.enrich.marks import Mark
from streams.enrich.reading import Reading

_KM_PER_DEGREE = 111.2
_NEAR_KM = 250.0
_CLOSE_KM = 100.0
_COUNTY_KM = 50.0  # of a county's centre: most reach no farther
_TWICE = 2
#: So many cities and counties say where a text plays. A list of thousands says no more, and would take time
#: that grows with their number squared.
_MOST_PLACES = 200
# Weights of the choice, beside the decimal logarithm of the population; chosen on news of several countries.
_SAME_COUNTRY, _SAME_PART, _NEAR = 1.5, 2.0, 1.5
_SMALLEST_POPULATION = 1000


@dataclass(slots=True)
class Surroundings:
    """What the document says of where it plays: how often it names countries and states, and where."""

    countries: Counter[str] = field(default_factory=Counter)
    parts: Counter[tuple[str, str]] = field(default_factory=Counter)
    points: dict[tuple[float, float], None] = field(default_factory=dict)  # in order, each once
    counties: set[Part] = field(default_factory=set)  # all that the counties named here may be

    def add(self, city: City) -> None:
        """Take a city that is settled into account."""
        self.countries[city.code] += 1
        self.parts[city.code, city.part] += 1
        if len(self.points) < _MOST_PLACES:
            self.points[city.lat, city.lon] = None

    def choose(self, namesakes: list[City], within: Part | str | None) -> City:
        """Return the city that is meant; ``within`` is the state or country named after it."""
        if isinstance(within, Part):
            namesakes = [c for c in namesakes if (c.code, c.part) == (within.code, within.part)] or namesakes
        elif within is not None:
            namesakes = [c for c in namesakes if c.code == within] or namesakes
        if len(namesakes) == 1:
            return namesakes[0]
        return max(namesakes, key=lambda city: (self._score(city), -city.geonames))

    def hold(self, city: City) -> bool:
        """Say whether a city that only its name speaks for lies where the document plays."""
        return self.parts[city.code, city.part] > 0 or self._within(city, _CLOSE_KM)

    def know(self, namesakes: list[City]) -> bool:
        """Say whether a name is that of cities of one state alone, which the text names.

        American towns have names like anything else's.
        """
        code = namesakes[0].code
        return code != "USA" and self.countries[code] > 0 and all(c.code == code for c in namesakes)

    def prefer(self, city: City, mentions: int) -> bool:
        """Say whether a namesake of a capital is meant: its state and its name are named often enough."""
        seen = self.parts[city.code, city.part] + self._in_county(city)
        return seen > 0 and seen + mentions > _TWICE

    def take(self, namesakes: list[Part]) -> None:
        """Take a county into account: its state where one alone has it, else what lies in any of its name."""
        if len(namesakes) == 1:
            self.parts[namesakes[0].code, namesakes[0].part] += 1
        if len(self.counties) < _MOST_PLACES:
            self.counties.update(namesakes)

    def county(self, namesakes: list[Part]) -> Part | None:
        """Return the county that is meant: of a state, or near a place, that the text names; else None."""
        if len(namesakes) == 1:
            return namesakes[0]
        supported = [c for c in namesakes if self.parts[c.code, c.part] or self._away(c) < _NEAR_KM]
        return max(supported, key=self._support, default=None)

    def _support(self, county: Part) -> tuple[bool, float, int]:
        named = self.parts[county.code, county.part]
        return named > 0, -self._away(county), named

    def _away(self, county: Part) -> float:
        """Return how many kilometres a county's centre is from the nearest city of the text."""
        return min((_distance(county, point) for point in self.points), default=inf)

    def _in_county(self, city: City) -> bool:
        return any(
            (county.code, county.part) == (city.code, city.part)
            and _distance(county, (city.lat, city.lon)) < _COUNTY_KM
            for county in self.counties
        )

    def _score(self, city: City) -> float:
        score = log10(city.population + _SMALLEST_POPULATION)
        if self.countries[city.code]:
            score += _SAME_COUNTRY
        in_county = self._in_county(city)
        if in_county or self.parts[city.code, city.part]:
            score += _SAME_PART
        return score + _NEAR if in_county or self._within(city, _NEAR_KM) else score

    def _within(self, city: City, kilometres: float) -> bool:
        return any(_distance(city, point) < kilometres for point in self.points)


def _distance(place: City | Part, point: tuple[float, float]) -> float:
    """Return about how many kilometres lie between (right below a thousand); infinite without a point."""
    if place.lat is None or place.lon is None:
        return inf
    lat, lon = point
    return _KM_PER_DEGREE * hypot(place.lat - lat, (place.lon - lon) * cos(radians((place.lat + lat) / 2)))


def surroundings(reading: Reading, counties: Mapping[Mark, list[Part]]) -> Surroundings:
    """Return what the countries, states, counties and bodies marked so far say."""
    around, atlas = Surroundings(), reading.atlas
    for mark in reading.marks.names:
        entry = mark.entry
        if entry is None or entry.code is None or entry.kind in ("block", "person"):
            continue
        around.countries[entry.code] += 1
        if entry.kind != "region":
            continue
        key = reading.key(mark.first, mark.last)
        part = atlas.parts.get(key) or atlas.abbreviations.get(key)
        if part is not None:
            around.parts[part.code, part.part] += 1
        else:
            around.take(counties.get(mark, []))
    return around
