"""The labelled texts a model is trained on, read from the development folder and from ``training/data``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from streams.enrich import enrich
from streams.records import Document, EnrichedDocument, Lineage

OWN = Path(__file__).parent / "data"
Origin = Literal["train", "pool", "written", "own"]

_LETTERS = {"d": "diplomacy", "m": "military", "t": "trade"}


@dataclass(frozen=True, slots=True)
class Row:
    """One text with its classes, and where it is from.

    ``train`` rows are a fair sample of printed headlines; ``pool`` rows are printed headlines that an
    earlier model was unsure of; ``written`` and ``own`` rows are invented.
    """

    enriched: EnrichedDocument
    labels: frozenset[str]
    primary: str
    origin: Origin
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


def read(path: Path, origin: Origin) -> list[Row]:
    """Read labelled rows: ``text``, or ``headline`` with ``summary``; ``labels``; ``primary``."""
    return [
        Row(
            enriched=enrich(document(r.get("text") or r["headline"], r.get("summary"))),
            labels=frozenset(r["labels"]),
            primary=r.get("primary") or next(iter(r["labels"]), "none"),
            origin=origin,
            ambiguous=bool(r.get("ambiguous")),
        )
        for r in _lines(path)
    ]


def read_own(path: Path) -> list[Row]:
    """Read our invented headlines: classes as letters (the first is the primary), tab, headline."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            letters, headline = line.split("\t")
            labels = [_LETTERS[letter] for letter in letters if letter != "-"]
            rows.append(
                Row(
                    enriched=enrich(document(headline)),
                    labels=frozenset(labels),
                    primary=labels[0] if labels else "none",
                    origin="own",
                )
            )
    return rows


def read_pool(labels: Path, texts: Path) -> list[Row]:
    """Read real headlines with our labels, which stand in a file of their own: id, tab, classes."""
    text_of = {r["id"]: r["text"] for r in _lines(texts)}
    rows = []
    for line in labels.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, classes = line.split("\t")
            named = [c for c in classes.split(",") if c != "none"]
            rows.append(
                Row(
                    enriched=enrich(document(text_of[key])),
                    labels=frozenset(named),
                    primary=named[0] if named else "none",
                    origin="pool",
                )
            )
    return rows


def digest(path: Path) -> str:
    """Return the first 16 hex digits of a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
