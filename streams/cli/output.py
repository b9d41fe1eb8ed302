"""What commands print: JSON Lines on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

import click

from streams.cli.pages import Source
from streams.errors import Invalid
from streams.headers import harmless_json
from streams.parse import Page
from streams.records import encode


def write_record(record: object) -> None:
    """Write one record as a line of JSON, and flush it: the reader may be waiting."""
    write_json(encode(record))


def write_json(value: bytes) -> None:
    """Write JSON as a line, byte for byte, and flush it; on a terminal without what could steer that."""
    sys.stdout.buffer.write((harmless_json(value) if sys.stdout.isatty() else value) + b"\n")
    sys.stdout.buffer.flush()


def write_each(
    sources: Iterable[Source], name: str, make: Callable[[Page], Sequence[object]], *, as_pages: bool
) -> int:
    """Write what is made of each page, one record a line; return the exit status.

    With ``as_pages`` a line is ``{"id", <name>: [records]}``, in the order of the pages; a page that
    cannot be read then has no record and an ``error``, and is no failure of the command.
    """
    failed = 0
    for source in sources:
        records: Sequence[object] = ()
        problem = {}
        try:
            records = make(source.page())
        except Invalid as error:
            problem = {"error": str(error)}
            failed += 1
            click.echo(f"dateline: {source.where}: {error}", err=True)
        if as_pages:
            write_record({"id": source.line_id, name: records} | problem)
        else:
            for record in records:
                write_record(record)
    return 1 if failed and not as_pages else 0
