"""The table store on disk: found broken, it is thrown away and made again from its changelog.

A store that cannot be opened would end the worker at each start, for ever. So each start leaves a mark,
which goes when the worker is ready; two marks left in a row, or one left by a failed read or write, and
the next start begins with an empty store. Nothing is lost by that: the changelog topic has it all.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

_STARTS = 2


class StoreFailed(Exception):
    """The table store could not be read or written: its disk is full, or its files are broken."""


@contextlib.contextmanager
def store_errors() -> Iterator[None]:
    """Turn what the store raises into :class:`StoreFailed`; RocksDB's binding has no error class of its own.

    Raises:
        StoreFailed: the block raised.
    """
    try:
        yield
    except Exception as error:
        raise StoreFailed(f"{type(error).__name__}: {error}") from error


def prepare(tables: Path) -> None:
    """Make the folder of the stores; empty it where the last starts did not get far, or a store failed."""
    tables.mkdir(parents=True, exist_ok=True)
    left = _marks(tables)
    if left >= _STARTS:
        log.warning("the table store is made again from its changelog", folder=str(tables))
        shutil.rmtree(tables)
        tables.mkdir()
        left = 0
    _mark(tables, left + 1)


def opened(tables: Path) -> None:
    """Note that the worker got ready with this store."""
    (tables.parent / _NAME).unlink(missing_ok=True)


def failed(tables: Path) -> None:
    """Note that the store is not to be used again."""
    _mark(tables, _STARTS)


_NAME = "tables.unready"


def _marks(tables: Path) -> int:
    try:
        return len((tables.parent / _NAME).read_bytes())
    except OSError:
        return 0


def _mark(tables: Path, number: int) -> None:
    # On a full disk there may be no mark: then the store is tried once more.
    with contextlib.suppress(OSError):
        (tables.parent / _NAME).write_bytes(b"." * number)
