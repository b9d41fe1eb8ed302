"""``dateline code --explain``: each document with what gave its values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from streams.cli import explained, pages
from streams.cli.output import write_record
from streams.cli.texts import read_lines, read_text
from streams.enrich import enrich
from streams.errors import Invalid
from streams.explain import Explanation, explain
from streams.explain.webpage import webpage
from streams.parse import Limits, parse
from streams.records import Document


def run(
    paths: tuple[str, ...], url: str | None, limits: Limits, html: Path | None, *, texts: bool, as_json: bool
) -> int:
    """Explain the documents of pages, or texts; return the exit status."""
    failed: list[str] = []
    documents = _texts(paths, failed) if texts else _documents(paths, url, limits, failed)
    explanations = (explain(enrich(document)) for document in documents)
    if html:
        _write(html, list(explanations))
    elif as_json:
        for explanation in explanations:
            write_record(explanation)
    else:
        explained.show(explanations)
    return 1 if failed else 0


def _write(path: Path, explanations: list[Explanation]) -> None:
    try:
        path.write_text(webpage(explanations), "utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
    events = sum(len(one.events) for one in explanations)
    click.echo(f"{path}: {len(explanations)} documents, {events} events", err=True)


def _documents(
    paths: tuple[str, ...], url: str | None, limits: Limits, failed: list[str]
) -> Iterator[Document]:
    for source in pages.read_all(paths, url=url):
        try:
            yield from parse(source.page(), limits)
        except Invalid as error:
            _say(source.where, error, failed)


def _texts(paths: tuple[str, ...], failed: list[str]) -> Iterator[Document]:
    for where, line in read_lines(paths):
        try:
            yield read_text(line)[1]
        except Invalid as error:
            _say(where, error, failed)


def _say(where: str, error: Invalid, failed: list[str]) -> None:
    failed.append(where)
    click.echo(f"dateline: {where}: {error}", err=True)
