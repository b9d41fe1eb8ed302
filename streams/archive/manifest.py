"""The manifest: a journal of frames and checkpoints, one JSON object a line.

The first line says what the archive is. A ``frame`` line names a stretch of one file, which can be read
without the rest of it; where a file cannot grow, all of it. A ``checkpoint`` line makes all
frames before it count, and holds for each partition the next offset to archive. Whatever follows the last
checkpoint does not count.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from streams.errors import InvalidRecord

NAME = "manifest.jsonl"
FORMAT = 1
_FRESH = NAME + ".new-"


class About(msgspec.Struct, frozen=True, kw_only=True, tag="archive"):
    """What an archive is."""

    format: int
    topic: str
    made_by: str
    form: Annotated[str, Meta(description="Of its files: see streams.archive.forms")] = "jsonl"


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag="frame"):
    """A stretch of a file that holds whole records."""

    file: Annotated[str, Meta(description="Relative to the archive")]
    start: int
    bytes: int
    sha256: Annotated[str, Meta(description="Of these bytes, in hexadecimal")]
    records: int
    plain_bytes: Annotated[int, Meta(description="Before they were compressed")]
    first: Annotated[int, Meta(description="Earliest timestamp in it, milliseconds since 1970")]
    last: Annotated[int, Meta(description="Latest timestamp in it")]


class Gap(msgspec.Struct, frozen=True, kw_only=True, tag="gap"):
    """Offsets ``[first, next)`` of a partition that retention took away before they were archived."""

    partition: int
    first: int
    next: int


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, tag="checkpoint"):
    """Everything up to here counts; ``next`` is the next offset of each partition."""

    next: dict[str, int]


Line = About | Frame | Gap | Checkpoint
_DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
_ENCODER = msgspec.json.Encoder()


class _Format(msgspec.Struct, frozen=True):
    format: int = 0
    type: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What counts of an archive."""

    folder: Path
    about: About
    frames: list[Frame]
    gaps: list[Gap]
    next: dict[int, int]
    #: Bytes of the journal up to the last checkpoint's end.
    size: int

    @property
    def records(self) -> int:
        """Number of records."""
        return sum(frame.records for frame in self.frames)

    def file_sizes(self) -> dict[str, int]:
        """Return how many bytes of each file count."""
        sizes: dict[str, int] = {}
        for frame in self.frames:
            sizes[frame.file] = max(sizes.get(frame.file, 0), frame.start + frame.bytes)
        return sizes


def is_archive(folder: Path) -> bool:
    """Whether a folder is an archive."""
    return (folder / NAME).is_file()


def files(folder: Path, suffix: str) -> Iterator[Path]:
    """Yield the files of an archive that are there, named in the manifest or not."""
    for pattern in (f"date=*/site=*{suffix}", f"date=*/site=*/*{suffix}"):
        yield from folder.glob(pattern)


def is_new(folder: Path) -> bool:
    """Whether an archive may be made in a folder: it is not there, or holds nothing."""
    return not folder.exists() or all(path.name.startswith(_FRESH) for path in folder.iterdir())


def begin(folder: Path, about: About) -> None:
    """Make a new archive in a folder; it is either whole or not there, and one that is there stays."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=_FRESH) as file:
        file.write(_ENCODER.encode(about) + b"\n" + _ENCODER.encode(Checkpoint(next={})) + b"\n")
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(file.name, folder / NAME)


def append(journal: int, size: int, lines: Iterable[Line]) -> int:
    """Append lines to the open journal, of which ``size`` bytes count; return its size, once on the disk.

    Raises:
        OSError: they could not all be written; called again with the same size, it takes the rest away first.
    """
    os.ftruncate(journal, size)  # what an earlier try has left would be a damaged line in the middle
    rest = memoryview(b"".join(_ENCODER.encode(line) + b"\n" for line in lines))
    size += len(rest)
    while rest:
        rest = rest[os.write(journal, rest) :]
    os.fsync(journal)
    return size


def load(folder: Path) -> Manifest:
    """Read the manifest of an archive, up to its last checkpoint.

    Raises:
        InvalidRecord: there is none, it is damaged, or another version of Dateline wrote it in a way
            that this one does not read.
    """
    path = folder / NAME
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidRecord(f"{folder}: no archive here: {path.name}: {error.strerror}") from error
    about: About | None = None
    frames: list[Frame] = []
    gaps: list[Gap] = []
    known = (0, 0, 0)
    following: dict[int, int] = {}
    for number, end, line in _lines(raw):
        try:
            found = _DECODER.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if end == len(raw):
                break  # cut off while it was written
            raise _unreadable(path, number, line, error) from error
        match found:
            case About():
                about = _checked(found, path, again=about is not None)
            case Frame():
                frames.append(found)
            case Gap():
                gaps.append(found)
            case Checkpoint():
                known = (len(frames), len(gaps), end)
                following = {int(partition): offset for partition, offset in found.next.items()}
    if about is None or not known[2]:
        raise InvalidRecord(f"{path}: no manifest of an archive: its first lines are missing")
    return Manifest(
        folder=folder,
        about=about,
        frames=frames[: known[0]],
        gaps=gaps[: known[1]],
        next=following,
        size=known[2],
    )


def _checked(found: About, path: Path, *, again: bool) -> About:
    if again:
        raise InvalidRecord(f"{path}: damaged: it begins twice")
    if found.format != FORMAT:
        raise _other_format(path, found.format)
    return found


def _other_format(path: Path, found: int) -> InvalidRecord:
    return InvalidRecord(
        f"{path}: an archive of format {found}; this version of Dateline reads format {FORMAT}"
    )


def _lines(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, end and text of each line; one without a line feed was not written to its end."""
    start = number = 0
    while (end := raw.find(b"\n", start)) >= 0:
        number += 1
        yield number, end + 1, raw[start:end]
        start = end + 1


def _unreadable(path: Path, number: int, line: bytes, error: Exception) -> InvalidRecord:
    try:
        said = msgspec.json.decode(line, type=_Format)
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = _Format()
    if said.type == "archive" and said.format != FORMAT:
        return _other_format(path, said.format)
    return InvalidRecord(f"{path}:{number}: damaged: {error}")
