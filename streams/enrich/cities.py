"""Cities by name, and the parts of states that tell namesakes apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from streams.corrections import Corrections
from streams.enrich.tables import added, read_table, read_text, removed, split
from streams.enrich.tokens import fold, key_of


class City(NamedTuple):
    """A populated place of GeoNames; latitude and longitude in degrees."""

    name: str
    code: str
    part: str
    lat: float
    lon: float
    population: int
    geonames: int


class Part(NamedTuple):
    """A state, a province or a county: its country, the GeoNames admin1 code it is or lies in, its point.

    The point is none where it is not known.
    """

    name: str
    code: str
    part: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Atlas:
    """Places by the key of their names."""

    cities: dict[str, list[City]]  # the most populous first
    longest: dict[str, int]
    parts: dict[str, Part]
    abbreviations: dict[str, Part]  # Ala., AL
    centres: dict[str, tuple[float, float]]
    counties: dict[str, list[Part]]  # of the United States; a dozen states have one of the same name
    geonames: dict[str, int]  # of territories
    seas: dict[str, tuple[float, float]]  # by name


def _quick_key(name: str) -> str:
    if "'" in name or not name.isascii():
        return key_of(name)
    return name.lower().replace("-", " ").replace(". ", " ").replace(".", "")


def _city(row: dict[str, str]) -> City:
    return City(
        row["name"], row["code"], row["admin1"], float(row["lat"]), float(row["lon"]),
        int(row["population"] or 0), int(row["geonames"] or 0),
    )  # fmt: skip


def _cities(corrections: Corrections) -> tuple[dict[str, list[City]], dict[str, int]]:
    cities: dict[str, list[City]] = {}
    longest: dict[str, int] = {}
    for row in added("cities.tsv", corrections):
        _put(cities, longest, key_of(row["name"]), _city(row))
    gone = removed("cities.tsv", corrections)
    for line in read_text("cities.tsv").split("\n")[2:]:
        if not line:
            continue
        name, code, part, lat, lon, population, geonames = line.split("\t")
        city = City(name, code, part, float(lat), float(lon), int(population), int(geonames))
        key = _quick_key(name)
        if key not in gone:
            _put(cities, longest, key, city)
    for row in read_table("city_aliases.tsv", corrections):
        known = [c for c in cities.get(key_of(row["name"]), ()) if c.code == row["code"]]
        for alias in split(row["aliases"]):
            if known and known[0] not in cities.get(key_of(alias), ()):
                _put(cities, longest, key_of(alias), known[0])
    for namesakes in cities.values():
        namesakes.sort(key=lambda city: -city.population)
    return cities, longest


def _put(cities: dict[str, list[City]], longest: dict[str, int], key: str, city: City) -> None:
    cities.setdefault(key, []).append(city)
    first, words = key.split(" ", 1)[0], key.count(" ") + 1
    if words > longest.get(first, 0):
        longest[first] = words


def _parts() -> tuple[dict[str, Part], dict[str, Part], dict[str, tuple[float, float]]]:
    parts: dict[str, Part] = {}
    abbreviations: dict[str, Part] = {}
    centres: dict[str, tuple[float, float]] = {}
    for row in read_table("centres.tsv"):
        point = (float(row["lat"]), float(row["lon"]))
        if not row["part"]:
            centres[row["code"]] = point
            continue
        part = Part(row["name"], row["code"], row["part"], *point)
        parts[key_of(row["name"])] = part
        for other in split(row["other"]):
            if other.endswith("."):
                abbreviations[fold(other)] = part
            else:
                parts[key_of(other)] = part
        if row["code"] == "USA":
            abbreviations[row["part"].lower()] = part
    for row in read_table("regions.tsv"):
        parts.setdefault(key_of(row["name"]), Part(row["name"], row["code"], row["part"]))
    return parts, abbreviations, centres


_CORRECTED = frozenset({"cities.tsv", "city_aliases.tsv"})


@lru_cache(maxsize=1)
def atlas(corrections: Corrections) -> Atlas:
    """Return the places; the first call in a process reads the tables."""
    # Few correct cities: then the large table is not made again.
    return _atlas(corrections.only(_CORRECTED))


@lru_cache(maxsize=1)
def _atlas(corrections: Corrections) -> Atlas:
    cities, longest = _cities(corrections)
    parts, abbreviations, centres = _parts()
    geonames = {row["code"]: int(row["geonames"]) for row in read_table("territories.tsv")}
    seas = {split(row["names"])[0]: (float(row["lat"]), float(row["lon"])) for row in read_table("seas.tsv")}
    return Atlas(cities, longest, parts, abbreviations, centres, _counties(), geonames, seas)


def _counties() -> dict[str, list[Part]]:
    counties: dict[str, list[Part]] = {}
    for row in read_table("us_counties.tsv"):
        point = (float(row["lat"]), float(row["lon"])) if row["lat"] else (None, None)
        counties.setdefault(key_of(row["name"]), []).append(Part(row["name"], "USA", row["state"], *point))
    return counties
