"""Who acts and who is acted on, as the encoder's second half reads it.

The first layers of the encoder are shared with the classes; six more read the sides of one act: the words
of each mention and of the act are marked, and each mention is scored for both sides. ``training/sides.py``
writes the file read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import numpy as np

from streams.classify.encoder import DIGITS, Floats, Reading, open_model
from streams.classify.wordpiece import Place
from streams.records import EVENT_CLASSES, EventClass

if TYPE_CHECKING:
    from streams.classify.actors import Mention
    from streams.classify.roles import Told

SIDES_FILE = "sides.onnx"

_RULES = ("--", "--!", "s-", "s-!", "-t", "-t!", "st", "st!")
_KINDS = ("country", "nationality", "person", "organisation", "place", "group")
#: Numbers of marks; 0 is none. A piece has one of each line: class of the act that it is of, what its mention
#: is by rule, kind of its mention.
ACT_MARKS = {event_class: 1 + i for i, event_class in enumerate(EVENT_CLASSES)}
RULE_MARKS = {rule: 1 + len(ACT_MARKS) + i for i, rule in enumerate(_RULES)}
KIND_MARKS = {kind: 1 + len(ACT_MARKS) + len(RULE_MARKS) + i for i, kind in enumerate(_KINDS)}
MARKS = 1 + len(ACT_MARKS) + len(RULE_MARKS) + len(KIND_MARKS)

Numbers = np.typing.NDArray[np.int64]
Odds = tuple[float, float]


def _pieces(places: Sequence[Place], span: Place) -> list[int]:
    """Return which pieces stand in a span of the text."""
    return [i for i, (start, end) in enumerate(places) if start < span[1] and end > span[0]]


def _share(pieces: Sequence[int], size: int) -> Floats:
    """Return the row that takes the mean of some pieces."""
    row = np.zeros(size, dtype=np.float32)
    row[list(pieces)] = 1 / max(1, len(pieces))
    return row


def mark(
    places: Sequence[Place],
    event_class: EventClass,
    trigger: Place,
    mentions: Sequence[tuple[Place, str, str]],
) -> dict[str, Any]:
    """Return what the network is given of an act, beside the states of the pieces at ``places``.

    Args:
        places: where each piece of the text stands.
        event_class: of the act.
        trigger: where the act stands.
        mentions: where each mention stands, what it is by rule, and its kind.

    Returns:
        ``marks`` (pieces × 3), ``act`` (pieces) and ``mentions`` (mentions × pieces), which take means; rows
        of mentions beyond what the encoder reads are zero.
    """
    size = len(places)
    marks: Numbers = np.zeros((size, 3), dtype=np.int64)
    act = _pieces(places, trigger)
    marks[act, 0] = ACT_MARKS[event_class]
    rows = []
    for span, rule, kind in mentions:
        found = _pieces(places, span)
        marks[found, 1] = RULE_MARKS[rule]
        marks[found, 2] = KIND_MARKS[kind]
        rows.append(_share(found, size))
    return {"marks": marks, "act": _share(act, size), "mentions": np.array(rows, dtype=np.float32)}


def spans_of(told: Told, rules: Sequence[str]) -> tuple[Place, list[tuple[Place, str, str]]]:
    """Return where the act and each mention of a text stand; what a mention is by rule, and its kind."""
    tokens, trigger = told.parsed.tokens, told.candidate.trigger

    def place(start: int, end: int) -> Place:
        return tokens[start].start, tokens[end - 1].end

    def of(mention: Mention, rule: str) -> tuple[Place, str, str]:
        return place(mention.start, mention.end), rule, mention.entity.type

    found = [of(mention, rule) for mention, rule in zip(told.parsed.mentions, rules, strict=True)]
    return place(trigger.start, trigger.end), found


@cache
def session() -> Any:
    """Return the network that ships with this package, read once in a process."""
    with as_file(files("streams.classify") / "data" / SIDES_FILE) as path:
        return open_model(path)


def run(states: Floats, marked: dict[str, Any], model: Any = None) -> list[Odds | None]:
    """Return each mention's log odds as source and as target; None where the encoder does not read so far."""
    if not len(marked["mentions"]):
        return []
    (told,) = (model or session()).run(None, {"states": states, **marked})
    return [
        (round(float(source), DIGITS), round(float(target), DIGITS)) if row.any() else None
        for row, (source, target) in zip(marked["mentions"], told, strict=True)
    ]


def read(told: Told, reading: Reading | None, rules: Sequence[str], model: Any = None) -> list[Odds | None]:
    """Return each mention's log odds as source and as target of an act, by a text's reading.

    None for a mention that the encoder did not read, and for all where it did not read the act. ``rules`` say
    what each mention is by rule.
    """
    trigger, mentions = spans_of(told, rules)
    if reading is None or reading.states is None:
        return [None] * len(mentions)
    marked = mark(reading.places, told.event_class, trigger, mentions)
    return run(reading.states, marked, model) if marked["act"].any() else [None] * len(mentions)
