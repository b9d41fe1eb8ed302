"""Reads archives: the records that count, and whether every byte is as the manifest says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import zstandard

from streams.archive import manifest
from streams.archive.manifest import Frame, Gap
from streams.archive.record import Archived, from_line
from streams.archive.writer import SUFFIX
from streams.errors import InvalidRecord

#: No frame unpacks to more: a checkpoint holds 64 MiB of lines, and one record may be the last of them.
_LARGEST = 512 << 20
EXAMPLES = 20


def lines(folder: Path, frame: Frame) -> list[bytes]:
    """Return the lines of a frame, its bytes checked.

    Raises:
        InvalidRecord: the file is not as the manifest says.
    """
    path = folder / frame.file
    where = f"{path}, bytes {frame.start:,} to {frame.start + frame.bytes:,}"
    try:
        with path.open("rb") as file:
            file.seek(frame.start)
            packed = file.read(frame.bytes)
    except OSError as error:
        raise InvalidRecord(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(packed) < frame.bytes:
        raise InvalidRecord(f"{where}: cut off, {frame.bytes - len(packed):,} bytes are missing")
    if hashlib.sha256(packed).hexdigest() != frame.sha256:
        raise InvalidRecord(f"{where}: changed since it was written: its SHA-256 is not the manifest's")
    if frame.plain_bytes > _LARGEST:
        raise InvalidRecord(f"{where}: the manifest has it unpack to {frame.plain_bytes:,} bytes; refused")
    try:
        plain = zstandard.ZstdDecompressor().decompress(packed, max_output_size=frame.plain_bytes)
    except (zstandard.ZstdError, MemoryError) as error:
        raise InvalidRecord(f"{where}: damaged: {error}") from error
    found = plain.split(b"\n")[:-1]
    if len(plain) != frame.plain_bytes or len(found) != frame.records:
        raise InvalidRecord(f"{where}: {len(found):,} records where the manifest has {frame.records:,}")
    return found


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
    for frame in ordered(manifest.load(folder).frames[:frames]):
        if not wanted(frame):
            continue
        if skip >= frame.records:
            skip -= frame.records
            continue
        for number, line in enumerate(lines(folder, frame)[skip:], skip + 1):
            try:
                yield from_line(line)
            except InvalidRecord as error:
                raise InvalidRecord(f"{folder / frame.file}, record {number}: {error}") from error
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
    """
    found = manifest.load(folder)
    sizes = found.file_sizes()
    checked = Checked(topic=found.about.topic, gaps=found.gaps, files=len(sizes))
    for frame in ordered(found.frames):
        try:
            for line in lines(folder, frame):
                from_line(line)
        except InvalidRecord as error:
            checked.problems.append(str(error))
        else:
            checked.records += frame.records
            checked.bytes += frame.bytes
            checked.plain_bytes += frame.plain_bytes
        heard(frame.bytes)
    checked.unfinished_bytes = (folder / manifest.NAME).stat().st_size - found.size
    for path in folder.glob(f"date=*/site=*{SUFFIX}"):
        counted = sizes.get(path.relative_to(folder).as_posix(), 0)
        checked.unfinished_bytes += max(0, path.stat().st_size - counted)
    return checked
