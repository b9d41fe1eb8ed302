"""``dateline code --explain``: each document with what gave its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from streams.cli import explained, pages
from streams.cli.output import write_record
from streams.cli.pages import Source
from streams.cli.texts import read_lines, read_text
from streams.corrections import Corrections
from streams.enrich import enrich
from streams.errors import Invalid
from streams.explain import Explanation, explain
from streams.explain.webpage import webpage
from streams.parse import Limits, parse
from streams.records import Document


class Documents:
    """The documents of pages, or of texts; what cannot be read is said and counted."""

    def __init__(self, paths: tuple[str, ...], url: str | None, limits: Limits, *, texts: bool) -> None:
        self._paths, self._url, self._limits, self._texts = paths, url, limits, texts
        self.failed = 0

    def __iter__(self) -> Iterator[Document]:
        if self._texts:
            for where, line in read_lines(self._paths):
                yield from self._read(where, partial(_one, line))
            return
        for source in pages.read_all(self._paths, url=self._url):
            yield from self._read(source.where, partial(_all, source, self._limits))

    def _read(self, where: str, read: Callable[[], tuple[Document, ...]]) -> tuple[Document, ...]:
        try:
            return read()
        except Invalid as error:
            self.failed += 1
            click.echo(f"dateline: {where}: {error}", err=True)
            return ()


def _one(line: bytes) -> tuple[Document, ...]:
    return (read_text(line)[1],)


def _all(source: Source, limits: Limits) -> tuple[Document, ...]:
    return parse(source.page(), limits)


def run(documents: Documents, tables: Corrections, html: Path | None, *, as_json: bool) -> int:
    """Explain documents; return the exit status."""
    explanations = (explain(enrich(document, corrections=tables), tables) for document in documents)
    if html:
        _write(html, list(explanations))
    elif as_json:
        for explanation in explanations:
            write_record(explanation)
    else:
        explained.show(explanations)
    return 1 if documents.failed else 0


def _write(path: Path, explanations: list[Explanation]) -> None:
    try:
        path.write_text(webpage(explanations), "utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
    events = sum(len(one.events) for one in explanations)
    click.echo(f"{path}: {len(explanations)} documents, {events} events", err=True)
