"""Reads a record batch whatever bytes the names of its headers are.

Source: https://kafka.apache.org/documentation/#recordbatch (message format 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy

from streams import headers as h

_MORE = 0x80  # the bit of a number's byte that says that another follows


class Record(NamedTuple):
    """A record as aiokafka's fetcher takes it."""

    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]
    checksum: None = None


def read_leniently(raw: memoryview | bytes) -> Iterator[Record]:
    """Yield the records of a batch whatever the names of their headers are.

    Raises:
        CorruptRecordException: the bytes are no records.
    """
    batch: Any = _DefaultRecordBatchPy(raw)
    batch._maybe_uncompress()  # noqa: SLF001  (knows all codecs)
    buffer, at = bytes(batch._buffer), batch._pos  # noqa: SLF001
    appended = batch.timestamp_type == batch.LOG_APPEND_TIME
    try:
        for _ in range(batch._num_records):  # noqa: SLF001
            length, at = _varint(buffer, at)
            end = at + length
            delta, at = _varint(buffer, at + 1)  # one byte of attributes, which mean nothing yet
            offset, at = _varint(buffer, at)
            key, at = _bytes(buffer, at)
            value, at = _bytes(buffer, at)
            count, at = _varint(buffer, at)
            headers = []
            for _ in range(count):
                name, at = _bytes(buffer, at)
                given, at = _bytes(buffer, at)
                headers.append((h.text(name), given))
            if at != end:
                raise CorruptRecordException(f"a record of {length} bytes ends {end - at} bytes early")
            timestamp = batch.max_timestamp if appended else batch.first_timestamp + delta
            yield Record(batch.base_offset + offset, timestamp, batch.timestamp_type, key, value, headers)
    except (IndexError, ValueError) as error:
        raise CorruptRecordException(f"no record: {error}") from error


def _bytes(buffer: bytes, at: int) -> tuple[bytes | None, int]:
    length, at = _varint(buffer, at)
    if at + length > len(buffer):
        raise ValueError(f"{length} bytes at {at} of {len(buffer)}")
    return (None, at) if length < 0 else (buffer[at : at + length], at + length)


def _varint(buffer: bytes, at: int) -> tuple[int, int]:
    """Return a zigzag number and where it ends; aiokafka's own reads on beyond the end of the bytes."""
    number = shift = 0
    while buffer[at] & _MORE:
        number |= (buffer[at] ^ _MORE) << shift
        at, shift = at + 1, shift + 7
    number |= buffer[at] << shift
    return (number >> 1) ^ -(number & 1), at + 1
