"""Deterministic identifiers: the same input gives the same id on any machine, today and later.

A duplicate delivery therefore carries the same key, and a compacted topic or an upsert removes
it. Every id is a 128-bit BLAKE2b hash in hexadecimal over length-prefixed fields, so that no two
different lists of fields hash alike.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from streams.records import Actor, EventClass, PloverType, Span

_DIGEST_BYTES = 16


def _digest(kind: bytes, fields: Iterable[bytes]) -> str:
    state = hashlib.blake2b(digest_size=_DIGEST_BYTES, person=kind)
    for field in fields:
        state.update(len(field).to_bytes(8, "big"))
        state.update(field)
    return state.hexdigest()


def normalise(text: str) -> str:
    """Return the text as ids see it: NFKC, case folded, white space collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def page_id(url: str, body: bytes) -> str:
    """Identify a page by its address and its bytes."""
    return _digest(b"page", (url.encode("utf-8", "surrogatepass"), body))


def document_id(headline: str | None, summary: str | None, body: Iterable[str]) -> str:
    """Identify a document by its normalised headline and text, wherever it was printed."""
    parts = (headline or "", summary or "", *body)
    return _digest(b"document", (normalise(p).encode("utf-8", "surrogatepass") for p in parts))


def event_id(
    document: str,
    event_class: EventClass,
    plover_type: PloverType,
    source: Iterable[Actor],
    target: Iterable[Actor],
    evidence: Span,
) -> str:
    """Identify an event by document, class, type, actors and the span that reports it."""
    sides = (
        "|".join(sorted(f"{a.country or ''}/{a.role or ''}/{normalise(a.name)}" for a in side))
        for side in (source, target)
    )
    fields = (document, event_class, plover_type, *sides, f"{evidence.start}-{evidence.end}")
    return _digest(b"event", (f.encode("utf-8", "surrogatepass") for f in fields))


def site_of(url: str) -> str:
    """Return the host of an address, lower case, without ``www.`` and port; '' when it has none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
