"""As much of an event as it takes to pair and count it: reading all of it costs four times as much."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from streams.compare.changes import FIELDS
from streams.records import Event


class Span(msgspec.Struct, gc=False):
    """``[start, end)``."""

    start: int
    end: int


class Spans(msgspec.Struct, gc=False):
    """The spans that events are paired by."""

    trigger: Span
    evidence: Span


class Side(msgspec.Struct, gc=False):
    """One actor."""

    country: str | None = None


class Lineage(msgspec.Struct, gc=False):
    """The page."""

    page_id: str


class Head(msgspec.Struct, gc=False):
    """What :mod:`streams.compare.match` and :mod:`streams.compare.tally` look at."""

    event_id: str
    document_id: str
    event_class: str
    type: str
    page_url: str
    site: str
    evidence: str
    spans: Spans
    lineage: Lineage
    source: list[Side] = []
    target: list[Side] = []

    @property
    def page(self) -> str:
        """What names its page: the address, or the hash of address and bytes."""
        return self.page_url or self.lineage.page_id


class Kept(NamedTuple):
    """An event: its head, and all of it as JSON."""

    head: Head
    line: bytes

    def event(self) -> Event:
        """Return all of it."""
        return _EVENT.decode(self.line)


def _flat(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass").replace(b"\t", b" ").replace(b"\n", b" ")


class Left(NamedTuple):
    """An event that has no counterpart yet: where it stands, and all of it as JSON.

    Events that stand in one place have equal bytes there; the reverse holds but for blanks.
    """

    document: bytes
    page: bytes
    line: bytes

    @classmethod
    def of(cls, kept: Kept) -> Left:
        """Say where an event stands."""
        head = kept.head
        return cls(_flat(head.document_id), _flat(head.page), kept.line)

    @classmethod
    def read(cls, record: bytes) -> Left:
        """Read what :meth:`record` wrote."""
        return cls(*record.split(b"\t", 2))

    def record(self) -> bytes:
        """Return it as one line."""
        return b"\t".join(self)


_EVENT = msgspec.json.Decoder(Event)
_HEAD = msgspec.json.Decoder(Head)
#: Every compared field as the bytes that it has: two events are mostly alike in these, too.
_BYTES = msgspec.json.Decoder(
    msgspec.defstruct("_Bytes", [(name, msgspec.Raw, msgspec.Raw()) for name in FIELDS], gc=False)
)


def keep(line: bytes) -> Kept:
    """Read the head of an event that was checked before."""
    return Kept(_HEAD.decode(line), line)


def alike(a: bytes, b: bytes) -> bool:
    """Whether all compared fields are written alike; when not, they may still be equal."""
    return a == b or bool(_BYTES.decode(a) == _BYTES.decode(b))
