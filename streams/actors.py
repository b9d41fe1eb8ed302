"""What the stream teaches of persons: the rule of the ``actors`` table, without the table.

"Belarusian President Alexander Lukashenko" says that he acts for Belarus, in its government. What a document
says is noted with a count and dates. It is a proposal and codes nothing: an operator looks at it and takes it
into a table of theirs (docs/decisions/0011). A change of office shows as another entry with later dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import msgspec

from streams.enrich.tokens import key_of
from streams.records import EnrichedDocument, Entity, Span

_BESIDE = 60
_BREAK = re.compile(r"[.,;:!?\n—–|]")
_NO_LONGER = frozenset({"former", "ex", "late", "then", "ousted", "deposed", "exiled", "onetime", "future"})
_WORDS = re.compile(r"[^\W\d_]+")
_SHORTEST = 2


class Sighting(NamedTuple):
    """That a document names a person in full, with the state and the sector it gives them."""

    name: str
    country: str
    role: str
    #: The day the document was published; empty where it does not say.
    day: str


def sightings(enriched: EnrichedDocument) -> tuple[Sighting, ...]:
    """Return what a document says of persons, each once."""
    published = enriched.document.published_at
    day = published.value.date().isoformat() if published else ""
    text = enriched.document.text
    found = (
        Sighting(entity.name or entity.surface, entity.country or "", entity.role or "", day)
        for entity in enriched.entities
        if _is_told(entity, text)
    )
    return tuple(dict.fromkeys(found))


def _is_told(entity: Entity, text: str) -> bool:
    if entity.type != "person" or entity.found_by != "role-pattern" or not entity.country:
        return False
    gone = _NO_LONGER & {word.lower() for word in _WORDS.findall(_around(text, entity.span))}
    return not gone and len(key_of(entity.surface).split(" ")) >= _SHORTEST


def _around(text: str, span: Span) -> str:
    """Return the words that lead to a name, and those that explain it after a comma."""
    before = _BREAK.split(text[max(0, span.start - _BESIDE) : span.start])[-1]
    after = text[span.end : span.end + _BESIDE]
    return f"{before} {_BREAK.split(after[1:])[0]}" if after.startswith(",") else before


class Entry(msgspec.Struct, frozen=True):
    """What is noted of one person in one office: in how many documents, from when to when.

    ``offset`` is of the last document that was counted, so that one which is delivered again is not.
    """

    name: str
    country: str
    role: str
    documents: int
    first: str
    last: str
    offset: int

    @property
    def key(self) -> bytes:
        """The table's key: the person, and for whom they act."""
        return entry_key(self.name, self.country, self.role)

    def to_bytes(self) -> bytes:
        """Return it as the table holds it."""
        return msgspec.json.encode(self)

    @classmethod
    def from_bytes(cls, value: bytes) -> Entry | None:
        """Read a value of the table; None when it is no entry."""
        try:
            return msgspec.json.decode(value, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None


def entry_key(name: str, country: str, role: str) -> bytes:
    """Return the table's key of a person in an office."""
    return f"{key_of(name)}|{country}|{role}".encode("utf-8", "backslashreplace")


def noted(entry: Entry | None, told: Sighting, day: date, offset: int) -> Entry:
    """Return the entry to write for a sighting; the same one where this very document was counted before.

    It is written again all the same: the store of a worker that was killed may have more than the changelog.
    ``day`` is that of the page, where the document does not say when it was published.
    """
    when = told.day or day.isoformat()
    if entry is None:
        return Entry(told.name, told.country, told.role, 1, when, when, offset)
    if offset <= entry.offset:
        return entry
    return Entry(
        entry.name, entry.country, entry.role, entry.documents + 1, min(entry.first, when),
        max(entry.last, when), offset,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What the whole stream says of one person in one office."""

    name: str
    country: str
    role: str
    documents: int
    first: str
    last: str


def together(entries: Iterable[Entry]) -> list[Learned]:
    """Return the entries of all partitions as one list: by person, of each the latest office first."""
    found: dict[bytes, Learned] = {}
    for entry in entries:
        other = found.get(entry.key)
        one = Learned(
            name=entry.name, country=entry.country, role=entry.role, documents=entry.documents,
            first=entry.first, last=entry.last,
        )  # fmt: skip
        if other is not None:
            one = replace(
                one,
                documents=one.documents + other.documents,
                first=min(one.first, other.first),
                last=max(one.last, other.last),
            )
        found[entry.key] = one
    # Two stable sorts: latest first within a person.
    latest = sorted(found.values(), key=lambda one: (one.last, one.documents), reverse=True)
    return sorted(latest, key=lambda one: key_of(one.name))


def offices(learned: Iterable[Learned]) -> Iterator[list[Learned]]:
    """Yield the offices of each person, the latest first."""
    group: list[Learned] = []
    for one in learned:
        if group and key_of(group[0].name) != key_of(one.name):
            yield group
            group = []
        group.append(one)
    if group:
        yield group
