"""How records stand in the files of an archive: as JSON Lines, WARC or Parquet.

Each form is a module with the functions of :class:`Form`. What it packs it gives back byte for byte.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from streams.archive.record import Archived
from streams.errors import ConfigurationError, InvalidRecord

#: Each form, and the extra of the package that it needs.
FORMS = {"jsonl": "", "warc": "warc", "parquet": "parquet"}
DEFAULT = "jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of files."""

    name: str
    suffix: str
    #: Whether a file takes more at its end; a whole new file otherwise.
    grows: bool
    #: Packs records; returns the bytes, and how many they were before they were compressed.
    pack: Callable[[Sequence[Archived]], tuple[bytes, int]]
    #: Yields the records of what was packed, of which the manifest says so many unpacked bytes. Raises
    #: InvalidRecord where it is damaged.
    unpack: Callable[[bytes, int], Iterator[Archived]]


def named(name: str) -> Form:
    """Return a form.

    Raises:
        InvalidRecord: this version of Dateline knows none of this name.
        ConfigurationError: it needs an extra that is not installed.
    """
    if name not in FORMS:
        raise InvalidRecord(f"archives of {name!r} files: this version of Dateline reads {', '.join(FORMS)}")
    try:
        module = importlib.import_module(f"streams.archive.forms.{name}")
    except ImportError as error:
        extra = FORMS[name]
        raise ConfigurationError(
            f"archives of {name} files need dateline[{extra}], or `make setup-{extra}` ({error})"
        ) from error
    return Form(name=name, suffix=module.SUFFIX, grows=module.GROWS, pack=module.pack, unpack=module.unpack)
