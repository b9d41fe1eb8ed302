"""``dateline code``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from streams import pipeline
from streams import settings as settings_module
from streams.checking import checked
from streams.classify import classify, score
from streams.cli import explaining, pages
from streams.cli.output import write_each, write_record
from streams.cli.texts import NotAText, read_lines, read_text
from streams.corrections import NONE, Corrections
from streams.enrich import enrich
from streams.parse import Limits
from streams.records import EVENT_CLASSES


@click.command("code", short_help="Events of pages or texts, as JSON Lines")
@click.argument("paths", nargs=-1)
@click.option("--url", help="Address of the page, for one file or standard input.")
@click.option(
    "--texts", is_flag=True, help="Lines {id, text, published_at?} in, one scored line out for each."
)
@click.option("--pages", "as_pages", is_flag=True, help="Lines {id, url, html|text} in, {id, events} out.")
@click.option("--explain", is_flag=True, help="Show each document with what gave each value, and what else.")
@click.option("--json", "as_json", is_flag=True, help="With --explain: explanations as JSON Lines.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="With --explain: explanations into this file, a page of its own.",
)
def command(
    paths: tuple[str, ...],
    url: str | None,
    html: Path | None,
    *,
    texts: bool,
    as_pages: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """Print the events of pages as JSON Lines, one event a line, without Kafka.

    \b
    Example:
      dateline code page.html | jq '[.event_class, .type, .headline]'
      dateline code --texts < headlines.jsonl > coded.jsonl
      dateline code --explain page.html --html why.html
    """
    if texts and as_pages:
        raise click.UsageError("--texts and --pages exclude each other")
    if (as_json or html) and not explain:
        raise click.UsageError("--json and --html go with --explain")
    if explain and (as_pages or (as_json and html)):
        raise click.UsageError("--explain goes with --json or --html, and not with --pages")
    settings = settings_module.load()
    limits, tables = Limits(max_bytes=settings.page_max_bytes), checked(settings.lexicon_dir)
    if explain:
        documents = explaining.Documents(paths, url, limits, texts=texts)
        sys.exit(explaining.run(documents, tables, html, as_json=as_json))
    if texts:
        sys.exit(_code_texts(paths, tables))
    sources = pages.read_all(paths, url=url)
    status = write_each(
        sources, "events", lambda page: pipeline.code(page, limits, tables)[1], as_pages=as_pages
    )
    sys.exit(status)


def _code_texts(paths: tuple[str, ...], tables: Corrections) -> int:
    failed = 0
    for where, line in read_lines(paths):
        answer = code_text(line, tables)
        failed += "error" in answer
        if "error" in answer:
            click.echo(f"dateline: {where}: {answer['error']}", err=True)
        write_record(answer)
    return 1 if failed else 0


def code_text(line: bytes, tables: Corrections = NONE) -> dict[str, Any]:
    """Code one ``{"id", "text", "published_at"?}`` line; a line that is none gets an ``error``."""
    answer: dict[str, Any] = {"id": None, "classes": [], "primary": "none", "scores": {}}
    answer |= {"entities": [], "events": []}
    try:
        given, document = read_text(line)
    except NotAText as error:
        return answer | {"id": error.line_id, "error": str(error)}
    enriched = enrich(document, corrections=tables)
    scores = score(enriched)
    return {
        "id": given.get("id"),
        "classes": scores.classes,
        "primary": scores.primary,
        "scores": {name: scores.of(name) for name in EVENT_CLASSES} | {"none": scores.none},
        "entities": enriched.entities,
        "events": classify(enriched, tables),
    }
