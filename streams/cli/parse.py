"""``dateline parse``."""

from __future__ import annotations

import sys

import click

from streams import settings as settings_module
from streams.cli import pages
from streams.cli.output import write_record
from streams.errors import Invalid
from streams.parse import Limits, parse
from streams.records import Document


@click.command("parse", short_help="Documents of pages, as JSON Lines")
@click.argument("paths", nargs=-1)
@click.option("--url", help="Address of the page, for one file or standard input.")
@click.option("--pages", "as_pages", is_flag=True, help="Lines {id, url, html|text} in, {id, documents} out.")
def command(paths: tuple[str, ...], url: str | None, *, as_pages: bool) -> None:
    r"""Print the article and the teasers of pages as JSON Lines, one document a line, without Kafka.

    \b
    Example:
      dateline parse page.html | jq .headline
      dateline parse --pages < pages.jsonl > documents.jsonl
    """
    limits = Limits(max_bytes=settings_module.load().page_max_bytes)
    failed = 0
    for source in pages.read_all(paths, url=url):
        documents: tuple[Document, ...] = ()
        problem = ""
        try:
            documents = parse(source.page(), limits)
        except Invalid as error:
            problem = str(error)
            failed += 1
            click.echo(f"dateline: {source.where}: {error}", err=True)
        if as_pages:
            line: dict[str, object] = {"id": source.line_id, "documents": documents}
            write_record(line | {"error": problem} if problem else line)
        else:
            for document in documents:
                write_record(document)
    sys.exit(1 if failed and not as_pages else 0)
