"""What the page shows of an event: a compact JSON object, spans counted from the start of the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import orjson

from streams.records import Actor, Event, Span

_HEADLINE, _EVIDENCE, _ACTORS = 400, 2000, 12


def shown(event: Event) -> bytes:
    """Return the object; what is empty is left out."""
    evidence = event.evidence[:_EVIDENCE]
    spans, first = event.spans, event.spans.evidence.start
    place, date = event.place, event.date
    fields: dict[str, Any] = {
        "id": event.event_id,
        "class": event.event_class,
        "type": event.type,
        "mode": event.mode,
        "modality": event.modality if event.modality != "asserted" else None,
        "confidence": round(event.confidence, 3),
        "source": _actors(event.source),
        "target": _actors(event.target),
        "place": place and _some({"name": place.name, "country": place.country}),
        "date": date and [date.start, date.end],
        "headline": event.headline and event.headline[:_HEADLINE],
        "evidence": evidence,
        "spans": _some(
            {
                "trigger": _within([spans.trigger], first, len(evidence)),
                "source": _within(spans.source, first, len(evidence)),
                "target": _within(spans.target, first, len(evidence)),
                "place": _within([spans.place], first, len(evidence)),
                "date": _within([spans.date], first, len(evidence)),
            }
        ),
        "url": _web(event.url) or _web(event.page_url),
        "site": event.site,
        "language": event.language,
        "published": event.published_at and event.published_at.value,
        "page": event.lineage.page_id,
    }
    return orjson.dumps(_some(fields), option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS)


def _some(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], {}, "")}


def _actors(side: Iterable[Actor]) -> list[dict[str, Any]]:
    named = [_some({"name": a.name[:_HEADLINE], "country": a.country, "role": a.role}) for a in side]
    return named[:_ACTORS]


def _within(spans: Iterable[Span | None], first: int, length: int) -> list[list[int]]:
    """Return spans of the document's text as spans of the evidence; one that lies outside is left out."""
    moved = ([s.start - first, s.end - first] for s in spans if s is not None)
    return [[start, end] for start, end in moved if 0 <= start < end <= length]


def _web(url: str | None) -> str | None:
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None
