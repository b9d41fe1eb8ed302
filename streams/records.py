"""The records on the topics, and how bytes become records and records bytes.

Frozen, slotted dataclasses: msgspec decodes and validates, orjson encodes. The JSON Schemas in
``schemas/`` are generated from these classes, so a field's docstring-comment is its description.

Spans are ``[start, end)`` in code points into :attr:`Document.text`. Times are UTC with zone.
No record carries the time it was emitted: that stands in the ``ce_time`` header, so that the
same page through the same coder gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec
import orjson
from msgspec import Meta

from streams.errors import InvalidRecord

EventClass = Literal["diplomacy", "military", "trade"]
EVENT_CLASSES: tuple[EventClass, ...] = ("diplomacy", "military", "trade")

DocumentKind = Literal["article", "teaser"]
EntityType = Literal["person", "organisation", "country", "place", "group", "nationality"]
Modality = Literal["asserted", "future", "hypothetical", "negated"]
DatePrecision = Literal["second", "minute", "hour", "day", "week", "month", "year", "range"]

PloverType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip

Country = Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 3166-1 alpha-3 code")]
ActorCode = Annotated[
    str,
    Meta(
        pattern="^[A-Z]{3}$",
        description="ISO 3166-1 alpha-3 code of the state, or EUU, NAT, UNO, IGO for a body",
    ),
]
#: Actor codes that are bodies and no state: EU, NATO, UN, any other international body.
BODIES = frozenset({"EUU", "NAT", "UNO", "IGO"})
Confidence = Annotated[float, Meta(ge=0, le=1)]
CameoCode = Annotated[str, Meta(pattern=r"^\d{2,4}$", description="A string: 010 is not 10")]
Intensity = Annotated[float, Meta(ge=-10, le=10, description="PLOVER intensity")]
Offset = Annotated[int, Meta(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A page as a crawler fetched it."""

    url: Annotated[str, Meta(min_length=1, description="Address the page was fetched from")]
    body: Annotated[str, Meta(description="The page; base64 when encoding says so")]
    encoding: Literal["text", "base64"] = "text"
    content_type: Annotated[str, Meta(description="As the server sent it, with charset")] = "text/html"
    fetched_at: datetime | None = None
    publisher: str | None = None
    headers: Annotated[dict[str, str] | None, Meta(description="HTTP response headers")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """``[start, end)`` in code points."""

    start: Offset
    end: Offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """The line that opens a wire story, such as ``ALMATY, April 11. /TASS/``."""

    place: str | None = None
    date: Annotated[str | None, Meta(description="As written: 'April 11'")] = None
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """A time from the page, with where it came from and how exact it is."""

    value: datetime
    precision: DatePrecision
    source: Annotated[str, Meta(description="json-ld, meta, time, dateline, text, header …")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePart:
    """Where one line of a document's text stands in the decoded page."""

    text: Annotated[Span, Meta(description="In the document's text")]
    page: Annotated[Span, Meta(description="In the decoded page")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """The page a record came from."""

    page_id: Annotated[str, Meta(description="Hash of the page's address and bytes")]
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article, or one teaser, of a page."""

    document_id: str
    kind: DocumentKind
    headline: Annotated[str | None, Meta(description="As a reader sees it")]
    summary: Annotated[str | None, Meta(description="Lead or teaser text under the headline")] = None
    body: Annotated[tuple[str, ...], Meta(description="Paragraphs of the article")] = ()
    url: Annotated[str | None, Meta(description="Of this document: the page's, or the teaser's link")] = None
    page_url: str
    site: Annotated[str, Meta(description="Host of the page, lower case, without www.")]
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: Annotated[str | None, Meta(description="ISO 639-1 code")] = None
    dateline: Dateline | None = None
    published_at: Timestamp | None = None
    modified_at: Timestamp | None = None
    fetched_at: datetime | None = None
    order: Annotated[int, Meta(ge=0, description="Place on the page; the article is 0")] = 0
    parts: Annotated[tuple[PagePart, ...], Meta(description="Where each line stands on the page")] = ()
    sources: Annotated[
        dict[str, str], Meta(description="Where each metadata value came from: field to source")
    ]
    lineage: Lineage

    @property
    def text(self) -> str:
        """Headline, summary and paragraphs joined by newlines: what spans point into."""
        return document_text(self.headline, self.summary, self.body)


def document_text(headline: str | None, summary: str | None, body: tuple[str, ...]) -> str:
    """Return the text that a document's spans point into."""
    return "\n".join(part for part in (headline, summary, *body) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A mention of a person, body, country, place or group in a document."""

    surface: str
    span: Span
    type: EntityType
    id: Annotated[str | None, Meta(description="Wikidata QID, 'geonames:<id>' or ISO code")] = None
    name: Annotated[str | None, Meta(description="Canonical name")] = None
    country: ActorCode | None = None
    role: Annotated[str | None, Meta(description="PLOVER sector: GOV, MIL, OPP, …")] = None
    lat: float | None = None
    lon: float | None = None
    confidence: Confidence = 1.0
    found_by: Annotated[str, Meta(description="gazetteer, nationality, role-pattern, learned …")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an event took place."""

    name: str
    country: Country | None = None
    lat: float | None = None
    lon: float | None = None
    geonames_id: int | None = None
    precision: Literal["country", "region", "city", "point"] = "country"
    span: Annotated[Span | None, Meta(description="The words that name it")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDate:
    """When an event took place: the first and the last day."""

    start: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    end: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    precision: DatePrecision
    method: Annotated[str, Meta(description="explicit, relative, dateline, published …")]
    span: Annotated[Span | None, Meta(description="The words that name it")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichedDocument:
    """A document with what was found in it."""

    document: Document
    entities: tuple[Entity, ...] = ()
    places: Annotated[tuple[Place, ...], Meta(description="Resolved places, best first")] = ()
    dates: Annotated[tuple[EventDate, ...], Meta(description="Dates the text names")] = ()
    coder_version: Annotated[str | None, Meta(description="Of the worker that enriched it")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One side of an event."""

    name: str
    country: ActorCode | None = None
    role: str | None = None
    id: Annotated[str | None, Meta(description="Of the entity it refers to")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpans:
    """The words that say so, as spans of the document's text."""

    trigger: Span
    source: tuple[Span, ...] = ()
    target: tuple[Span, ...] = ()
    place: Span | None = None
    date: Span | None = None
    evidence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who did what to whom, where and when, with the words that say so."""

    event_id: str
    document_id: str
    event_class: Annotated[EventClass, Meta(description="Which topic it stands on")]
    type: PloverType
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    cameo: CameoCode | None = None
    intensity: Intensity | None = None
    source: tuple[Actor, ...] = ()
    target: tuple[Actor, ...] = ()
    place: Place | None = None
    date: EventDate | None = None
    modality: Modality = "asserted"
    confidence: Confidence
    evidence: Annotated[str, Meta(description="The sentence that reports it")]
    spans: EventSpans
    headline: str | None = None
    language: str | None = None
    url: str | None = None
    page_url: str
    site: str
    published_at: Timestamp | None = None
    fetched_at: datetime | None = None
    coder_version: str
    lineage: Lineage


ReplayStatus = Literal["started", "resumed", "finished", "stopped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """That a replay of pages was begun or went on, or how it ended; several records, one replay."""

    replay_id: str
    status: ReplayStatus
    at: datetime
    who: Annotated[str, Meta(description="user@host")]
    reason: Annotated[str, Meta(description="As --reason gave it")]
    source: str
    target: str
    selection: Annotated[dict[str, str], Meta(description="Which pages of the source were meant")]
    coder_version: Annotated[str, Meta(description="Of the installation that ran it")]
    planned: Annotated[int, Meta(ge=0, description="Pages that the plan counted")]
    sent: Annotated[int, Meta(ge=0, description="Pages that the target has taken so far")] = 0
    error: Annotated[str | None, Meta(description="Why it failed")] = None


R = TypeVar("R")


def encode(record: object) -> bytes:
    """Encode a record as JSON; the same record always gives the same bytes.

    Raises:
        InvalidRecord: a string holds a lone surrogate, which UTF-8 cannot carry.
    """
    try:
        return orjson.dumps(record, option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS)
    except TypeError as error:
        raise InvalidRecord(f"cannot be written as JSON: {error}") from error


def decode(data: bytes, kind: type[R]) -> R:
    """Decode and validate one record.

    Raises:
        InvalidRecord: not JSON, or not a record of this kind; the message names the field.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"not a {kind.__name__}: {error}") from error
