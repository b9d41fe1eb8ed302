"""The lines of files and folders: JSON Lines, plain, gzip or zstd, told by their first bytes."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import zstandard

from streams.errors import InvalidRecord

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_SUFFIXES = (".jsonl", ".ndjson", ".json")
_PACKED = (".gz", ".zst", ".zstd")
_CHUNK = 1 << 20
#: A few bytes of zstd can unpack to 32,000 times as many, all of them at once.
_PACKED_CHUNK = 1 << 14
#: One event has a megabyte at most; a line that is longer is none, and is not held in memory.
_LONGEST_LINE = 64 << 20
STDIN = "-"

Read = Callable[[int], None]


def files(given: str) -> list[Path]:
    """Return the files of a path: itself, or the JSON Lines files in a folder, by name.

    Raises:
        InvalidRecord: it is not there, or the folder holds none.
    """
    path = Path(given)
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.is_file() and _known(p))
        if not found:
            raise InvalidRecord(
                f"{given}: no JSON Lines files in this folder ({', '.join(_SUFFIXES)}; .gz, .zst)"
            )
        return found
    if not path.exists():
        raise InvalidRecord(f"{given}: no such file or folder")
    return [path]


def _known(path: Path) -> bool:
    inner = Path(path.stem) if path.suffix in _PACKED else path
    return inner.suffix in _SUFFIXES and not path.name.startswith(".")


def lines(given: str, read: Read = lambda _: None) -> Iterator[tuple[str, bytes]]:
    """Yield each line that is not blank, with its place as ``file:line``; ``read`` hears of bytes read.

    Raises:
        InvalidRecord: a file cannot be read to its end.
    """
    if given == STDIN:
        yield from _lines(STDIN, sys.stdin.buffer, read)
        return
    for path in files(given):
        try:
            with path.open("rb") as file:
                yield from _lines(str(path), file, read)
        except OSError as error:
            raise InvalidRecord(f"{path}: cannot be read: {error.strerror or error}") from error


def _lines(name: str, file: IO[bytes], read: Read) -> Iterator[tuple[str, bytes]]:
    number = 0
    try:
        rest = b""
        for chunk in _chunks(file, read):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise InvalidRecord(
                    f"{name}:{number + len(whole) + 1}: not JSON Lines: a line of over 64 MiB"
                )
            for line in whole:
                number += 1
                if stripped := line.strip():
                    yield f"{name}:{number}", stripped
        if stripped := rest.strip():
            yield f"{name}:{number + 1}", stripped
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        raise InvalidRecord(f"{name}: damaged or cut off after line {number}: {error}") from error


def _chunks(file: IO[bytes], read: Read) -> Iterator[bytes]:
    start = file.read(4)
    source = _Heard(io.BytesIO(start), file, read)
    if start.startswith(_GZIP):
        with gzip.GzipFile(fileobj=source) as plain:
            # read1: what stands before a damage is still read.
            yield from iter(lambda: plain.read1(_CHUNK), b"")
    elif start.startswith(_ZSTD):
        yield from _zstd(source)
    else:
        yield from iter(lambda: source.read(_CHUNK), b"")


def _zstd(source: _Heard) -> Iterator[bytes]:
    """Unpack frame after frame. The library's own reader takes a cut file for a whole one."""
    frame = zstandard.ZstdDecompressor().decompressobj()
    open_frame = False
    while packed := source.read(_PACKED_CHUNK):
        while packed:
            plain = frame.decompress(packed)
            open_frame = not frame.eof
            if plain:
                yield plain
            packed = frame.unused_data if frame.eof else b""
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
    if open_frame:
        raise EOFError("the last zstd frame has no end")


class _Heard(io.RawIOBase):
    """A file whose first bytes were read already, and that tells how much was read of it."""

    def __init__(self, start: IO[bytes], rest: IO[bytes], read: Read) -> None:
        super().__init__()
        self._start, self._rest, self._read = start, rest, read

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read at most so many bytes; none at the end."""
        data = self._start.read(size) or self._rest.read(size)
        self._read(len(data))
        return data
