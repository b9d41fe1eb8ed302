"""Where the places that a document names lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from streams.enrich.cities import Cities, City, Part
from streams.enrich.lexicon import Entry
from streams.enrich.marks import Mark
from streams.enrich.reading import Reading
from streams.enrich.surroundings import Surroundings
from streams.enrich.towns import Town
from streams.records import BODIES, Place, Span

_MEGACITY = 5_000_000
_STRONG = 2
# After a city's name these mean the land around it: what happened in Kharkiv region need not have in Kharkiv.
_AROUND_A_SEAT = frozenset(
    {"region", "oblast", "province", "prefecture", "governorate", "krai", "raion", "county"}
)
_ORDER = {"point": 0, "city": 0, "region": 1, "country": 2}


def resolve_towns(
    reading: Reading, around: Surroundings, towns: list[Town], doubtful: list[Town]
) -> dict[Mark, City]:
    """Choose a city for each mention, the surest first, and mark it as an entity."""
    cities = reading.atlas.cities
    chosen: dict[str, City] = {}
    first: dict[tuple[str, Part | str], City] = {}
    for town in sorted(towns, key=lambda t: (-t.evidence, len(cities[t.key]), t.first)):
        if town.within is None and town.key in chosen:
            continue
        city = _choose(around, cities, town, first)
        chosen.setdefault(town.key, city)
        around.add(city)
    for town in doubtful:
        city = around.choose(cities[town.key], None)
        known = reading.tokens.case[town.first] == "mixed" and around.know(cities[town.key])
        if town.key in chosen or known or around.hold(city):
            chosen.setdefault(town.key, city)
            towns.append(town)
    found = _namesakes(reading, around)
    last: dict[tuple[str, Part | str], City] = {}
    for town in towns:
        city = chosen[town.key] if town.within is None else _choose(around, cities, town, last)
        confidence = 0.8 if town.evidence >= _STRONG else 0.65
        mark = Mark(town.first, town.last, _entry(city), found_by="city", confidence=confidence)
        reading.marks.put(mark)
        found[mark] = city
    return found


def _choose(
    around: Surroundings, cities: Cities, town: Town, before: dict[tuple[str, Part | str], City]
) -> City:
    """Choose a city for a mention; the one chosen before for its name and what is named after it."""
    if town.within is None:
        return around.choose(cities[town.key], None)
    key = town.key, town.within
    if key not in before:
        before[key] = around.choose(cities[town.key], town.within)
    return before[key]


def _entry(city: City) -> Entry:
    return Entry(name=city.name, kind="region", type="place", code=city.code, id=_id(city))


def _id(city: City) -> str | None:
    """Return the id of a city; an operator's own may have none."""
    return f"geonames:{city.geonames}" if city.geonames else None


def _namesakes(reading: Reading, around: Surroundings) -> dict[Mark, City]:
    """Find the capitals that are namesakes in a text that plays elsewhere (Athens in a text of Georgia)."""
    groups: dict[str, list[Mark]] = {}
    for mark in reading.marks.names:
        if mark.entry is not None and mark.entry.kind in ("capital", "metonym", "country"):
            key = reading.key(mark.first, mark.last)
            if key in reading.atlas.cities:
                groups.setdefault(key, []).append(mark)
    found: dict[Mark, City] = {}
    for key, group in groups.items():
        code = group[0].entry.code if group[0].entry is not None else None
        if code is None or around.countries[code] > len(group):
            continue  # the text names the capital's country as well
        others = [c for c in reading.atlas.cities[key] if c.code != code and around.prefer(c, len(group))]
        if others:
            around.add(others[0])
        for mark in group if others else ():
            mark.entry = _entry(others[0])
            found[mark] = others[0]
    return found


def places_of(
    reading: Reading, cities: Mapping[Mark, City], counties: Mapping[Mark, Part | None]
) -> tuple[Place, ...]:
    """Return all places that are named, the most exact first, then in the order of the text."""
    places = [
        place
        for mark in reading.marks.names
        if (place := _place(reading, mark, cities, counties.get(mark))) is not None
    ]
    places.sort(key=lambda p: (_ORDER[p.precision], p.span.start if p.span else 0))
    return tuple(places)


def _place(reading: Reading, mark: Mark, cities: Mapping[Mark, City], county: Part | None) -> Place | None:
    entry, atlas = mark.entry, reading.atlas
    if entry is None or entry.type not in ("country", "place") or entry.kind == "block":
        return None
    span = Span(start=reading.tokens.starts[mark.first], end=reading.tokens.ends[mark.last])
    if entry.kind in ("country", "sea"):
        return _country(reading, entry, span) if entry.kind == "country" else _sea(reading, entry, span)
    key = reading.key(mark.first, mark.last)
    part = (
        county or atlas.parts.get(key) or (atlas.abbreviations.get(key) if entry.kind == "region" else None)
    )
    city = cities.get(mark) or _city_of(entry, atlas.cities.get(key, ()))
    if city is not None and (mark in cities or entry.kind != "region" or not _means_the_part(part, city)):
        place = _city(city, span)
        return _around(place) if _names_the_land(reading, mark.last) else place
    if part is not None and part.code == entry.code:
        return Place(
            name=part.name, country=part.code, lat=part.lat, lon=part.lon, precision="region", span=span
        )
    if entry.kind == "region":
        return Place(name=entry.name, country=entry.code, precision="region", span=span)
    return None


def _names_the_land(reading: Reading, last: int) -> bool:
    """Say whether the word after a city makes it the region that has its name."""
    after, tokens = last + 1, reading.tokens
    return after < len(tokens) and tokens.gap(after) == " " and tokens.keys[after] in _AROUND_A_SEAT


def _around(seat: Place) -> Place:
    """Return the region of a city that it has its name from; the city stands for its point."""
    return replace(seat, precision="region", geonames_id=None)


def _means_the_part(part: Part | None, city: City) -> bool:
    """Say whether a name is the state (Indiana) rather than its city (Geneva, New York)."""
    return part is not None and part.lat is not None and city.population < _MEGACITY


def _city_of(entry: Entry, namesakes: Iterable[City]) -> City | None:
    """Return the city that a capital or a seat is: the largest in its country; Brussels seats a body."""
    return next((city for city in namesakes if entry.code in BODIES or city.code == entry.code), None)


def _city(city: City, span: Span) -> Place:
    return Place(
        name=city.name,
        country=city.code,
        lat=city.lat,
        lon=city.lon,
        geonames_id=city.geonames or None,
        precision="city",
        span=span,
    )


def _sea(reading: Reading, entry: Entry, span: Span) -> Place:
    lat, lon = reading.atlas.seas[entry.name]
    return Place(name=entry.name, lat=lat, lon=lon, precision="region", span=span)


def _country(reading: Reading, entry: Entry, span: Span) -> Place:
    lat, lon = reading.atlas.centres.get(entry.code or "", (None, None))
    geonames = reading.atlas.geonames.get(entry.code or "")
    return Place(name=entry.name, country=entry.code, lat=lat, lon=lon, geonames_id=geonames, span=span)
