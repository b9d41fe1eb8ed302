"""What the document, or the caller, says of a name is used for the same name elsewhere in it."""

from __future__ import annotations

from collections.abc import Mapping

from streams.enrich.actors import KnownActor
from streams.enrich.lexicon import Entry, Phrases
from streams.enrich.marks import Mark
from streams.enrich.reading import Reading

_SHORTEST_SURNAME = 3
_LEARNED, _TOLD = 0.85, 0.8


def learn(reading: Reading, known: Mapping[str, KnownActor]) -> None:
    """Mark the bare surnames of persons the document names in full, then the names known from outside."""
    learned = _surnames(reading)
    if learned:
        _mark_surnames(reading, learned)
    if known:
        _mark_known(reading, _phrases(known))


def _surnames(reading: Reading) -> dict[str, Entry]:
    surnames: dict[str, Entry] = {}
    for mark in reading.marks.names:
        entry, key = mark.entry, reading.tokens.keys[mark.last]
        if entry is None or entry.kind != "person" or entry.code is None:
            continue
        if len(key) >= _SHORTEST_SURNAME and key not in reading.lexicon.headings:
            surnames.setdefault(key, entry)
    return surnames


def _mark_surnames(reading: Reading, surnames: dict[str, Entry]) -> None:
    tokens, marks = reading.tokens, reading.marks
    for index, key in enumerate(tokens.keys):
        if key not in surnames or marks.covered[index] or not tokens.caps[index]:
            continue
        # Another person of that name: Jill Biden, Boris Becker.
        namesake = index > 0 and tokens.joined[index] and tokens.keys[index - 1] in reading.lexicon.forenames
        if not namesake:
            marks.put(Mark(index, index, surnames[key], found_by="learned", confidence=_LEARNED))


def _phrases(known: Mapping[str, KnownActor]) -> Phrases:
    phrases = Phrases()
    for phrase, actor in sorted(known.items()):
        entry = Entry(
            name=actor.name,
            kind="known",
            type=actor.type,
            code=actor.country,
            role=actor.role,
            id=actor.id,
        )
        phrases.add(phrase, entry)
    return phrases


def _mark_known(reading: Reading, phrases: Phrases) -> None:
    tokens, marks = reading.tokens, reading.marks
    for index, key in enumerate(tokens.keys):
        if not tokens.caps[index]:
            continue
        for last in range(index + phrases.longest.get(key, 0) - 1, index - 1, -1):
            if last >= len(tokens) or not all(tokens.joined[index + 1 : last + 1]):
                continue
            entry = phrases.entries.get(reading.key(index, last))
            if entry is not None and not any(marks.covered[index : last + 1]):
                marks.put(Mark(index, last, entry, found_by="known", confidence=_TOLD))
                break
