"""Where the places that a document names lie: namesakes told apart by the other places of the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, hypot, log10, radians

from streams.enrich.cities import Atlas, City, Part
from streams.enrich.lexicon import Entry
from streams.enrich.marks import Mark, Marks
from streams.enrich.tokens import Tokens
from streams.enrich.towns import Town, town_mark
from streams.records import Place, Span

_KM_PER_DEGREE = 111.2
_NEAR_KM = 250.0
_CLOSE_KM = 100.0
_TWICE = 2
_MEGACITY = 5_000_000
# Weights of the choice between namesakes, beside the decimal logarithm of the population.
_SAME_COUNTRY, _SAME_PART, _NEAR = 1.5, 2.0, 1.5
_PRECISION_ORDER = {"city": 0, "region": 1, "country": 2, "point": 0}


@dataclass(slots=True)
class Surroundings:
    """What the document says of where it plays."""

    countries: Counter[str] = field(default_factory=Counter)
    parts: Counter[tuple[str, str]] = field(default_factory=Counter)
    points: list[tuple[float, float]] = field(default_factory=list)

    def add(self, city: City) -> None:
        """Take a city that is sure into account."""
        self.countries[city.code] += 1
        self.parts[city.code, city.part] += 1
        self.points.append((city.lat, city.lon))


def resolve_towns(
    tokens: Tokens, marks: Marks, towns: list[Town], doubtful: list[Town], atlas: Atlas
) -> dict[Mark, City]:
    """Choose a city for each mention, the surest first, and mark it as an entity."""
    around = _surroundings(tokens, marks, atlas)
    chosen: dict[str, City] = {}
    ordered = sorted(towns, key=lambda t: (-t.evidence, len(atlas.cities[t.key]), t.first))
    for town in ordered:
        if town.within is not None or town.key not in chosen:
            city = _choose(atlas.cities[town.key], town.within, around)
            chosen.setdefault(town.key, city)
            around.add(city)
    for town in doubtful:
        nearest = _choose(atlas.cities[town.key], None, around)
        if town.key in chosen or _belongs(nearest, around):
            chosen.setdefault(town.key, nearest)
            towns.append(town)
    found = _namesakes(tokens, marks, around, atlas)
    for town in towns:
        city = (
            chosen[town.key] if town.within is None else _choose(atlas.cities[town.key], town.within, around)
        )
        mark = town_mark(town)
        mark.entry = _city_entry(city)
        marks.put(mark)
        found[mark] = city
    return found


def _belongs(city: City, around: Surroundings) -> bool:
    """Say whether a city that only its name speaks for lies where the document plays."""
    if around.parts[city.code, city.part] > 0:
        return True
    return any(_kilometres(city.lat, city.lon, *point) < _CLOSE_KM for point in around.points)


def _namesakes(tokens: Tokens, marks: Marks, around: Surroundings, atlas: Atlas) -> dict[Mark, City]:
    """Find the capitals that are namesakes in a text that plays elsewhere (Athens in a text of Georgia)."""
    groups: dict[str, list[Mark]] = {}
    for mark in marks.names:
        if mark.entry is not None and mark.entry.kind in ("capital", "metonym", "country"):
            key = " ".join(tokens.keys[mark.first : mark.last + 1])
            if len(atlas.cities.get(key, ())) > 1 or (mark.entry.kind == "country" and key in atlas.cities):
                groups.setdefault(key, []).append(mark)
    found: dict[Mark, City] = {}
    for key, group in groups.items():
        entry = group[0].entry
        if entry is None or entry.code is None or around.countries[entry.code] > len(group):
            continue
        here = [c for c in atlas.cities[key] if c.code != entry.code and _plays_in(c, len(group), around)]
        for mark in group if here else ():
            mark.entry = _city_entry(here[0])
            found[mark] = here[0]
    return found


def _plays_in(city: City, mentions: int, around: Surroundings) -> bool:
    seen = around.parts[city.code, city.part]
    return seen > 0 and seen + mentions > _TWICE


def _city_entry(city: City) -> Entry:
    return Entry(name=city.name, kind="region", type="place", code=city.code, id=f"geonames:{city.geonames}")


def _surroundings(tokens: Tokens, marks: Marks, atlas: Atlas) -> Surroundings:
    around = Surroundings()
    for mark in marks.names:
        entry = mark.entry
        if entry is None or entry.code is None or entry.kind in ("block", "person"):
            continue
        around.countries[entry.code] += 1
        if entry.kind == "region":
            key = " ".join(tokens.keys[mark.first : mark.last + 1])
            part = atlas.parts.get(key) or atlas.abbreviations.get(key)
            states = atlas.counties.get(key, ())
            if part is not None:
                around.parts[part.code, part.part] += 1
            elif len(states) == 1:
                around.parts["USA", states[0]] += 1
    return around


def _choose(namesakes: list[City], within: Part | str | None, around: Surroundings) -> City:
    if isinstance(within, Part):
        namesakes = [c for c in namesakes if (c.code, c.part) == (within.code, within.part)] or namesakes
    elif within is not None:
        namesakes = [c for c in namesakes if c.code == within] or namesakes
    if len(namesakes) == 1:
        return namesakes[0]
    return max(namesakes, key=lambda city: (_score(city, around), -city.geonames))


def _score(city: City, around: Surroundings) -> float:
    score = log10(city.population + 1000)
    if around.countries[city.code]:
        score += _SAME_COUNTRY
    if around.parts[city.code, city.part]:
        score += _SAME_PART
    if any(_kilometres(city.lat, city.lon, *point) < _NEAR_KM for point in around.points):
        score += _NEAR
    return score


def _kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return about the distance of two points; good enough below a thousand kilometres."""
    return _KM_PER_DEGREE * hypot(lat1 - lat2, (lon1 - lon2) * cos(radians((lat1 + lat2) / 2)))


