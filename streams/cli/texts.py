"""Texts to code: lines ``{"id", "text", "published_at"?}``, each a headline and what follows it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from streams import ids
from streams.cli import pages
from streams.errors import InvalidRecord
from streams.records import Document, Lineage, Timestamp


class NotAText(InvalidRecord):
    """A line that holds no text; ``line_id`` is its id where it has one."""

    def __init__(self, message: str, line_id: Any = None) -> None:
        super().__init__(message)
        self.line_id = line_id


def read_lines(paths: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield the lines of files or of standard input that are not empty, each with where it stands."""
    for path in pages.files(paths):
        with sys.stdin.buffer if path is None else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path or '-'}:{number}", line


def read_text(line: bytes) -> tuple[dict[str, Any], Document]:
    """Return a line's object and the document it gives.

    Raises:
        NotAText: the line is none; the message says what is wrong.
    """
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise NotAText(f"not JSON: {error}") from error
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        line_id = given.get("id") if isinstance(given, dict) else None
        raise NotAText("an object with a string `text` is expected", line_id)
    try:
        return given, _document(given)
    except (TypeError, ValueError) as error:
        raise NotAText(f"published_at: {error}", given.get("id")) from error


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
