r"""Reads what aiokafka cannot: names of headers that are not UTF-8, and batches that are damaged.

aiokafka 0.14 raises on either, at each try anew: a worker ends, is started again and ends, and a reader
never comes past it; records that it had read before in the same answer are dropped. Kafka takes any bytes
as a name, so one record is enough. :func:`mend_aiokafka` mends it for the whole process:

- a name is read as :func:`streams.headers.text` reads a value, each byte that is no UTF-8 as ``\xff``;
- on the topics given to :func:`tolerate_damage`, each offset of a damaged batch becomes a record with the
  header ``dateline_damaged``, which a stage turns into a dead letter. The first one holds the batch's bytes.

Source: https://kafka.apache.org/documentation/#recordbatch (message format 2).
"""

from __future__ import annotations

import struct
import time
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

import structlog
from aiokafka.consumer import fetcher

from streams import headers as h
from streams.broker.lenient import Record, read_leniently

log = structlog.get_logger(__name__)

_PREFIX = struct.Struct(">qi")  # base offset, length of what follows
_MAGIC, _NEWEST = 16, 2
#: Of a batch whose head cannot be trusted: more records than any producer puts into one.
_MOST = 1_000_000
_MemoryRecords: Any = fetcher.MemoryRecords
_PartitionRecords: Any = fetcher.PartitionRecords
_tolerated: set[str] = set()


def tolerate_damage(topics: Collection[str]) -> None:
    """Let damaged batches of these topics (full names) become records that say so; elsewhere they raise."""
    _tolerated.update(topics)


class Records:
    """The batches of one answer; stands in for aiokafka's ``MemoryRecords``."""

    def __init__(self, data: bytes) -> None:
        """Take the bytes of one partition in an answer to a fetch; the last batch may be cut off."""
        self._inner, self._data, self._at = _MemoryRecords(data), data, 0
        self.tolerant = False

    def size_in_bytes(self) -> int:
        """Return how many bytes were given."""
        return len(self._data)

    def has_next(self) -> bool:
        """Whether a whole batch is left."""
        return bool(self._inner.has_next())

    def next_batch(self) -> Any:
        """Return the next batch; None where none is left.

        Raises:
            CorruptRecordException: it is shorter than any batch.
        """
        inner = self._inner.next_batch()
        if inner is None:
            return None
        _, length = _PREFIX.unpack_from(self._data, self._at)
        start, self._at = self._at, self._at + _PREFIX.size + length
        raw = memoryview(self._data)[start : self._at]
        return Batch(inner, raw, tolerant=self.tolerant) if raw[_MAGIC] >= _NEWEST else inner


class Batch:
    """One batch. Its records are read by aiokafka, and read again here from the first that it cannot read."""

    def __init__(self, inner: Any, raw: memoryview, *, tolerant: bool) -> None:
        """Wrap aiokafka's batch; ``raw`` are its bytes."""
        self._inner, self._raw, self._tolerant = inner, raw, tolerant
        self._damage = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def validate_crc(self) -> bool:
        """Whether the bytes are those that were sent, or the damage becomes records."""
        if self._inner.validate_crc():
            return True
        self._damage = "its checksum does not fit"
        return self._tolerant and self._is_plausible()

    def __next__(self) -> Any:
        return next(self._inner)

    def __iter__(self) -> Iterator[Any]:
        given = 0
        if not self._damage:
            try:
                for record in self._inner:
                    given += 1
                    yield record
            except UnicodeDecodeError:
                yield from islice(read_leniently(self._raw), given, None)
                return
            except Exception as error:  # whatever a codec says of nonsense
                if not (self._tolerant and self._is_plausible()):
                    raise
                self._damage = f"{type(error).__name__}: {error}"
            else:
                return
        yield from islice(self._damaged(), given, None)

    def _is_plausible(self) -> bool:
        """Whether the head of the batch seems to be whole: without it the next offset is not known."""
        inner, (count,) = self._inner, struct.unpack_from(">i", self._raw, 57)
        return bool(
            0 < count <= _MOST and inner.last_offset_delta == count - 1 and not inner.is_control_batch
        )

    def _damaged(self) -> Iterator[Record]:
        first, end = self._inner.base_offset, self._inner.next_offset
        log.error("a damaged batch: each of its records becomes a dead letter", first=first, end=end)
        reason = f"the batch of offsets {first} to {end - 1} is damaged: {self._damage}".encode()
        now = int(time.time() * 1000)
        for offset in range(first, end):
            value = bytes(self._raw) if offset == first else None
            yield Record(offset, now, 0, None, value, [(h.DAMAGED, reason)])


class _Partition(_PartitionRecords):  # type: ignore[misc]  # aiokafka publishes no types
    def __init__(self, tp: Any, records: Records, *rest: Any) -> None:
        records.tolerant = tp.topic in _tolerated
        super().__init__(tp, records, *rest)


def mend_aiokafka() -> None:
    """Let every consumer of this process read through this module; may be called again."""
    # The fetcher has no place for either: it makes them by these names.
    fetcher.MemoryRecords = Records
    fetcher.PartitionRecords = _Partition
