"""The trigger lexicon: which words report which act. ``data/lexicon.tsv`` describes its own format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import product
from typing import get_args

from streams.classify.inflect import Form, forms
from streams.classify.plover import modes_of
from streams.classify.tokens import Token, tokenize
from streams.corrections import NONE, Corrections, Line, lines
from streams.records import EventClass, PloverType

_COLUMNS = 6
#: The name of the file, shipped or an operator's.
FILE = "lexicon.tsv"
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

    @property
    def head(self) -> str:
        """Return the first word in its base form."""
        return self.written.split(" ", 1)[0]


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


def _phrases(act: Act, words: str) -> Iterator[tuple[str, Phrase]]:
    """Yield a phrase under each form of its first word."""
    first, *others = words.split()
    written: list[tuple[str, Form]] = list(forms(first)) if act.verb else [(first, "base")]
    for form, kind in written:
        # A word with a hyphen is three tokens.
        head, *inner = _tokens(form)
        for rest, gaps in _tails(others):
            whole = (*(frozenset({word}) for word in inner), *rest)
            yield head, Phrase(act, kind, whole, (*(False for _ in inner), *gaps), words)


def _tokens(word: str) -> list[str]:
    if word.isascii() and word.isalpha():  # as most are: one token
        return [word.lower()]
    return [token.lower for token in tokenize(word)]


def _tails(others: Sequence[str]) -> Iterator[tuple[tuple[frozenset[str], ...], tuple[bool, ...]]]:
    """Yield the words after a phrase's first: once for each choice among alternatives of several tokens."""
    steps: list[list[tuple[tuple[frozenset[str], ...], bool]]] = []
    gap = False
    for word in others:
        if word == "…":
            gap = True
            continue
        cut = [_tokens(alternative) for alternative in word.split("/")]
        single = frozenset(tokens[0] for tokens in cut if len(tokens) == 1)
        several = [tuple(frozenset({token}) for token in tokens) for tokens in cut if len(tokens) > 1]
        steps.append([(way, gap) for way in [*([(single,)] if single else []), *several]])
        gap = False
    for chosen in product(*steps):
        rest = tuple(word for way, _ in chosen for word in way)
        gaps = tuple(gap and i == 0 for way, gap in chosen for i in range(len(way)))
        yield rest, gaps


Lexicon = dict[str, list[Phrase]]
#: What each phrase reports, by its words and whether it is a verb.
Entries = dict[tuple[str, bool], Act]
SEPARATOR = "; "


def entries_of(line: Line) -> Entries:
    """Return the phrases of one line.

    Raises:
        LexiconError: a wrong number of columns, an unknown type, mode or code, a phrase that cannot be one.
    """
    if len(line.cells) != _COLUMNS:
        raise LexiconError(f"{len(line.cells)} columns instead of {_COLUMNS}")
    act = _act(line.cells)
    entries: Entries = {}
    for words in line.cells[-1].split(SEPARATOR):
        first = words.lstrip()[:1]
        if not first:
            raise LexiconError("an empty phrase")
        if not first.isalpha():
            raise LexiconError(f"phrase {words!r} does not start with a word")
        if (words, act.verb) in entries:
            raise LexiconError(f"{words!r} stands in line {line.number} already")
        entries[words, act.verb] = act
    return entries


def entries(text: str) -> Entries:
    """Read the lines of a lexicon that add phrases.

    Raises:
        LexiconError: see :func:`entries_of`, or a phrase stands in two lines; the message names the line.
    """
    found: Entries = {}
    where: dict[tuple[str, bool], int] = {}
    for line in lines(text):
        if line.removes:
            continue
        try:
            new = entries_of(line)
        except LexiconError as error:
            raise LexiconError(f"line {line.number}: {error}") from error
        if twice := new.keys() & where.keys():
            key = min(twice)
            raise LexiconError(f"line {line.number}: {key[0]!r} stands in line {where[key]} already")
        found |= new
        where |= dict.fromkeys(new, line.number)
    return found


def compiled(entries: Mapping[tuple[str, bool], Act]) -> Lexicon:
    """Return phrases by their first word, longest first."""
    lexicon: Lexicon = {}
    for (words, _), act in entries.items():
        for first, phrase in _phrases(act, words):
            lexicon.setdefault(first, []).append(phrase)
    for phrases in lexicon.values():
        phrases.sort(key=lambda p: (-len(p.rest), not p.act.verb))
    return lexicon


def parse(text: str) -> Lexicon:
    """Read a lexicon.

    Raises:
        LexiconError: see :func:`entries`.
    """
    return compiled(entries(text))


def shipped_text() -> str:
    """Return the lexicon that ships with this package, as it is written."""
    return (files("streams.classify") / "data" / FILE).read_text(encoding="utf-8")


def removed(corrections: Corrections) -> frozenset[str]:
    """Return the phrases that an operator takes away."""
    gone = (line.cells[1] for line in corrections.lines(FILE) if line.removes)
    return frozenset(words for cell in gone for words in cell.split(SEPARATOR))


def shipped() -> Lexicon:
    """Return the lexicon that ships with this package, read once in a process."""
    return current(NONE)


@lru_cache(maxsize=4)  # the shipped one, which the gate reads with, and an operator's under two digests
def current(corrections: Corrections) -> Lexicon:
    """Return the shipped lexicon, corrected: an operator's phrase takes the place of a shipped one.

    It is the very one of :func:`shipped` where the corrections are of other tables.

    Raises:
        LexiconError: a line is wrong; a check finds it before.
    """
    own_file = corrections.only(frozenset({FILE}))
    if own_file != corrections:
        return current(own_file)
    gone = removed(corrections)
    own = entries(dict(corrections.files).get(FILE, ""))
    kept = {key: act for key, act in entries(shipped_text()).items() if key[0] not in gone}
    return compiled(own | {key: act for key, act in kept.items() if key not in own})


def match(phrase: Phrase, tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Return the end of a phrase whose first word stands at ``start``, or None when it does not match."""
    at = start + 1
    for alternatives, gap in zip(phrase.rest, phrase.gaps, strict=True):
        reach = min(end, at + (_GAP + 1 if gap else 1))
        at = next((i + 1 for i in range(at, reach) if tokens[i].lower in alternatives), 0)
        if not at:
            return None
    return at
