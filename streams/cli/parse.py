"""``dateline parse``."""

from __future__ import annotations

import sys

import click

from streams import settings as settings_module
from streams.cli import pages
from streams.cli.output import write_each
from streams.parse import Limits, parse


@click.command("parse", short_help="Documents of pages, as JSON Lines")
@click.argument("paths", nargs=-1)
@click.option("--url", help="Address of the page, for one file or standard input.")
@click.option("--pages", "as_pages", is_flag=True, help="Lines {id, url, html|text} in, {id, documents} out.")
def command(paths: tuple[str, ...], url: str | None, *, as_pages: bool) -> None:
    """Print the article and the teasers of pages as JSON Lines, one document a line, without Kafka.

    \b
    Example:
      dateline parse page.html | jq .headline
      dateline parse --pages < pages.jsonl > documents.jsonl
    """
    limits = Limits(max_bytes=settings_module.load().page_max_bytes)
    sources = pages.read_all(paths, url=url)
    sys.exit(write_each(sources, "documents", lambda page: parse(page, limits), as_pages=as_pages))
