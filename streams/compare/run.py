"""One run: its events, checked as they come and kept by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import msgspec

from streams.compare.spill import Spill
from streams.errors import InvalidRecord
from streams.records import Event

_EVENT = msgspec.json.Decoder(Event)
_KNOWN = frozenset(Event.__dataclass_fields__)
#: Distinct coder versions that are named; what a broken input has more is not.
_VERSIONS = 100


class Run:
    """The events of one run, in any order; a record that comes twice counts once.

    As on a compacted topic the last record of an id stands, for each page address: one document that
    two sites print gives one id twice.
    """

    def __init__(self, name: str, *, coder: str | None = None) -> None:
        """Name the run as its reader knows it; with ``coder``, keep only what that version coded."""
        self.name = name
        self.coder = coder
        self.records = 0
        self.left_out = 0
        self.versions: Counter[str] = Counter()
        #: Fields that this version of Dateline does not know, and so does not compare.
        self.unknown: set[str] = set()
        self.spill = Spill()

    def add(self, line: bytes, where: str) -> None:
        """Add an event.

        Raises:
            InvalidRecord: it is no event of this schema; the message says where and why.
        """
        event = decode(line, where)
        if not self.records and not self.left_out:
            self.unknown = set(msgspec.json.decode(line)) - _KNOWN
        if event.coder_version in self.versions or len(self.versions) < _VERSIONS:
            self.versions[event.coder_version] += 1
        if self.coder is not None and event.coder_version != self.coder:
            self.left_out += 1
            return
        self.records += 1
        self.spill.add(_key(event.event_id), line if b"\n" not in line else line.replace(b"\n", b" "))

    def remove(self, event_id: str) -> None:
        """Take an event away, as a record without a value does on a compacted topic."""
        self.spill.add(_key(event_id), msgspec.json.encode(event_id))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the temporary file go."""
        self.spill.close()


def _key(event_id: str) -> bytes:
    return event_id.encode("utf-8", "surrogatepass")


def decode(line: bytes, where: str) -> Event:
    """Decode an event.

    Raises:
        InvalidRecord: it is none of this schema version; the message says what it looks like.
    """
    try:
        return _EVENT.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"{where}: {_what_it_is(line)} ({error})") from error


def _what_it_is(line: bytes) -> str:
    try:
        given = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "not JSON Lines"
    keys = set(given) if isinstance(given, dict) else set()
    for kind, signs in _LOOKS_LIKE:
        if signs <= keys:
            return f"{kind}, not an event"
    if "event_id" in keys:
        return "an event of another schema version: this Dateline reads schemas/events/v1.json"
    return "not an event"


_LOOKS_LIKE: tuple[tuple[str, set[str]], ...] = (
    ("an enriched document", {"document", "entities"}),
    ("a document", {"document_id", "parts"}),
    ("a raw page", {"url", "body"}),
    ("a page", {"url", "html"}),
    ("a page or text to code", {"id", "text"}),
)


def events_of(line: bytes) -> Iterator[bytes]:
    """Yield the events of one line that ``dateline code`` writes.

    A line is an event, or with ``--pages`` and ``--texts`` an object with a list of events.
    """
    if line.startswith(b'{"event_id"'):
        yield line
        return
    try:
        wrapped = _WRAPPED.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield line  # Run.add says what is wrong with it
        return
    if wrapped.events is None or wrapped.event_id is not None:
        yield line
    else:
        yield from map(bytes, wrapped.events)


class _Wrapped(msgspec.Struct):
    events: list[msgspec.Raw] | None = None
    event_id: msgspec.Raw | None = None


_WRAPPED = msgspec.json.Decoder(_Wrapped)
