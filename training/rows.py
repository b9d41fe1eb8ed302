"""The labelled texts a model is trained on, read from the development folder and from ``training/data``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streams.enrich import enrich
from streams.records import Document, EnrichedDocument, Lineage

OWN = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Row:
    """One text with its classes; ``real`` rows are printed headlines, the others are invented."""

    enriched: EnrichedDocument
    labels: frozenset[str]
    primary: str
    real: bool
    ambiguous: bool = False


def document(headline: str, summary: str | None = None) -> Document:
    """Return a teaser with nothing but its text."""
    return Document(
        document_id="0",
        kind="teaser",
        headline=headline,
        summary=summary,
        page_url="",
        site="",
        sources={},
        lineage=Lineage(page_id="0"),
    )


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read(path: Path, *, real: bool) -> list[Row]:
    """Read labelled rows: ``text``, or ``headline`` with ``summary``; ``labels``; ``primary``."""
    return [
        Row(
            enriched=enrich(document(r.get("text") or r["headline"], r.get("summary"))),
            labels=frozenset(r["labels"]),
            primary=r.get("primary") or next(iter(r["labels"]), "none"),
            real=real,
            ambiguous=bool(r.get("ambiguous")),
        )
        for r in _lines(path)
    ]


def digest(path: Path) -> str:
    """Return the first 16 hex digits of a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
