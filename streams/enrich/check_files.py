"""Whether the gazetteer's files are right: the shipped ones, and an operator's corrections of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from streams.corrections import NONE, Corrections, Line, lines
from streams.enrich.check import Row, row_problems
from streams.enrich.cities import atlas
from streams.enrich.lexicon import Entry, Kind
from streams.enrich.resources import Lexicon, lexicon
from streams.enrich.tables import CORRECTABLE, NOT_ALONE, read_table, read_text, split
from streams.enrich.tokens import key_of, tokenise

#: A line's number and what is wrong there.
Found = tuple[int, str]

# Tables whose names are looked up in a text, and what an entry of each is.
_KINDS: dict[str, Kind] = {
    "blocks.tsv": "block",
    "organisations.tsv": "org",
    "country_names.tsv": "country",
    "demonyms.tsv": "demonym",
    "leaders.tsv": "person",
    "metonyms.tsv": "metonym",
    "regions_own.tsv": "region",
}
_SINGLE = "words.tsv"
ALIASES = "city_aliases.tsv"


def shipped_problems(table: str) -> Iterator[Found]:
    """Yield what is wrong with a table of this package."""
    given = list(lines(read_text(table)))
    yield from _problems(table, given)
    if table == ALIASES:
        yield from _lost_aliases(given, NONE)


def own_problems(table: str, corrections: Corrections) -> Iterator[Found]:
    """Yield what is wrong with an operator's corrections of a table."""
    given = list(corrections.lines(table))
    yield from _problems(table, [line for line in given if not line.removes])
    for line in given:
        if line.removes:
            yield from _removal_problems(table, line)


def lost_aliases(corrections: Corrections) -> Iterator[tuple[str, int, str]]:
    """Yield table, line and complaint of each alias of an operator whose city is in no table."""
    given = [line for line in corrections.lines(ALIASES) if not line.removes]
    for number, what in _lost_aliases(given, corrections):
        yield ALIASES, number, what


def _lost_aliases(given: list[Line], corrections: Corrections) -> Iterator[Found]:
    cities = atlas(corrections).cities
    for line, row in _rows(ALIASES, given):
        if not any(city.code == row["code"] for city in cities.get(key_of(row["name"]), ())):
            yield line.number, f"cities.tsv has no {row['name']!r} in {row['code']}"


def hidden_names(corrections: Corrections) -> Iterator[tuple[str, int, str]]:
    """Yield table, line and complaint of each name of an operator that another entry comes before."""
    tables = lexicon(corrections)
    for table, kind in _KINDS.items():
        for line, row in _rows(table, [x for x in corrections.lines(table) if not x.removes]):
            for name in split(row[CORRECTABLE[table]]):
                other = _other(tables, name, kind, row)
                if other is not None:
                    what = f"{name!r} can never match: {other.kind} {other.name!r} comes before it"
                    yield table, line.number, f"{what}; take that one away in its table"


def _other(tables: Lexicon, name: str, kind: Kind, row: Row) -> Entry | None:
    key = key_of(name.removeprefix(NOT_ALONE))
    entry = tables.surnames.get(key) if name.startswith(NOT_ALONE) else tables.names.entries.get(key)
    if entry is None or (entry.kind == kind and (entry.code or "") == row.get("code", "")):
        return None
    return entry


@cache
def territory_codes() -> frozenset[str]:
    """Return the codes of the territories."""
    return frozenset(row["code"] for row in read_table("territories.tsv"))


@cache
def _header(table: str) -> tuple[str, ...]:
    return next(lines(read_text(table))).cells


def _rows(table: str, given: list[Line]) -> Iterator[tuple[Line, Row]]:
    header = _header(table)
    for line in given[1:]:
        if len(line.cells) == len(header):
            yield line, dict(zip(header, line.cells, strict=True))


def _problems(table: str, given: list[Line]) -> Iterator[Found]:
    header = _header(table)
    if given and given[0].cells != header:
        yield given[0].number, f"the first line names the columns: {', '.join(header)} (parted by tabs)"
        return
    for line in given[1:]:
        if len(line.cells) != len(header):
            yield line.number, f"{len(line.cells)} cells where {len(header)} belong"
    seen: dict[str, int] = {}
    for line, row in _rows(table, given):
        for what in row_problems(table, row, territory_codes()):
            yield line.number, what
        if table in CORRECTABLE and table != "cities.tsv":
            yield from _name_problems(table, line, row, seen)


def _name_problems(table: str, line: Line, row: Row, seen: dict[str, int]) -> Iterator[Found]:
    for name in split(row[CORRECTABLE[table]]):
        plain = name.removeprefix(NOT_ALONE)
        if what := _never(plain, single=table == _SINGLE):
            yield line.number, f"{name!r} can never match: {what}"
        key = key_of(plain)
        if (first := seen.setdefault(key, line.number)) != line.number:
            yield line.number, f"{name!r} stands in line {first} already"


def _never(name: str, *, single: bool) -> str:
    """Say why a name is never found in a text; empty where it can be."""
    tokens = tokenise(name)
    if not len(tokens):
        return "it has no letter or digit"
    if single and len(tokens) > 1:
        return "it is more than one word"
    gap = next((tokens.gap(i) for i in range(1, len(tokens)) if not tokens.joined[i]), None)
    return f"{gap!r} parts names" if gap is not None else ""


def _removal_problems(table: str, line: Line) -> Iterator[Found]:
    shipped = _shipped_keys(table)
    for name in split(line.cells[1]) or [""]:
        if key_of(name) not in shipped:
            yield line.number, f"{name!r} cannot be taken away: the shipped {table} has no such name"


@cache
def _shipped_keys(table: str) -> frozenset[str]:
    column = CORRECTABLE[table]
    return frozenset(
        key_of(name.removeprefix(NOT_ALONE)) for row in read_table(table) for name in split(row[column])
    )
