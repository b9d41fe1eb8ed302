"""An operator's corrections of the shipped tables: what a folder of files adds to them and takes from them.

Data that the stages are handed, so that they stay pure. What codes a record travels with it to the process
that computes; equal files are equal corrections, on any machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from streams.errors import ConfigurationError

#: All files together: they are passed to compute processes with each chunk of records.
MAX_BYTES = 2 * 1024 * 1024
#: The first cell of a line that takes names away.
REMOVE = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file that is neither empty nor a comment: its number and its cells."""

    number: int
    cells: tuple[str, ...]

    @property
    def removes(self) -> bool:
        """Whether it takes names away."""
        return self.cells[0] == REMOVE and len(self.cells) == 2  # noqa: PLR2004  (the sign and the names)


@dataclass(frozen=True, slots=True)
class Corrections:
    """The files by name; two are equal when their digests are."""

    files: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    digest: str = ""

    @classmethod
    def of(cls, files: dict[str, str]) -> Corrections:
        """Make corrections of texts by file name; none of no files."""
        if not files:
            return NONE
        state = hashlib.sha256()
        for name, text in sorted(files.items()):
            for part in (name.encode(), text.encode()):
                state.update(len(part).to_bytes(8, "big"))
                state.update(part)
        return cls(tuple(sorted(files.items())), state.hexdigest())

    def only(self, names: frozenset[str]) -> Corrections:
        """Return the part that is in these files."""
        if all(name in names for name, _ in self.files):
            return self
        return Corrections.of({name: text for name, text in self.files if name in names})

    def lines(self, name: str) -> Iterator[Line]:
        """Yield the lines of a file; none where there is no such file."""
        return lines(dict(self.files).get(name, ""))


NONE = Corrections()


#: Of each file its name, when it was written (in nanoseconds) and its size.
Stamp = tuple[tuple[str, int, int], ...]


def lines(text: str) -> Iterator[Line]:
    """Yield the lines of a table that are neither empty nor a comment."""
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.startswith("#"):
            yield Line(number, tuple(line.removesuffix("\r").split("\t")))


def stamp(folder: Path) -> Stamp:
    """Return what tells that a file of a folder changed: names, times, sizes. Blocks for the disk.

    Raises:
        OSError: the folder cannot be read.
    """
    found = ((path.name, path.stat()) for path in sorted(folder.glob("*.tsv")))
    return tuple((name, status.st_mtime_ns, status.st_size) for name, status in found)


def read(folder: Path | None) -> Corrections:
    """Read the ``*.tsv`` files of a folder; no folder is no correction. Blocks for the disk.

    Raises:
        ConfigurationError: the folder or a file cannot be read, is no UTF-8, or all are too large.
    """
    if folder is None:
        return NONE
    if not folder.is_dir():
        raise ConfigurationError(f"DATELINE_LEXICON_DIR: {folder} is no folder")
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.tsv")):
        try:
            # A byte order mark, as some editors put it, is no part of a name.
            files[path.name] = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path}: cannot be read: {error}") from error
    if (size := sum(len(text.encode()) for text in files.values())) > MAX_BYTES:
        raise ConfigurationError(f"{folder}: {size:,} bytes of tables, more than {MAX_BYTES:,}")
    return Corrections.of(files)
