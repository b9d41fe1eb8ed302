"""``dateline code``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import click
import orjson

from streams import ids, pipeline
from streams import settings as settings_module
from streams.classify import classify, score
from streams.cli import pages
from streams.cli.output import write_each, write_record
from streams.enrich import enrich
from streams.parse import Limits
from streams.records import EVENT_CLASSES, Document, Lineage, Timestamp


@click.command("code", short_help="Events of pages or texts, as JSON Lines")
@click.argument("paths", nargs=-1)
@click.option("--url", help="Address of the page, for one file or standard input.")
@click.option(
    "--texts", is_flag=True, help="Lines {id, text, published_at?} in, one scored line out for each."
)
@click.option("--pages", "as_pages", is_flag=True, help="Lines {id, url, html|text} in, {id, events} out.")
def command(paths: tuple[str, ...], url: str | None, *, texts: bool, as_pages: bool) -> None:
    """Print the events of pages as JSON Lines, one event a line, without Kafka.

    \b
    Example:
      dateline code page.html | jq '[.event_class, .type, .headline]'
      dateline code --texts < headlines.jsonl > coded.jsonl
    """
    if texts and as_pages:
        raise click.UsageError("--texts and --pages exclude each other")
    if texts:
        sys.exit(_code_texts(paths))
    limits = Limits(max_bytes=settings_module.load().page_max_bytes)
    sources = pages.read_all(paths, url=url)
    sys.exit(write_each(sources, "events", lambda page: pipeline.code(page, limits)[1], as_pages=as_pages))


def _code_texts(paths: tuple[str, ...]) -> int:
    failed = 0
    for path in pages.files(paths):
        lines = sys.stdin.buffer if path is None else path.open("rb")
        with lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    answer = code_text(line)
                    failed += "error" in answer
                    if "error" in answer:
                        click.echo(f"dateline: {path or '-'}:{number}: {answer['error']}", err=True)
                    write_record(answer)
    return 1 if failed else 0


def code_text(line: bytes) -> dict[str, Any]:
    """Code one ``{"id", "text", "published_at"?}`` line; a line that is none gets an ``error``."""
    answer: dict[str, Any] = {"id": None, "classes": [], "primary": "none", "scores": {}}
    answer |= {"entities": [], "events": []}
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return answer | {"error": f"not JSON: {error}"}
    if isinstance(given, dict):
        answer["id"] = given.get("id")
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        return answer | {"error": "an object with a string `text` is expected"}
    try:
        document = _document(given)
    except (TypeError, ValueError) as error:
        return answer | {"error": f"published_at: {error}"}
    enriched = enrich(document)
    scores = score(enriched)
    return {
        "id": given.get("id"),
        "classes": scores.classes,
        "primary": scores.primary,
        "scores": {name: scores.of(name) for name in EVENT_CLASSES} | {"none": scores.none},
        "entities": enriched.entities,
        "events": classify(enriched),
    }


def _document(given: dict[str, Any]) -> Document:
    headline, _, summary = given["text"].partition("\n")
    published = given.get("published_at")
    moment = datetime.fromisoformat(published) if published else None
    if moment and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return Document(
        document_id=ids.document_id(headline, summary or None, ()),
        kind="teaser",
        headline=headline,
        summary=summary or None,
        page_url="",
        site="",
        published_at=Timestamp(value=moment, precision="second", source="given") if moment else None,
        sources={},
        lineage=Lineage(page_id=ids.page_id("", given["text"].encode("utf-8", "surrogatepass"))),
    )
