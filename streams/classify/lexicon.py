"""The trigger lexicon: which words report which act. ``data/lexicon.tsv`` describes its own format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import get_args

from streams.classify.inflect import Form, forms
from streams.classify.plover import modes_of
from streams.classify.tokens import Token
from streams.records import EventClass, PloverType

_COLUMNS = 6
_TYPES: dict[str, PloverType] = {name: name for name in get_args(PloverType)}
_GAP = 4
_CLASSES: dict[str, EventClass | None] = {
    "d": "diplomacy", "m": "military", "t": "trade", "-": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """What a group of triggers reports."""

    type: PloverType
    mode: str | None
    cameo: str | None
    event_class: EventClass | None
    verb: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words after a trigger's first: alternatives, and whether other words may stand before them."""

    act: Act
    form: Form
    rest: tuple[frozenset[str], ...]
    gaps: tuple[bool, ...]
    #: As the file has it: what an explanation names.
    written: str


class LexiconError(ValueError):
    """A line of the lexicon that cannot be used; the message names the line."""


def _act(columns: Sequence[str]) -> Act:
    plover, mode, cameo, hint, pos, _ = columns
    if plover not in _TYPES:
        raise LexiconError(f"unknown PLOVER type {plover!r}")
    if mode != "-" and mode not in modes_of(plover):
        raise LexiconError(f"{plover} has no mode {mode!r}")
    if cameo != "-" and not (cameo.isdigit() and 2 <= len(cameo) <= 4):  # noqa: PLR2004 - CAMEO's form
        raise LexiconError(f"not a CAMEO code: {cameo!r}")
    if hint not in _CLASSES:
        raise LexiconError(f"class is one of d m t -, not {hint!r}")
    if pos not in ("v", "n"):
        raise LexiconError(f"pos is v or n, not {pos!r}")
    return Act(
        type=_TYPES[plover],
        mode=None if mode == "-" else mode,
        cameo=None if cameo == "-" else cameo,
        event_class=_CLASSES[hint],
        verb=pos == "v",
    )


def _phrases(act: Act, words: str) -> list[tuple[str, Phrase]]:
    """Return a phrase under each form of its first word."""
    first, *others = words.split()
    if not first or not first[0].isalpha():
        raise LexiconError(f"phrase {words!r} does not start with a word")
    rest, gaps = [], []
    gap = False
    for word in others:
        if word == "…":
            gap = True
        else:
            rest.append(frozenset(word.split("/")))
            gaps.append(gap)
            gap = False
    tail = (tuple(rest), tuple(gaps), words)
    if act.verb:
        return [(form, Phrase(act, kind, *tail)) for form, kind in forms(first)]
    return [(first, Phrase(act, "base", *tail))]


Lexicon = dict[str, list[Phrase]]


def _read_line(line: str, number: int, lexicon: Lexicon, seen: dict[tuple[str, bool], int]) -> None:
    columns = line.split("\t")
    if len(columns) != _COLUMNS:
        raise LexiconError(f"{len(columns)} columns instead of {_COLUMNS}")
    act = _act(columns)
    for words in columns[-1].split("; "):
        if (words, act.verb) in seen:
            raise LexiconError(f"{words!r} stands in line {seen[words, act.verb]} already")
        seen[words, act.verb] = number
        for form, phrase in _phrases(act, words):
            lexicon.setdefault(form, []).append(phrase)


def parse(text: str) -> Lexicon:
    """Read a lexicon: phrases by their first word, longest first.

    Raises:
        LexiconError: a line has a wrong number of columns, an unknown type, mode or code, a phrase that
            is empty, or one that stands in two groups.
    """
    lexicon: Lexicon = {}
    seen: dict[tuple[str, bool], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            _read_line(line, number, lexicon, seen)
        except ValueError as error:
            raise LexiconError(f"line {number}: {error}") from error
    for phrases in lexicon.values():
        phrases.sort(key=lambda p: (-len(p.rest), not p.act.verb))
    return lexicon


@cache
def shipped() -> Lexicon:
    """Return the lexicon that ships with this package, read once in a process."""
    return parse((files("streams.classify") / "data" / "lexicon.tsv").read_text(encoding="utf-8"))


def match(phrase: Phrase, tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Return the end of a phrase whose first word stands at ``start``, or None when it does not match."""
    at = start + 1
    for alternatives, gap in zip(phrase.rest, phrase.gaps, strict=True):
        reach = min(end, at + (_GAP + 1 if gap else 1))
        at = next((i + 1 for i in range(at, reach) if tokens[i].lower in alternatives), 0)
        if not at:
            return None
    return at
