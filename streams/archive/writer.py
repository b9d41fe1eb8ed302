"""Writes records into an archive, checkpoint by checkpoint; what is killed in between loses nothing."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from streams import __version__
from streams.archive import forms, manifest
from streams.archive.forms import Form
from streams.archive.manifest import About, Checkpoint, Frame, Gap, Manifest
from streams.archive.record import Archived
from streams.errors import InvalidRecord

#: Bytes of records that are held until a checkpoint writes them; a record may be larger, and is alone then.
CHECKPOINT_BYTES = 64 << 20
_RECORD_BYTES = 300  # of what a record is beside its key, value and headers
_LONGEST_SITE = 120
_SITE = re.compile(r"^date=[^/]*/site=(.*?)(?:/\d+)?\.(?:jsonl\.zst|warc\.gz|parquet)$")
#: For so many files at once, asking the system to write everything costs less than one request for each.
_MANY = 16


def file_of(record: Archived) -> str:
    """Return the file of a record in its archive, without suffix: ``date=2026-03-04/site=press.example``."""
    try:
        day = datetime.fromtimestamp(record.timestamp / 1000, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        day = "unknown"
    return f"date={day}/site={name_of(record.site)}"


def name_of(site: str) -> str:
    """Return what files call a site; a host holds no slash, but anyone may write a page's address."""
    name = quote(site, safe="", errors="backslashreplace")[:_LONGEST_SITE] or "unknown"
    return name if name.strip(".") else name.replace(".", "%2E")


def site_name(file: str) -> str:
    """Return what a file of an archive calls its site, as :func:`name_of` gives it."""
    return _SITE.sub(r"\1", file)


class Writer:
    """Adds the records of one topic to an archive. One writer at a time; a context manager."""

    def __init__(self, folder: Path, topic: str, form: str | None = None) -> None:
        """Open an archive for writing, or make it; take away what no checkpoint covers.

        Args:
            folder: where it is.
            topic: what it is of.
            form: of its files; without, that which it has, or the default.

        Raises:
            InvalidRecord: it is the archive of another topic, has another form, somebody writes to it,
                or it is none and the folder holds other things.
            ConfigurationError: its form needs an extra that is not installed.
        """
        if not manifest.is_archive(folder):
            if not manifest.is_new(folder):
                raise InvalidRecord(f"{folder}: not an archive, and not empty: nothing was written")
            made = forms.named(form or forms.DEFAULT)
            about = About(format=manifest.FORMAT, topic=topic, made_by=__version__, form=made.name)
            manifest.begin(folder, about)
        self._folder = folder
        self._journal = os.open(folder / manifest.NAME, os.O_RDWR | os.O_APPEND)
        try:
            self._lock()
            self.manifest = manifest.load(folder)
            self._check_topic(topic)
            self._form = self._formed(form)
            self._journal_size = self.manifest.size
            self._sizes = self.manifest.file_sizes()
            self._parts = Counter(file.rpartition("/")[0] for file in self._sizes)
            self._take_back(self.manifest)
        except BaseException:
            os.close(self._journal)
            raise
        self.next = dict(self.manifest.next)
        self.records = self.manifest.records
        self._gaps: list[Gap] = []
        self._pending: dict[str, list[Archived]] = {}
        self._held = 0

    def _lock(self) -> None:
        try:
            fcntl.flock(self._journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidRecord(f"{self._folder}: another process is writing to this archive") from None

    def _check_topic(self, topic: str) -> None:
        if self.manifest.about.topic != topic:
            raise InvalidRecord(f"{self._folder}: the archive of {self.manifest.about.topic}, not of {topic}")

    def _formed(self, form: str | None) -> Form:
        has = self.manifest.about.form
        if form not in (None, has):
            raise InvalidRecord(f"{self._folder}: an archive of {has} files, not of {form}")
        return forms.named(has)

    def _take_back(self, found: Manifest) -> None:
        """Cut off what was being written when the last writer ended."""
        os.ftruncate(self._journal, found.size)
        for path in manifest.files(self._folder, self._form.suffix):
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
        size = _RECORD_BYTES + len(record.key or b"") + len(record.value or b"")
        size += sum(len(name) + len(value or b"") for name, value in record.headers)
        if self._held + size > CHECKPOINT_BYTES:  # a frame of both might unpack to more than is read
            self.checkpoint()
        self._pending.setdefault(file_of(record), []).append(record)
        self._held += size
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
        frames = [self._write(place, records) for place, records in sorted(self._pending.items())]
        self._sync(frames)
        self._journal_size = manifest.append(
            self._journal, self._journal_size, [*frames, *self._gaps, Checkpoint(next=following)]
        )
        for frame in frames:
            self._sizes[frame.file] = frame.start + frame.bytes
        self._pending, self._gaps, self._held = {}, [], 0

    def _write(self, place: str, records: Sequence[Archived]) -> Frame:
        packed, plain_bytes = self._form.pack(records)
        file = self._file(place)
        start = self._sizes.get(file, 0)
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as out:
            out.truncate(start)  # what a checkpoint that failed has left
            out.write(packed)
        return Frame(
            file=file,
            start=start,
            bytes=len(packed),
            sha256=hashlib.sha256(packed).hexdigest(),
            records=len(records),
            plain_bytes=plain_bytes,
            first=min(record.timestamp for record in records),
            last=max(record.timestamp for record in records),
        )

    def _file(self, place: str) -> str:
        if self._form.grows:
            return place + self._form.suffix
        number = self._parts[place]
        self._parts[place] += 1
        return f"{place}/{number:08d}{self._form.suffix}"

    def _sync(self, frames: Iterable[Frame]) -> None:
        paths = [self._folder / frame.file for frame in frames]
        if len(paths) > _MANY:
            os.sync()
            return
        folders = {
            parent for path in paths for parent in path.parents if self._folder in (parent, *parent.parents)
        }
        for path in {*paths, *folders}:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
