"""Who acts and who is acted on, as the encoder's second half reads it.

The first layers of the encoder are shared with the classes; six more read the sides of one act: the words
of each mention and of the act are marked, and each mention is scored for both sides. ``training/sides.py``
writes the file read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from streams.classify.encoder import DIGITS, Reading, session
from streams.classify.model import Floats
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

#: Log odds as source and as target.
Odds = tuple[float, float]
#: Where a mention stands, what it is by rule, and its kind.
Marked = tuple[Place, str, str]


def _pieces(places: Sequence[Place], span: Place) -> list[int]:
    """Return which pieces stand in a span of the text."""
    return [i for i, (start, end) in enumerate(places) if start < span[1] and end > span[0]]


def _mean(pieces: Sequence[int], size: int) -> Floats:
    """Return the row that takes the mean of some pieces."""
    row = np.zeros(size, dtype=np.float32)
    row[list(pieces)] = 1 / max(1, len(pieces))
    return row


def mark(
    places: Sequence[Place],
    event_class: EventClass,
    trigger: Place,
    mentions: Sequence[Marked],
) -> dict[str, Any]:
    """Return what the network is given of an act, beside the states of the pieces at ``places``.

    Args:
        places: where each piece of the text stands.
        event_class: of the act.
        trigger: where the act stands.
        mentions: of the text.

    Returns:
        ``marks`` (pieces × 3), ``act`` (pieces) and ``mentions`` (mentions × pieces), which take means; rows
        of mentions beyond what the encoder reads are zero.
    """
    size = len(places)
    marks = np.zeros((size, 3), dtype=np.int64)
    act = _pieces(places, trigger)
    marks[act, 0] = ACT_MARKS[event_class]
    rows = []
    for span, rule, kind in mentions:
        found = _pieces(places, span)
        marks[found, 1] = RULE_MARKS[rule]
        marks[found, 2] = KIND_MARKS[kind]
        rows.append(_mean(found, size))
    return {"marks": marks, "act": _mean(act, size), "mentions": np.array(rows, dtype=np.float32)}


def spans_of(told: Told, rules: Sequence[str]) -> tuple[Place, list[Marked]]:
    """Return where the act and each mention of a text stand; what a mention is by rule, and its kind."""
    tokens, trigger = told.parsed.tokens, told.candidate.trigger

    def place(start: int, end: int) -> Place:
        return tokens[start].start, tokens[end - 1].end

    def of(mention: Mention, rule: str) -> Marked:
        return place(mention.start, mention.end), rule, mention.entity.type

    found = [of(mention, rule) for mention, rule in zip(told.parsed.mentions, rules, strict=True)]
    return place(trigger.start, trigger.end), found


def read(told: Told, reading: Reading | None, rules: Sequence[str], model: Any = None) -> list[Odds | None]:
    """Return each mention's log odds as source and as target of an act, by a text's reading.

    None for a mention that the encoder did not read, and for all where it did not read the act. ``rules`` say
    what each mention is by rule.
    """
    trigger, mentions = spans_of(told, rules)
    unread: list[Odds | None] = [None] * len(mentions)
    if reading is None or reading.states is None:
        return unread
    marked = mark(reading.places, told.event_class, trigger, mentions)
    if not marked["act"].any():
        return unread
    (odds,) = (model or session(SIDES_FILE)).run(None, {"states": reading.states, **marked})
    return [
        (round(float(source), DIGITS), round(float(target), DIGITS)) if row.any() else None
        for row, (source, target) in zip(marked["mentions"], odds, strict=True)
    ]