def places_of(tokens: Tokens, marks: Marks, cities: dict[Mark, City], atlas: Atlas) -> tuple[Place, ...]:
    """Return all places that are named, the most exact first, then in the order of the text."""
    places = [place for mark in marks.names if (place := _place(tokens, mark, cities, atlas)) is not None]
    places.sort(key=lambda p: (_PRECISION_ORDER[p.precision], p.span.start if p.span else 0))
    return tuple(places)


def _place(tokens: Tokens, mark: Mark, cities: dict[Mark, City], atlas: Atlas) -> Place | None:
    entry = mark.entry
    if entry is None or entry.type not in ("country", "place") or entry.kind == "block":
        return None
    span = Span(start=tokens.starts[mark.first], end=tokens.ends[mark.last])
    key = " ".join(tokens.keys[mark.first : mark.last + 1])
    city = cities.get(mark)
    part = atlas.parts.get(key) or (atlas.abbreviations.get(key) if entry.kind == "region" else None)
    if city is None and entry.kind != "country":
        city = _city_of(entry, atlas.cities.get(key, ()))
        if city is not None and entry.kind == "region" and _means_the_part(part, city):
            city = None
    if city is not None:
        return _city_place(city, span)
    if part is not None and part.code == entry.code:
        return Place(
            name=part.name, country=part.code, lat=part.lat, lon=part.lon, precision="region", span=span
        )
    if entry.kind == "country" and entry.code is not None:
        lat, lon = atlas.centres.get(entry.code, (None, None))
        return Place(
            name=entry.name, country=entry.code, lat=lat, lon=lon,
            geonames_id=atlas.geonames.get(entry.code), precision="country", span=span,
        )  # fmt: skip
    if entry.kind == "region":
        return Place(name=entry.name, country=entry.code, precision="region", span=span)
    return None


def _means_the_part(part: Part | None, city: City) -> bool:
    """Say whether a name is the state (Indiana) rather than its city (Geneva, New York)."""
    return part is not None and part.lat is not None and city.population < _MEGACITY


def _city_of(entry: Entry, namesakes: Iterable[City]) -> City | None:
    """Return the city that a capital or a seat is: the largest in its country (Brussels is in none)."""
    bodies = entry.code in ("EUU", "UNO", "NAT", "IGO")
    return next((city for city in namesakes if bodies or city.code == entry.code), None)


def _city_place(city: City, span: Span) -> Place:
    return Place(
        name=city.name, country=city.code, lat=city.lat, lon=city.lon,
        geonames_id=city.geonames, precision="city", span=span,
    )  # fmt: skip
