"""What runs inside a compute process: bytes of one record in, bytes of the next records out.

Decoding and encoding are here too, so that the event loop only passes bytes on.
"""

from __future__ import annotations

import dataclasses
import time
import traceback
from collections.abc import Callable, Sequence
from typing import NamedTuple

from streams import classify as classifying
from streams import enrich as enriching
from streams import headers as h
from streams.actors import sightings
from streams.agents.facts import EventFacts
from streams.agents.work import Done, Failed, Item, Output, Result
from streams.classify import classify, coder_version
from streams.corrections import NONE, Corrections
from streams.enrich import enrich
from streams.errors import Invalid, InvalidPage, InvalidRecord
from streams.parse import Limits, Page, parse
from streams.records import Document, EnrichedDocument, Event, RawPage, decode, encode


class Made(NamedTuple):
    """What a stage made of a record, and whose it was."""

    outputs: list[Output]
    site: str = ""
    language: str = ""


def read_page(item: Item) -> Page:
    """Make a page from a record of ``pages.raw``: raw bytes where a ``url`` header stands, else JSON.

    Raises:
        InvalidRecord: neither; the message says what is missing.
    """
    url = h.text(item.headers.get(h.URL))
    if not item.value:
        raise InvalidPage("the page is empty: its body has no bytes")
    if url:
        page = Page.from_bytes(
            item.value,
            url=url,
            content_type=h.text(item.headers.get(h.CONTENT_TYPE)) or "text/html",
            fetched_at=h.moment(h.text(item.headers.get(h.FETCHED_AT))),
            publisher=h.text(item.headers.get(h.PUBLISHER)) or None,
        )
    else:
        page = Page.from_record(_raw_page(item.value))
    own = (item.topic, item.partition, item.offset)
    # What a replay sends is the page it copies: its events are those of the first run, byte for byte.
    first = h.place(item.headers.get(h.LINEAGE)) if h.REPLAY in item.headers else None
    if not (first or item.topic):
        return page  # it never stood on a topic
    topic, partition, offset = first or own
    origin = dataclasses.replace(page.lineage, topic=topic, partition=partition, offset=offset)
    return dataclasses.replace(page, lineage=origin)


def _raw_page(value: bytes) -> RawPage:
    if not value.lstrip()[:1] == b"{":
        raise InvalidRecord(
            "neither a RawPage (JSON) nor a page with a url: bytes of a page need the headers url, "
            "content-type and fetched-at"
        )
    return decode(value, RawPage)


def parse_task(item: Item, limits: Limits, _: Corrections) -> Made:
    """Turn a page into its documents."""
    outputs = [
        Output("documents", d.document_id, encode(d), "dateline.document.v1", d.kind, d.site)
        for d in parse(read_page(item), limits)
    ]
    return Made(outputs, outputs[0].site if outputs else "")


def enrich_task(item: Item, _: Limits, corrections: Corrections) -> Made:
    """Turn a document into an enriched document."""
    enriched = _enrich(decode(item.value, Document), corrections)
    key = enriched.document.document_id
    kind, told = "dateline.document.enriched.v1", sightings(enriched)
    return Made([Output("documents.enriched", key, encode(enriched), kind, told=told)])


def _enrich(document: Document, corrections: Corrections) -> EnrichedDocument:
    version = coder_version(corrections)
    return dataclasses.replace(enrich(document, corrections=corrections), coder_version=version)


def classify_task(item: Item, _: Limits, corrections: Corrections) -> Made:
    """Turn an enriched document into its events."""
    enriched = decode(item.value, EnrichedDocument)
    if enriched.coder_version not in (None, coder_version(corrections)):
        # Enriched by another release or with other corrections: an event is coded by one version as a whole.
        enriched = _enrich(enriched.document, corrections)
    outputs = [_event_output(event) for event in classify(enriched, corrections)]
    return Made(outputs, enriched.document.site, enriched.document.language or "")


def _event_output(event: Event) -> Output:
    kind = event.event_class
    value = encode(event)
    return Output(
        f"events.{kind}", event.event_id, value, f"dateline.event.{kind}.v1", facts=EventFacts.of(event)
    )


TASKS: dict[str, Callable[[Item, Limits, Corrections], Made]] = {
    "parse": parse_task,
    "enrich": enrich_task,
    "classify": classify_task,
}


def make_ready(corrections: Corrections) -> None:
    """Read the tables that records are to be coded with, so that the first of them does not wait for it."""
    if corrections != NONE:
        classifying.preload(corrections)
        enriching.preload(corrections)


def run_one(stage: str, item: Item, limits: Limits, corrections: Corrections = NONE) -> Result:
    """Run a stage on one record; whatever it raises becomes a :class:`Failed`."""
    began, started, cpu = time.time(), time.perf_counter(), time.process_time()
    if h.DAMAGED in item.headers:
        return Failed("InvalidRecord", h.text(item.headers[h.DAMAGED]), "")
    try:
        made = TASKS[stage](item, limits, corrections)
    except MemoryError:
        return Failed("ComputeCrashed", "the record needs more memory than a compute process may have", "")
    except Invalid as error:
        return Failed(type(error).__name__, str(error), "")
    except Exception as error:  # noqa: BLE001  (nothing a page contains may stop the stream)
        where = "".join(traceback.format_exception(error))
        return Failed("Unexpected", f"{type(error).__name__}: {error}", where)
    spent = time.perf_counter() - started, time.process_time() - cpu
    return Done(made.outputs, *spent, made.site, made.language, began)


def run_chunk(
    stage: str, items: Sequence[Item], limits: Limits, corrections: Corrections = NONE
) -> list[Result]:
    """Run a stage on several records, each for itself."""
    return [run_one(stage, item, limits, corrections) for item in items]
