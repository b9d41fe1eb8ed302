"""The three stages composed, for ``dateline code`` and for tests: what the agents do, without Kafka."""

from __future__ import annotations

from streams.classify import classify
from streams.corrections import NONE, Corrections
from streams.enrich import enrich
from streams.parse import Limits, Page, parse
from streams.records import Document, Event


def code(
    page: Page, limits: Limits | None = None, corrections: Corrections = NONE
) -> tuple[tuple[Document, ...], tuple[Event, ...]]:
    """Return the documents of a page and their events.

    Raises:
        Invalid: the page cannot be read.
    """
    documents = parse(page, limits or Limits())
    enriched = (enrich(document, corrections=corrections) for document in documents)
    return documents, tuple(event for one in enriched for event in classify(one, corrections))
