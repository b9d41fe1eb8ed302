"""Cities by name, and the parts of states that tell namesakes apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from streams.corrections import Corrections
from streams.enrich.tables import added, read_table, read_text, removed, split
from streams.enrich.tokens import fold, key_of

#: Of ``cities.tsv``, in order.
_COLUMNS = ("name", "code", "admin1", "lat", "lon", "population", "geonames")
_PLAIN = re.compile(r"[A-Za-z0-9]+(?:(?: |-|\. )[A-Za-z0-9]+)*\.?")


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


class Cities(Mapping[str, list[City]]):
    """Cities by the key of their names, the most populous first.

    Rows stay as they are written until they are asked for: few of them ever are.
    """

    def __init__(self) -> None:
        self._rows: dict[str, str] = {}  # parted by line breaks
        #: How many words the longest name has that a word opens.
        self.longest: dict[str, int] = {}

    def __getitem__(self, key: str) -> list[City]:
        cities = [_city(*row.split("\t")) for row in self._rows[key].split("\n")]
        cities.sort(key=lambda city: -city.population)
        return cities

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, key: str) -> list[str]:
        """Return the rows of a key as they are written, in the order in which they came."""
        known = self._rows.get(key)
        return [] if known is None else known.split("\n")

    def add(self, key: str, row: str) -> None:
        """Add a row, cells parted by tabs in the order of the table."""
        known = self._rows.get(key)
        self._rows[key] = row if known is None else f"{known}\n{row}"
        if known is None:
            first, words = key.split(" ", 1)[0], key.count(" ") + 1
            if words > self.longest.get(first, 0):
                self.longest[first] = words


@dataclass(frozen=True, slots=True)
class Atlas:
    """Places by the key of their names."""

    cities: Cities
    parts: dict[str, Part]
    abbreviations: dict[str, Part]  # Ala., AL
    centres: dict[str, tuple[float, float]]
    counties: dict[str, list[Part]]  # of the United States; a dozen states have one of the same name
    geonames: dict[str, int]  # of territories
    seas: dict[str, tuple[float, float]]  # by name


def _keys(names: list[str]) -> list[str]:
    """Return the key of each name, those of plain words all at once."""
    plain = "\n".join(names).lower().replace("-", " ").replace(". ", " ").replace(".", "").split("\n")
    return [key if _PLAIN.fullmatch(name) else key_of(name) for name, key in zip(names, plain, strict=True)]


def _city(name: str, code: str, part: str, lat: str, lon: str, population: str, geonames: str) -> City:
    return City(name, code, part, float(lat), float(lon), int(population or 0), int(geonames or 0))


def _cities(corrections: Corrections) -> Cities:
    cities = Cities()
    for row in added("cities.tsv", corrections):
        cities.add(key_of(row["name"]), "\t".join(row[column] for column in _COLUMNS))
    gone = removed("cities.tsv", corrections)
    rows = read_text("cities.tsv").rstrip("\n").split("\n")[2:]
    for key, line in zip(_keys([row.partition("\t")[0] for row in rows]), rows, strict=True):
        if key not in gone:
            cities.add(key, line)
    for row in read_table("city_aliases.tsv", corrections):
        known = [city for city in cities.rows(key_of(row["name"])) if city.split("\t")[1] == row["code"]]
        for alias in split(row["aliases"]):
            if known and known[0] not in cities.rows(key_of(alias)):
                cities.add(key_of(alias), known[0])
    return cities


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
    cities = _cities(corrections)
    parts, abbreviations, centres = _parts()
    geonames = {row["code"]: int(row["geonames"]) for row in read_table("territories.tsv")}
    seas = {split(row["names"])[0]: (float(row["lat"]), float(row["lon"])) for row in read_table("seas.tsv")}
    return Atlas(cities, parts, abbreviations, centres, _counties(), geonames, seas)


def _counties() -> dict[str, list[Part]]:
    counties: dict[str, list[Part]] = {}
    for row in read_table("us_counties.tsv"):
        point = (float(row["lat"]), float(row["lon"])) if row["lat"] else (None, None)
        counties.setdefault(key_of(row["name"]), []).append(Part(row["name"], "USA", row["state"], *point))
    return counties
