"""The three stages composed, for ``dateline code`` and for tests: what the agents do, without Kafka."""

from __future__ import annotations

from streams.classify import classify
from streams.enrich import enrich
from streams.parse import Limits, Page, parse
from streams.records import Document, Event


def code(page: Page, limits: Limits | None = None) -> tuple[tuple[Document, ...], tuple[Event, ...]]:
    """Return the documents of a page and their events.

    Raises:
        Invalid: the page cannot be read.
    """
    documents = parse(page, limits or Limits())
    return documents, tuple(event for document in documents for event in classify(enrich(document)))
