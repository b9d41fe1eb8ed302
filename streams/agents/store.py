"""The table store on disk: found broken, it is thrown away and made again from its changelog.

Damage that shows when a partition's store is opened costs that store only. A store that ends the worker
at each start in another way would do so for ever. So each start leaves a mark, which goes when the worker
is ready; two marks left in a row, or one left by a failed read or write, and the next start begins with
an empty store. Nothing is lost by that: the changelog topic has it all.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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


def is_broken(error: BaseException | None) -> bool:
    """Whether RocksDB says that files are damaged or missing; its binding raises a plain Exception."""
    return type(error) is Exception and str(error).startswith(("Corruption", "IO error: No such file"))


def mend_when_opened(options: Any) -> None:
    """Let a store with damaged files be opened empty: Faust then fills it from its changelog.

    A worker opens the store of a partition when it gets the partition, which may be long after the damage.

    Args:
        options: what opens Faust's stores, ``RocksDBOptions``.
    """
    given: Callable[..., Any] = options.open

    def opened(path: Path, **how: Any) -> Any:
        try:
            return given(path, **how)
        except Exception as error:
            if not is_broken(error):
                raise
            log.warning("a table store is damaged and made again", path=str(path), error=str(error)[:200])
            shutil.rmtree(path, ignore_errors=True)
            return given(path, **how)

    options.open = opened


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
