"""Writes records into an archive, checkpoint by checkpoint; what is killed in between loses nothing."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import zstandard

from streams import __version__
from streams.archive import manifest
from streams.archive.manifest import About, Checkpoint, Frame, Gap, Manifest
from streams.archive.record import Archived, to_line
from streams.errors import InvalidRecord

#: Bytes of lines that are held until a checkpoint writes them.
CHECKPOINT_BYTES = 64 << 20
SUFFIX = ".jsonl.zst"
_LEVEL = 6
_LONGEST_SITE = 120
#: For so many files at once, asking the system to write everything costs less than one request for each.
_MANY = 16


def file_of(record: Archived) -> str:
    """Return the file of a record in its archive: ``date=2026-03-04/site=press.example.jsonl.zst``."""
    try:
        day = datetime.fromtimestamp(record.timestamp / 1000, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        day = "unknown"
    # A host holds no slash, but anyone may write a page's address.
    site = quote(record.site, safe="", errors="backslashreplace")[:_LONGEST_SITE] or "unknown"
    return f"date={day}/site={site.replace('.', '%2E') if not site.strip('.') else site}{SUFFIX}"


class _Pending:
    """Lines of one file that no checkpoint has yet."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.first = self.last = 0

    def add(self, line: bytes, timestamp: int) -> None:
        self.first = min(self.first, timestamp) if self.lines else timestamp
        self.last = max(self.last, timestamp) if self.lines else timestamp
        self.lines.append(line)


class Writer:
    """Adds the records of one topic to an archive. One writer at a time; a context manager."""

    def __init__(self, folder: Path, topic: str) -> None:
        """Open an archive for writing, or make it; take away what no checkpoint covers.

        Raises:
            InvalidRecord: it is the archive of another topic, somebody writes to it, or it is none and
                the folder holds other things.
        """
        if not manifest.is_archive(folder):
            if folder.exists() and any(folder.iterdir()):
                raise InvalidRecord(f"{folder}: not an archive, and not empty: nothing was written")
            manifest.begin(folder, About(format=manifest.FORMAT, topic=topic, made_by=__version__))
        self._folder = folder
        self._journal = os.open(folder / manifest.NAME, os.O_RDWR | os.O_APPEND)
        try:
            self._lock()
            self.manifest = manifest.load(folder)
            self._check_topic(topic)
            self._sizes = self.manifest.file_sizes()
            self._take_back(self.manifest)
        except BaseException:
            os.close(self._journal)
            raise
        self.next = dict(self.manifest.next)
        self.records = self.manifest.records
        self._gaps: list[Gap] = []
        self._pending: dict[str, _Pending] = {}
        self._held = 0

    def _lock(self) -> None:
        try:
            fcntl.flock(self._journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidRecord(f"{self._folder}: another process is writing to this archive") from None

    def _check_topic(self, topic: str) -> None:
        if self.manifest.about.topic != topic:
            raise InvalidRecord(f"{self._folder}: the archive of {self.manifest.about.topic}, not of {topic}")

    def _take_back(self, found: Manifest) -> None:
        """Cut off what was being written when the last writer ended."""
        os.ftruncate(self._journal, found.size)
        for path in self._folder.glob(f"date=*/site=*{SUFFIX}"):
            size = self._sizes.get(path.relative_to(self._folder).as_posix(), 0)
            if not size:
                path.unlink()
            elif path.stat().st_size > size:
                os.truncate(path, size)

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it; records added after the last checkpoint are not in the archive."""
        os.close(self._journal)

    def add(self, record: Archived) -> None:
        """Add a record; it counts from the next checkpoint on, which may be at once."""
        line = to_line(record)
        pending = self._pending.setdefault(file_of(record), _Pending())
        pending.add(line, record.timestamp)
        self._held += len(line)
        self.next[record.partition] = record.offset + 1
        self.records += 1
        if self._held >= CHECKPOINT_BYTES:
            self.checkpoint()

    def skip(self, gap: Gap) -> None:
        """Note offsets that are no longer there."""
        self._gaps.append(gap)
        self.next[gap.partition] = gap.next

    def checkpoint(self) -> None:
        """Make everything that was added count."""
        following = {str(partition): offset for partition, offset in sorted(self.next.items())}
        if not self._pending and self.next == self.manifest.next and not self._gaps:
            return
        frames = [self._write(file, pending) for file, pending in sorted(self._pending.items())]
        self._sync(frames)
        manifest.append(self._journal, [*frames, *self._gaps, Checkpoint(next=following)])
        for frame in frames:
            self._sizes[frame.file] = frame.start + frame.bytes
        self._pending, self._gaps, self._held = {}, [], 0

    def _write(self, file: str, pending: _Pending) -> Frame:
        plain = b"".join(pending.lines)
        packed = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(plain)
        path = self._folder / file
        path.parent.mkdir(exist_ok=True)
        with path.open("ab") as out:
            out.write(packed)
        return Frame(
            file=file,
            start=self._sizes.get(file, 0),
            bytes=len(packed),
            sha256=hashlib.sha256(packed).hexdigest(),
            records=len(pending.lines),
            plain_bytes=len(plain),
            first=pending.first,
            last=pending.last,
        )

    def _sync(self, frames: Iterable[Frame]) -> None:
        paths = [self._folder / frame.file for frame in frames]
        if len(paths) > _MANY:
            os.sync()
            return
        for path in {*paths, *(path.parent for path in paths), *([self._folder] if paths else [])}:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
