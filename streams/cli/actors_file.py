"""The operator's table of persons, ``leaders.tsv``: changed and written as a whole, only when it is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from streams import checking, corrections
from streams.corrections import REMOVE, Corrections
from streams.enrich.tables import NOT_ALONE, added, read_table, split
from streams.enrich.tokens import key_of
from streams.errors import ConfigurationError, InvalidRecord

FILE = "leaders.tsv"
COLUMNS = ("names", "code", "role", "office", "from", "to")
_HEAD = "# Persons, as `dateline actors` keeps them; docs/actors.md says what the columns mean.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person in an office; the years are of the first and the last year in it, empty where unknown."""

    names: tuple[str, ...]
    country: str
    role: str = ""
    office: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of_row(cls, row: dict[str, str]) -> Actor:
        """Read a row of the table."""
        return cls(
            names=tuple(split(row["names"])), country=row["code"], role=row["role"], office=row["office"],
            since=row["from"], until=row["to"],
        )  # fmt: skip

    @property
    def name(self) -> str:
        """The canonical name."""
        return self.names[0].removeprefix(NOT_ALONE)

    def knows(self, name: str) -> bool:
        """Whether it is a person of this name, or of this surname."""
        return key_of(name) in {key_of(one.removeprefix(NOT_ALONE)) for one in self.names}

    def to_line(self) -> str:
        """Return it as a line of the table."""
        since = self.since or str(datetime.now(UTC).year)
        return "\t".join(("|".join(self.names), self.country, self.role, self.office, since, self.until))


def shipped() -> list[Actor]:
    """Return the persons of the shipped table."""
    return [Actor.of_row(row) for row in read_table(FILE)]


class ActorsFile:
    """The persons that an operator added, and the names they took out of the shipped table."""

    def __init__(self, folder: Path | None) -> None:
        """Read the folder.

        Raises:
            ConfigurationError: no folder is set, or it cannot be read.
        """
        if folder is None:
            raise ConfigurationError("persons of your own need a folder: set DATELINE_LEXICON_DIR")
        self.path = folder / FILE
        self._others = corrections.read(folder)
        self.actors = [Actor.of_row(row) for row in added(FILE, self._others)]
        self.removed = [
            name for line in self._others.lines(FILE) if line.removes for name in split(line.cells[1])
        ]

    def put(self, actor: Actor) -> None:
        """Add a person, in place of what the table says of one of this name."""
        self.actors = [one for one in self.actors if not one.knows(actor.name)]
        taken = {key_of(n.removeprefix(NOT_ALONE)) for one in self.actors for n in one.names}
        names = tuple(name for name in actor.names if key_of(name.removeprefix(NOT_ALONE)) not in taken)
        self.actors.append(replace(actor, names=names))

    def forget(self, name: str) -> bool:
        """Take a person away: out of this table, else out of the shipped one; say whether there is one.

        Raises:
            InvalidRecord: several persons have the name.
        """
        own = _of_name(self.actors, name)
        known = [] if own else _of_name(shipped(), name)
        self.actors = [one for one in self.actors if one not in own]
        self.removed += [n.removeprefix(NOT_ALONE) for one in known for n in one.names]
        return bool(own or known)

    def write(self) -> None:
        """Write the table, where it is right.

        Raises:
            ConfigurationError: it would not be, or the file cannot be written.
        """
        given = dict(self._others.files).get(FILE, _HEAD)
        lines = [f"{line}\n" for line in given.splitlines() if line.startswith("#")]
        lines.append("\t".join(COLUMNS) + "\n")
        lines += [f"{REMOVE}\t{name}\n" for name in dict.fromkeys(self.removed)]
        lines += [f"{actor.to_line()}\n" for actor in self.actors]
        files = dict(self._others.files) | {FILE: "".join(lines)}
        checking.refuse(checking.problems(Corrections.of(files)), self.path.parent)
        new = self.path.with_suffix(".new")
        try:
            new.write_text(files[FILE], "utf-8")
            new.replace(self.path)
        except OSError as error:
            raise ConfigurationError(f"{self.path}: cannot be written: {error.strerror}") from error


def _of_name(actors: Iterable[Actor], name: str) -> list[Actor]:
    found = [one for one in actors if one.knows(name)]
    if len(found) > 1:
        raise InvalidRecord(f"{name} may be {', '.join(one.name for one in found)}: give the full name")
    return found


def names_of(name: str, *, alone: bool) -> tuple[str, ...]:
    """Return how a person is named: in full, and by the surname, by itself or beside a title only."""
    _, _, surname = name.rpartition(" ")
    if surname == name:
        return (name,)
    return (name, surname if alone else f"{NOT_ALONE}{surname}")


def read_seed(path: Path, text: str) -> Iterator[Actor]:
    """Yield the persons of a table with the columns of ``leaders.tsv``.

    Raises:
        InvalidRecord: a line has other columns.
    """
    header: tuple[str, ...] | None = None
    for line in corrections.lines(text):
        if header is None:
            header = line.cells
            if header != COLUMNS:
                raise InvalidRecord(f"{path}:{line.number}: the columns are {', '.join(COLUMNS)}")
        elif len(line.cells) != len(COLUMNS):
            raise InvalidRecord(f"{path}:{line.number}: {len(line.cells)} cells where {len(COLUMNS)} belong")
        else:
            yield Actor.of_row(dict(zip(COLUMNS, line.cells, strict=True)))
