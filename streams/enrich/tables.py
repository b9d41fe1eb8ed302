"""Reading the data files: tab-separated, ``#`` comments, a header line, lists parted by ``|``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from streams.corrections import NONE, Corrections
from streams.enrich.tokens import key_of
from streams.errors import ConfigurationError

#: The tables that an operator may correct, and the column of names of each.
CORRECTABLE = {
    "blocks.tsv": "phrases",
    "cities.tsv": "name",
    "city_aliases.tsv": "aliases",
    "country_names.tsv": "names",
    "demonyms.tsv": "words",
    "leaders.tsv": "names",
    "metonyms.tsv": "names",
    "organisations.tsv": "names",
    "regions_own.tsv": "names",
    "roles.tsv": "phrases",
    "words.tsv": "word",
}
#: Before a surname that needs a title or the full name in the text (leaders.tsv).
NOT_ALONE = "~"


def read_lines(name: str, text: str) -> Iterator[dict[str, str]]:
    """Yield each row of a table's text as a mapping from column to cell.

    Raises:
        ConfigurationError: a row has not as many cells as the header; the message names the line.
    """
    header: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
            continue
        if len(cells) != len(header):
            raise ConfigurationError(f"{name}:{number}: {len(cells)} cells where {len(header)} belong")
        yield dict(zip(header, cells, strict=True))


def read_text(name: str) -> str:
    """Return the text of a data file of this package."""
    return files("streams.enrich").joinpath("data", name).read_text(encoding="utf-8")


def read_table(name: str, corrections: Corrections = NONE) -> Iterator[dict[str, str]]:
    """Yield the rows of a table: the operator's first, then those of this package but what they take away."""
    yield from added(name, corrections)
    gone = removed(name, corrections)
    for row in read_lines(name, read_text(name)):
        if not gone or (row := _without(row, CORRECTABLE[name], gone)):
            yield row


def added(name: str, corrections: Corrections) -> Iterator[dict[str, str]]:
    """Yield the rows that an operator adds; lines that are wrong, which a check finds, are left out."""
    header: tuple[str, ...] | None = None
    for line in corrections.lines(name):
        if line.removes:
            continue
        if header is None:
            header = line.cells
        elif len(line.cells) == len(header):
            yield dict(zip(header, line.cells, strict=True))


def removed(name: str, corrections: Corrections) -> frozenset[str]:
    """Return the keys of the names that an operator takes out of a table."""
    lines = (line for line in corrections.lines(name) if line.removes)
    return frozenset(key_of(each) for line in lines for each in split(line.cells[1]))


def _without(row: dict[str, str], column: str, gone: frozenset[str]) -> dict[str, str]:
    """Return a row without some of its names; empty when it has no other."""
    left = [name for name in split(row[column]) if key_of(name.removeprefix(NOT_ALONE)) not in gone]
    return row | {column: "|".join(left)} if left else {}


def split(cell: str) -> list[str]:
    """Return the parts of a list cell."""
    return cell.split("|") if cell else []
