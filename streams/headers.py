"""Record headers: CloudEvents in binary mode, lineage, tracing, and what a dead letter says.

Source: CloudEvents 1.0.2, Kafka protocol binding 1.0.2. Header values are UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from streams.errors import InvalidRecord

Header = tuple[str, bytes]

URL, CONTENT_TYPE, FETCHED_AT, PUBLISHER = "url", "content-type", "fetched-at", "publisher"
LINEAGE, PAGE_TIME, CE_ID = "dateline_lineage", "dateline_page_time", "ce_id"
TRACEPARENT, TRACESTATE = "traceparent", "tracestate"
#: Stands on a record that a replay sent: its id. Lineage and time of a page are then those of the first one.
REPLAY = "dateline_replay"
#: Stands on a record of a damaged batch instead of what it had; its value says what is wrong.
DAMAGED = "dateline_damaged"
#: Headers that every record made from a page passes on, beside its trace context.
PASSED_ON = (LINEAGE, PAGE_TIME, REPLAY)

_DEAD = "dl_"
_MAX_CHARS = {"message": 1000, "traceback": 8000}
# Control characters but tab and line feed, what turns the direction of the text, and what is no character.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAKS = re.compile("[\t\n\u2028\u2029]")
# W3C Trace Context, of any version but ff; ids of zeros are none.
_TRACEPARENT = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{,200})?"
)
_MAX_TRACESTATE = 512
_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_LINE, _SHORT = 2000, 200


def text(value: bytes | None) -> str:
    """Return a header's value as text; bytes that are not UTF-8 are shown, not refused."""
    return (value or b"").decode("utf-8", "backslashreplace")


def printable(value: str) -> str:
    """Return the text without what could steer a terminal or show words in another order than they stand."""
    return _UNWANTED.sub("�", value)


def one_line(value: str) -> str:
    """Return the text as :func:`printable` does, on one line; cut where it is long."""
    shown = value if len(value) <= _LINE else f"{value[:_LINE]}… ({len(value):,} characters)"
    return _BREAKS.sub("�", printable(shown))


def harmless_json(value: bytes) -> bytes:
    """Return JSON in which what could steer a terminal is escaped: it reads as the same."""
    shown = _UNWANTED.sub(lambda found: f"\\u{ord(found[0]):04x}", text(value))
    return shown.encode()


def short(value: bytes) -> str:
    """Return a header's value as one short line: what names a record in logs and traces."""
    return one_line(text(value[:_SHORT]))


def timestamp(moment: datetime) -> str:
    """Return an RFC 3339 time in UTC with milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(fetched_at: str) -> datetime | None:
    """Return the time that a fetched-at header gives, in UTC where it names no zone; None when it is empty.

    Raises:
        InvalidRecord: it is not an RFC 3339 time.
    """
    if not fetched_at:
        return None
    try:
        found = datetime.fromisoformat(fetched_at)
    except ValueError as error:
        raise InvalidRecord(f"header fetched-at is not an RFC 3339 time: {fetched_at[:40]!r}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def cloud_event(*, event_id: str, event_type: str, source: str, moment: datetime) -> list[Header]:
    """Return the CloudEvents headers of a JSON record."""
    return [
        ("ce_specversion", b"1.0"),
        (CE_ID, event_id.encode()),
        ("ce_type", event_type.encode()),
        ("ce_source", source.encode()),
        ("ce_time", timestamp(moment).encode()),
        (CONTENT_TYPE, b"application/json"),
    ]


def lineage(topic: str, partition: int, offset: int) -> bytes:
    """Return the lineage header: where the page stands that a record came from."""
    return f"{topic}/{partition}/{offset}".encode()


def place(value: bytes | None) -> tuple[str, int, int] | None:
    """Read a lineage header: topic, partition and offset; None where it is none."""
    topic, partition, offset = ["", "", "", *text(value).rsplit("/", 2)][-3:]
    numbers = whole_number(partition), whole_number(offset)
    if not topic or numbers[0] is None or numbers[1] is None or min(numbers[0], numbers[1]) < 0:
        return None
    return topic, numbers[0], numbers[1]


def trace_context(headers: Mapping[str, bytes]) -> list[Header]:
    """Return the headers of the W3C trace context; none where they are not valid: a trace begins anew."""
    parent, state = headers.get(TRACEPARENT) or b"", headers.get(TRACESTATE) or b""
    if not _TRACEPARENT.fullmatch(parent):
        return []
    return [(TRACEPARENT, parent), *([(TRACESTATE, state)] if 0 < len(state) <= _MAX_TRACESTATE else [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What the headers of a dead letter say; its value is the original, unchanged."""

    stage: str
    error: str
    message: str
    traceback: str
    attempts: int
    first_at: str
    last_at: str
    topic: str
    partition: int
    offset: int
    #: Size of the original where it was cut to fit its topic, else 0.
    original_bytes: int = 0
    #: What of the original is not whole, as words with spaces between: key, value, headers.
    cut: str = ""

    def to_headers(self) -> list[Header]:
        """Return the headers; long texts are cut so that a dead letter always fits."""
        return [
            (f"{_DEAD}{f.name}", _cut(f.name, str(getattr(self, f.name))).encode("utf-8", "backslashreplace"))
            for f in fields(self)
        ]

    def carried(self) -> list[Header]:
        """Return the headers a record takes back to its topic, so that a next letter counts on."""
        said = {"attempts": str(self.attempts), "first_at": self.first_at}
        return [(f"{_DEAD}{name}", value.encode("utf-8", "backslashreplace")) for name, value in said.items()]

    def after(self, before: DeadLetter) -> DeadLetter:
        """Return this letter of a record that came back from an earlier one: it counts on from there."""
        attempts = max(0, before.attempts) + self.attempts
        return replace(self, attempts=attempts, first_at=before.first_at or self.first_at)

    @classmethod
    def from_headers(cls, headers: Iterable[tuple[str, bytes]]) -> DeadLetter:
        """Read the headers; what is missing or broken becomes empty or 0."""
        given = {name.removeprefix(_DEAD): text(value) for name, value in headers if name.startswith(_DEAD)}
        values: dict[str, Any] = {
            f.name: whole_number(given.get(f.name)) or 0 if f.type == "int" else given.get(f.name, "")
            for f in fields(cls)
        }
        return cls(**values)


def _cut(name: str, value: str) -> str:
    limit = _MAX_CHARS.get(name, 1000)
    # The end of a traceback says more than its start.
    return (
        value if len(value) <= limit else value[-limit:] if name == "traceback" else value[: limit - 1] + "…"
    )


def whole_number(value: str | None) -> int | None:
    """Return a header's whole number; None where it is none: anybody may write --1, ² or a million digits."""
    return int(value) if value and _NUMBER.fullmatch(value) else None


def original(headers: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> list[Header]:
    """Return the headers of the record that became a dead letter."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return [(name, value) for name, value in pairs if not name.startswith(_DEAD)]
