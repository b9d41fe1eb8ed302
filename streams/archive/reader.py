"""Reads archives: the records that count, and whether every byte is as the manifest says."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from streams.archive import forms, manifest
from streams.archive.forms import Form
from streams.archive.manifest import Frame, Gap
from streams.archive.record import Archived
from streams.errors import InvalidRecord

#: No frame unpacks to more: a checkpoint holds 64 MiB of records, or one that is larger, and JSON makes six
#: bytes of one at most.
_LARGEST = 512 << 20
EXAMPLES = 20


def unpacked(folder: Path, form: Form, frame: Frame) -> Iterator[Archived]:
    """Yield the records of a frame, its bytes checked before the first, their number after the last.

    Raises:
        InvalidRecord: the file is not as the manifest says.
    """
    path = folder / frame.file
    where = f"{path}, bytes {frame.start:,} to {frame.start + frame.bytes:,}"
    if frame.plain_bytes > _LARGEST:
        raise InvalidRecord(f"{where}: the manifest has it unpack to {frame.plain_bytes:,} bytes; refused")
    found = 0
    try:
        for record in form.unpack(_packed(path, frame), frame.plain_bytes):
            found += 1
            yield record
    except InvalidRecord as error:
        at = f", after record {found:,}" if found else ""
        raise InvalidRecord(f"{where}{at}: {error}") from error
    if found != frame.records:
        raise InvalidRecord(f"{where}: {found:,} records where the manifest has {frame.records:,}")


def _packed(path: Path, frame: Frame) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(frame.start)
            packed = file.read(frame.bytes)
    except OSError as error:
        raise InvalidRecord(f"cannot be read: {error.strerror or error}") from error
    if len(packed) < frame.bytes:
        raise InvalidRecord(f"cut off, {frame.bytes - len(packed):,} bytes are missing")
    if hashlib.sha256(packed).hexdigest() != frame.sha256:
        raise InvalidRecord("changed since it was written: its SHA-256 is not the manifest's")
    return packed


def records(
    folder: Path,
    *,
    frames: int | None = None,
    wanted: Callable[[Frame], bool] = lambda _: True,
    skip: int = 0,
) -> Iterator[Archived]:
    """Yield the records of an archive, by day and site, each site's in the order of its topic.

    Args:
        folder: the archive.
        frames: only the first so many, as an archive had once that may have grown since.
        wanted: which frames are read at all.
        skip: so many records of the wanted frames are left out.

    Raises:
        InvalidRecord: the archive is damaged; what came before it was yielded.
    """
    found = manifest.load(folder)
    form = forms.named(found.about.form)
    for frame in ordered(found.frames[:frames]):
        if not wanted(frame):
            continue
        if skip >= frame.records:
            skip -= frame.records
            continue
        yield from itertools.islice(unpacked(folder, form, frame), skip, None)
        skip = 0


def ordered(frames: list[Frame]) -> list[Frame]:
    """Return frames by day and site, those of one file in their order."""
    return sorted(frames, key=lambda frame: (frame.file, frame.start))


@dataclass(kw_only=True)
class Checked:
    """What checking an archive found."""

    topic: str
    records: int = 0
    files: int = 0
    bytes: int = 0
    plain_bytes: int = 0
    gaps: list[Gap] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    #: Bytes that no checkpoint covers: a writer was killed there, and the next one takes them away.
    unfinished_bytes: int = 0

    @property
    def holds(self) -> bool:
        """Whether everything that the manifest names is there, unchanged."""
        return not self.problems


def check(folder: Path, heard: Callable[[int], None] = lambda _: None) -> Checked:
    """Read every byte of an archive against its manifest; ``heard`` is told of bytes read.

    Raises:
        InvalidRecord: there is no manifest that can be read.
        ConfigurationError: its files need an extra that is not installed.
    """
    found = manifest.load(folder)
    form = forms.named(found.about.form)
    sizes = found.file_sizes()
    checked = Checked(topic=found.about.topic, gaps=found.gaps, files=len(sizes))
    for frame in ordered(found.frames):
        try:
            for _ in unpacked(folder, form, frame):
                pass
        except InvalidRecord as error:
            checked.problems.append(str(error))
        else:
            checked.records += frame.records
            checked.bytes += frame.bytes
            checked.plain_bytes += frame.plain_bytes
        heard(frame.bytes)
    checked.unfinished_bytes = (folder / manifest.NAME).stat().st_size - found.size
    for path in manifest.files(folder, form.suffix):
        counted = sizes.get(path.relative_to(folder).as_posix(), 0)
        checked.unfinished_bytes += max(0, path.stat().st_size - counted)
    return checked
