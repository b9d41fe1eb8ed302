"""What a right row of each table is: a wrong one is found before it is shipped, or taken from an operator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import get_args

from streams.records import BODIES, EntityType

Row = dict[str, str]
SECTORS = frozenset(
    {"GOV", "MIL", "OPP", "REB", "IGO", "NGO", "BUS", "MED", "LEG", "JUD", "COP", "SPY", "CVL", "AGR", "EDU"}
)
_QID = re.compile(r"Q[1-9]\d*")
_YEARS = (1900, 2100)
_RULES = frozenset({"any", "cap", "name", "upper"})


def check_names(cell: str) -> Iterator[str]:
    """Yield what is wrong with a list of names."""
    names = cell.split("|")
    if any(not name.strip() or name != name.strip() for name in names):
        yield f"an empty or unstripped name in {cell!r}"
    if len(set(names)) != len(names):
        yield f"a name twice in {cell!r}"


def check_actor(row: Row, codes: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the code, sector, type and Wikidata id of a row that has them."""
    if (code := row.get("code", "")) and code not in codes:
        yield f"no such code: {code!r}"
    if (role := row.get("role", "")) and role not in SECTORS:
        yield f"no such sector: {role!r}"
    if (kind := row.get("type")) is not None and kind not in get_args(EntityType):
        yield f"no such entity type: {kind!r}"
    if (qid := row.get("qid", "")) and _QID.fullmatch(qid) is None:
        yield f"not a Wikidata id: {qid!r}"


def check_years(row: Row, _codes: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the years in office of a row."""
    first, last = row["from"], row["to"] or str(_YEARS[1])
    if not (first.isdigit() and last.isdigit()):
        yield f"not a year: {first!r}, {last!r}"
    elif not _YEARS[0] <= int(first) <= int(last) <= _YEARS[1]:
        yield f"years out of order: {first} to {last}"


def check_point(row: Row, _codes: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the latitude and longitude of a row, in degrees."""
    try:
        lat, lon = float(row["lat"]), float(row["lon"])
    except ValueError:
        yield f"not a point: {row['lat']!r}, {row['lon']!r}"
        return
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004 - the globe
        yield f"off the globe: {lat}, {lon}"


def check_point_if_any(row: Row, codes: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the point of a row that may have none."""
    if row["lat"] or row["lon"]:
        yield from check_point(row, codes)


def check_rule(row: Row, _codes: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with a rule for a word."""
    if row["rule"] not in _RULES:
        yield f"no such rule: {row['rule']!r}"


def check_territory(row: Row, codes: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with a code that must be that of a territory."""
    if row["code"] not in codes - BODIES:
        yield f"no such territory: {row['code']!r}"


def check_numbers(row: Row, _codes: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the population and the GeoNames id of a row; either may be empty."""
    for column in ("population", "geonames"):
        if row[column] and not row[column].isdecimal():
            yield f"{column} is a whole number, not {row[column]!r}"


def check_kind(row: Row, _codes: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the kind of role words."""
    if row["kind"] not in ("title", "body"):
        yield f"kind is title or body, not {row['kind']!r}"


Check = Callable[[Row, frozenset[str]], Iterator[str]]
# The checks of each table, and its column of names.
TABLES: dict[str, tuple[str, tuple[Check, ...]]] = {
    "territories.tsv": ("name", (check_actor,)),
    "country_names.tsv": ("names", (check_territory,)),
    "demonyms.tsv": ("words", (check_territory,)),
    "organisations.tsv": ("names", (check_actor,)),
    "metonyms.tsv": ("names", (check_actor,)),
    "regions.tsv": ("name", (check_actor,)),
    "regions_own.tsv": ("names", (check_actor,)),
    "blocks.tsv": ("phrases", ()),
    "leaders.tsv": ("names", (check_actor, check_years)),
    "roles.tsv": ("phrases", (check_actor, check_kind)),
    "words.tsv": ("word", (check_rule,)),
    "wordlists.tsv": ("words", ()),
    "city_aliases.tsv": ("aliases", (check_actor,)),
    "cities.tsv": ("name", (check_territory, check_point, check_numbers)),
    "centres.tsv": ("code", (check_actor, check_point)),
    "us_counties.tsv": ("name", (check_point_if_any,)),
    "seas.tsv": ("names", (check_point,)),
}


def row_problems(table: str, row: Row, codes: frozenset[str]) -> Iterator[str]:
    """Yield every problem of one row; ``codes`` are those of territories."""
    column, checks = TABLES[table]
    yield from check_names(row[column])
    for check in checks:
        yield from check(row, codes | BODIES)
