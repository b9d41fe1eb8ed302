"""One archived record: all that Kafka gave, as one line of JSON.

Bytes that are UTF-8 stand as text, others as ``{"base64": …}``; both come back byte for byte.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from streams import headers as h
from streams.errors import InvalidRecord
from streams.ids import site_of

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord


class Base64(msgspec.Struct, frozen=True):
    """Bytes that are not UTF-8."""

    base64: str


Text: TypeAlias = str | Base64 | None


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    topic: str
    partition: int
    offset: int
    timestamp: int
    key: Text = None
    headers: tuple[tuple[str, Text], ...] = ()
    value: Text = None


class _Site(msgspec.Struct, frozen=True):
    site: str = ""


class _Sited(msgspec.Struct, frozen=True):
    """Where documents, enriched documents and events say their site, and a RawPage its address."""

    site: str = ""
    document: _Site = _Site()
    url: str | None = None


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it stood on its topic; ``timestamp`` is in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None

    @classmethod
    def of(cls, record: ConsumerRecord) -> Archived:
        """Take over a record that was consumed."""
        return cls(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp=record.timestamp,
            key=record.key,
            headers=tuple((name, value) for name, value in record.headers),
            value=record.value,
        )

    @property
    def place(self) -> str:
        """TOPIC/PARTITION/OFFSET: the lineage of what is made from it."""
        return h.lineage(self.topic, self.partition, self.offset).decode()

    @property
    def site(self) -> str:
        """Site of the page that the record is, or came from; empty where it says none."""
        url = dict(self.headers).get(h.URL)
        if url:
            return site_of(h.text(url))
        try:
            said = _SITED.decode(self.value or b"{}")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return ""
        return said.site or said.document.site or site_of(said.url or "")


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(_Line)
_SITED = msgspec.json.Decoder(_Sited)


def to_line(record: Archived) -> bytes:
    """Return the record as a line of JSON, with its line feed."""
    return (
        _ENCODER.encode(
            _Line(
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                timestamp=record.timestamp,
                key=_text(record.key),
                headers=tuple((header_name(name), _text(value)) for name, value in record.headers),
                value=_text(record.value),
            )
        )
        + b"\n"
    )


def from_line(line: bytes) -> Archived:
    """Read a line.

    Raises:
        InvalidRecord: it is no archived record; the message says why.
    """
    try:
        found = _DECODER.decode(line)
        return Archived(
            topic=found.topic,
            partition=found.partition,
            offset=found.offset,
            timestamp=found.timestamp,
            key=_bytes(found.key),
            headers=tuple((name, _bytes(value)) for name, value in found.headers),
            value=_bytes(found.value),
        )
    except (msgspec.DecodeError, UnicodeError, RecursionError, binascii.Error) as error:
        raise InvalidRecord(f"not an archived record: {error}") from error


def header_name(name: str) -> str:
    """Return a header's name as files can hold it: one that was not UTF-8 has lone surrogates."""
    return name.encode("utf-8", "backslashreplace").decode()


def _text(value: bytes | None) -> Text:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return Base64(base64.b64encode(value).decode())


def _bytes(value: Text) -> bytes | None:
    match value:
        case Base64():
            return base64.b64decode(value.base64, validate=True)
        case str():
            return value.encode()
        case _:
            return None
