"""Lines in partitions by key, in memory while they are few and in one temporary file when not."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Self

PARTITIONS = 256
_BUFFER_BYTES = 64 * 1024


class Spill:
    """Lines, each in the partition of its key, so that what may belong together is read together.

    Holds at most ``partitions`` × 64 KiB and one line for each; the rest is in a file that has no name.
    """

    def __init__(self, partitions: int = PARTITIONS) -> None:
        """Start empty; the file is made when it is needed."""
        self._buffers = [bytearray() for _ in range(partitions)]
        self._chunks: list[list[tuple[int, int]]] = [[] for _ in range(partitions)]
        self._file: IO[bytes] | None = None
        self._end = 0

    def add(self, key: bytes, line: bytes) -> None:
        """Keep a line, which holds no line feed.

        Raises:
            OSError: the temporary folder is full.
        """
        number = zlib.crc32(key) % len(self._buffers)
        buffer = self._buffers[number]
        buffer += line
        buffer += b"\n"
        if len(buffer) >= _BUFFER_BYTES:
            self._flush(number)

    def _flush(self, number: int) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="dateline-diff-", buffering=0)  # noqa: SIM115
        buffer = self._buffers[number]
        view = memoryview(buffer)
        done = 0
        while done < len(view):
            done += self._file.write(view[done:])
        self._chunks[number].append((self._end, done))
        self._end += done
        self._buffers[number] = bytearray()

    def read(self, number: int) -> list[bytes]:
        """Return the lines of a partition, in the order in which they came."""
        parts = [self._read(offset, size) for offset, size in self._chunks[number]]
        lines = b"".join([*parts, self._buffers[number]]).split(b"\n")
        lines.pop()  # what follows the last line feed: nothing
        return lines

    def _read(self, offset: int, size: int) -> bytes:
        assert self._file is not None
        data = os.pread(self._file.fileno(), size, offset)
        assert len(data) == size
        return data

    def __iter__(self) -> Iterator[list[bytes]]:
        """Return the partitions, in their order."""
        return map(self.read, range(len(self._buffers)))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the file go."""
        self.close()

    def close(self) -> None:
        """Let the file go; it has no name, so nothing is left when the process dies either."""
        if self._file is not None:
            self._file.close()
            self._file = None
