"""Reading the data files: tab-separated, ``#`` comments, a header line, lists parted by ``|``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from streams.errors import ConfigurationError


def read_lines(name: str, text: str) -> Iterator[dict[str, str]]:
    """Yield each row of a table's text as a mapping from column to cell.

    Raises:
        ConfigurationError: a row has not as many cells as the header; the message names the line.
    """
    header: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
            continue
        if len(cells) != len(header):
            raise ConfigurationError(f"{name}:{number}: {len(cells)} cells where {len(header)} belong")
        yield dict(zip(header, cells, strict=True))


def read_text(name: str) -> str:
    """Return the text of a data file of this package."""
    return files("streams.enrich").joinpath("data", name).read_text(encoding="utf-8")


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a data file of this package."""
    return read_lines(name, read_text(name))


def split(cell: str) -> list[str]:
    """Return the parts of a list cell."""
    return cell.split("|") if cell else []
