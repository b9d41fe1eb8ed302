"""Whether the coder's tables are right: the shipped ones, and an operator's corrections of the lexicon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import get_args

from streams.classify.lexicon import (
    FILE,
    SEPARATOR,
    Entries,
    LexiconError,
    entries,
    entries_of,
    shipped_text,
)
from streams.classify.tokens import tokenize
from streams.corrections import Corrections, Line, lines
from streams.records import PloverType

#: A line's number and what is wrong there.
Found = tuple[int, str]
_GAP = "…"
_STEM = "*"
_INTENSITIES = (-10.0, 10.0)


def lexicon_problems(given: list[Line]) -> Iterator[Found]:
    """Yield what is wrong with the lines of a lexicon that add phrases."""
    where: dict[tuple[str, bool], int] = {}
    for line in given:
        try:
            found = entries_of(line)
        except LexiconError as error:
            yield line.number, str(error)
            continue
        for key in found:
            if (first := where.setdefault(key, line.number)) != line.number:
                yield line.number, f"{key[0]!r} stands in line {first} already"
            if what := _never(key[0]):
                yield line.number, f"{key[0]!r} {what}"


def own_problems(corrections: Corrections) -> Iterator[Found]:
    """Yield what is wrong with an operator's corrections of the lexicon."""
    given = list(corrections.lines(FILE))
    yield from lexicon_problems([line for line in given if not line.removes])
    shipped = {words for words, _ in _shipped_entries()}
    for line in given:
        for words in line.cells[1].split(SEPARATOR) if line.removes else ():
            if words not in shipped:
                yield line.number, f"{words!r} cannot be taken away: the shipped lexicon has no such phrase"


@cache
def _shipped_entries() -> Entries:
    return entries(shipped_text())


def _never(words: str) -> str:
    """Say why a phrase is never found, or says less than it seems to; empty where it is right."""
    if words != words.lower():
        return "can never match: phrases are written in lower case"
    parts = words.split()
    if parts[-1] == _GAP:
        return f"ends with {_GAP}, which says nothing"
    if any(not tokenize(choice) for part in parts if part != _GAP for choice in part.split("/")):
        return "holds an empty alternative"
    return ""


def _word_problems(line: Line) -> Iterator[str]:
    for word in line.cells[1].split(" "):
        stem = word.removesuffix(_STEM)
        if [token.lower for token in tokenize(stem)] != [stem]:
            yield f"{word!r} can never match: it is no single word in lower case"


def _intensity_problems(line: Line) -> Iterator[str]:
    if line.cells[0] not in get_args(PloverType):
        yield f"unknown PLOVER type {line.cells[0]!r}"
    try:
        value = float(line.cells[2])
    except ValueError:
        yield f"not a number: {line.cells[2]!r}"
        return
    if not _INTENSITIES[0] <= value <= _INTENSITIES[1]:
        yield f"an intensity is from -10 to 10, not {value}"


def _irregular_problems(line: Line) -> Iterator[str]:
    yield from (f"not a word: {word!r}" for word in line.cells if not word.isalpha())


def _weight_problems(line: Line) -> Iterator[str]:
    for cell in line.cells[1:]:
        try:
            float(cell)
        except ValueError:
            yield f"not a number: {cell!r}"


# Each shipped table beside the lexicon: how many cells its lines may have, and what is right in them.
_TABLES: dict[str, tuple[tuple[int, ...], Callable[[Line], Iterator[str]]]] = {
    "concepts.tsv": ((2,), _word_problems),
    "contexts.tsv": ((2,), _word_problems),
    "intensity.tsv": ((3,), _intensity_problems),
    "irregular.tsv": ((2, 3), _irregular_problems),
    "roles.tsv": ((3,), _weight_problems),
}
#: The shipped tables.
TABLES = (FILE, *_TABLES)


def shipped_problems(table: str) -> Iterator[Found]:
    """Yield what is wrong with a table of this package."""
    given = lines((files("streams.classify") / "data" / table).read_text("utf-8"))
    if table == FILE:
        yield from lexicon_problems(list(given))
        return
    widths, check = _TABLES[table]
    for line in given:
        if len(line.cells) not in widths:
            yield line.number, f"{len(line.cells)} cells where {widths[0]} belong"
        else:
            yield from ((line.number, what) for what in check(line))
