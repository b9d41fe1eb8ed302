"""Whether the tables that code are right: for a check by hand, and before a worker takes new ones."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from streams.classify import check_files as classify_files
from streams.classify import lexicon
from streams.corrections import NONE, Corrections, read
from streams.enrich import check_files as enrich_files
from streams.enrich.check import TABLES
from streams.enrich.cities import atlas
from streams.enrich.tables import CORRECTABLE
from streams.errors import ConfigurationError

_SHOWN = 5


class Problem(NamedTuple):
    """What is wrong, and where; line 0 is the file as a whole."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


def shipped_problems() -> Iterator[Problem]:
    """Yield every problem of the tables of this package."""
    for table in TABLES:
        file = str(files("streams.enrich") / "data" / table)
        yield from (Problem(file, *found) for found in enrich_files.shipped_problems(table))
    for table in classify_files.TABLES:
        file = str(files("streams.classify") / "data" / table)
        yield from (Problem(file, *found) for found in classify_files.shipped_problems(table))


def problems(corrections: Corrections) -> list[Problem]:
    """Return every problem of an operator's files, in order; none means that they can be coded with."""
    found: list[Problem] = []
    for name, _ in corrections.files:
        if name == lexicon.FILE:
            found += (Problem(name, *one) for one in classify_files.own_problems(corrections))
        elif name in CORRECTABLE:
            found += (Problem(name, *one) for one in enrich_files.own_problems(name, corrections))
        else:
            known = ", ".join(sorted((lexicon.FILE, *CORRECTABLE)))
            found.append(Problem(name, 0, f"no table of this name can be corrected; those are {known}"))
    if not found and corrections != NONE:
        found += _problems_in_use(corrections)
    return sorted(found)


def _problems_in_use(corrections: Corrections) -> Iterator[Problem]:
    """Yield what only shows when the files are put together with the shipped ones."""
    try:
        lexicon.current(corrections)
        atlas(corrections)
        for found in (*enrich_files.hidden_names(corrections), *enrich_files.lost_aliases(corrections)):
            yield Problem(*found)
    except (ConfigurationError, KeyError, ValueError) as error:
        yield Problem("", 0, f"the tables cannot be used together: {type(error).__name__}: {error}")


def checked(folder: Path | None) -> Corrections:
    """Read an operator's folder.

    Raises:
        ConfigurationError: it cannot be read, or a line is wrong; the message names the first ones.
    """
    corrections = read(folder)
    refuse(problems(corrections), folder)
    return corrections


def refuse(found: list[Problem], folder: Path | None) -> None:
    """Raise what is wrong with a folder, if anything is.

    Raises:
        ConfigurationError: there are problems.
    """
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        shown = "; ".join(map(str, found[:_SHOWN]))
        raise ConfigurationError(f"{folder}: {shown}{more}; `dateline lexicon check` shows all")
