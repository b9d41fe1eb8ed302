"""The labelled texts a model is trained on, read from the development folder and from ``training/data``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from streams.enrich import enrich
from streams.records import EVENT_CLASSES, Document, EnrichedDocument, EventClass, Lineage

OWN = Path(__file__).parent / "data"
Origin = Literal["train", "pool", "written", "own", "wire", "story", "world", "report"]

# Our invented texts with type, classes and sides: file, kind, and what one weighs where sides are fitted
# (beside 1 for a printed one) and where types are (beside 1 for machine-written news).
SENTENCES: tuple[tuple[str, Origin, float, float], ...] = (
    ("sentences-own.tsv", "wire", 0.5, 8.0),
    ("sentences-wire.tsv", "story", 0.5, 8.0),
    ("headlines-world.tsv", "world", 0.2, 3.0),
    ("reports.tsv", "report", 0.8, 8.0),
)
WRITTEN_SIDES = 0.2

_LETTERS: dict[str, EventClass] = {"d": "diplomacy", "m": "military", "t": "trade"}


@dataclass(frozen=True, slots=True)
class Row:
    """One text with its classes, and where it is from.

    ``train`` rows are a fair sample of printed headlines; ``pool`` rows are printed headlines that an
    earlier model was unsure of; ``written``, ``own`` and ``world`` rows are invented headlines, ``wire``
    and ``story`` rows invented sentences of news stories, ``report`` rows both.
    """

    enriched: EnrichedDocument
    labels: frozenset[str]
    primary: str
    origin: Origin
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One text with the PLOVER type it reports, and its weight in the fit."""

    enriched: EnrichedDocument
    type: str
    weight: float
    report: bool = False


@dataclass(frozen=True, slots=True)
class SideRow:
    """One text with the source and target of its event of one class, and its weight in the fit."""

    enriched: EnrichedDocument
    labels: frozenset[str]
    event_class: EventClass
    source: frozenset[str]
    target: frozenset[str]
    origin: Origin
    weight: float


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
    """Read real headlines with our labels, which stand in a file of their own (its head says how)."""
    text_of = {r["id"]: r["text"] for r in _lines(texts)}
    rows = []
    for line in labels.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, classes, *_ = line.split("\t")
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


# CAMEO roots by the PLOVER type they became.
_CAMEO_TYPES = {
    "02": "REQUEST", "03": "AGREE", "04": "CONSULT", "05": "SUPPORT", "06": "COOPERATE", "07": "AID",
    "08": "CONCEDE", "09": "ACCUSE", "10": "REQUEST", "11": "ACCUSE", "12": "REJECT", "13": "THREATEN",
    "14": "PROTEST", "15": "MOBILIZE", "16": "SANCTION", "17": "COERCE", "18": "ASSAULT", "19": "ASSAULT",
    "20": "ASSAULT",
}  # fmt: skip


def _synthetic(row: dict[str, Any]) -> str:
    """Return the title with its first sentence: later ones report other acts."""
    return f"{row['title']}\n{row['text'].split('. ')[0]}"


def _opening(text: str) -> str:
    """Return the first letters of a text, to find it again under other punctuation."""
    return "".join(c for c in text.lower() if c.isalpha())[:40]


def read_invented() -> list[Row]:
    """Read our invented sentences and headlines with their classes."""
    rows = []
    for name, origin, _, _ in SENTENCES:
        for _, letters, _, _, text in read_sentences(OWN / name):
            labels = [_LETTERS[letter] for letter in letters if letter != "-"]
            primary = labels[0] if labels else "none"
            rows.append(Row(enrich(document(text)), frozenset(labels), primary, origin))
    return rows


def _invented_sides(*, reports: bool) -> list[SideRow]:
    rows = []
    for name, origin, weight, _ in SENTENCES:
        if (origin == "report") != reports:
            continue
        for _, letters, source, target, text in read_sentences(OWN / name):
            labels: list[EventClass] = [_LETTERS[letter] for letter in letters if letter != "-"]
            if labels:
                sides = _codes(source), _codes(target)
                rows.append(
                    SideRow(enrich(document(text)), frozenset(labels), labels[0], *sides, origin, weight)
                )
    return rows


def read_report_sides() -> list[SideRow]:
    """Read our reports of a class with the actors of their event.

    They are not for the linear weights: held out, the targets of printed headlines lose .01 by them.
    """
    return _invented_sides(reports=True)


def read_sentences(path: Path) -> list[list[str]]:
    """Read our invented texts, a list of fields each: type, classes as letters, source, target, text.

    The type is ``NONE`` where there is no act. Codes of one side are joined by ``+``; ``-`` stands for none.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def read_types(data: Path) -> list[TypeRow]:
    """Read texts with PLOVER types: ours with one event, CAMEO's examples, machine-written news.

    What headlines-written calls AGREE is left out: it holds treaties signed, which are SUPPORT by PLOVER.
    """
    rows = [
        TypeRow(enrich(document(r["headline"], r.get("summary"))), r["events"][0]["type"], 3.0)
        for r in _lines(data / "headlines-written.jsonl")
        if len(r["events"]) == 1 and r["events"][0]["type"] != "AGREE"
    ]
    # Sentences that a score-only set shares are left out, so that its score stays honest.
    shared = {_opening(r["text"]) for r in _lines(data / "plover-gsr.jsonl")}
    rows += [
        TypeRow(enrich(document(r["text"])), _CAMEO_TYPES[r["root"]], 4.0)
        for r in _lines(data / "cameo-examples.jsonl")
        if r["root"] in _CAMEO_TYPES and _opening(r["text"]) not in shared
    ]
    rows += [
        TypeRow(enrich(document(text)), plover, weight, report=origin == "report")
        for name, origin, _, weight in SENTENCES
        for plover, _, _, _, text in read_sentences(OWN / name)
        if plover != "NONE"
    ]
    synthetic = _lines(data / "ngec-synthetic.jsonl")
    rows += [TypeRow(enrich(document(_synthetic(r))), r["event"], 1.0) for r in synthetic]
    return rows


def _codes(field: str) -> frozenset[str]:
    return frozenset() if field == "-" else frozenset(field.split("+"))


def _pool_sides(labels: Path, texts: Path) -> list[SideRow]:
    text_of = {r["id"]: r["text"] for r in _lines(texts)}
    rows = []
    for line in labels.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, classes, source, target = line.split("\t")
            named: list[EventClass] = [c for c in EVENT_CLASSES if c in classes.split(",")]
            rows.append(
                SideRow(
                    enriched=enrich(document(text_of[key])),
                    labels=frozenset(named),
                    event_class=next(c for c in EVENT_CLASSES if classes.startswith(c)),
                    source=_codes(source),
                    target=_codes(target),
                    origin="pool",
                    weight=1.0,
                )
            )
    return rows


def read_sides(data: Path) -> list[SideRow]:
    """Read texts with the actors of their event: printed headlines, those we labelled, and invented ones."""
    rows = [
        SideRow(
            enriched=enrich(document(r["text"])),
            labels=frozenset(r["labels"]),
            event_class=r["primary"],
            source=frozenset(r["source"]),
            target=frozenset(r["target"]),
            origin="train",
            weight=1.0,
        )
        for r in _lines(data / "headlines-train.jsonl")
        if r["labels"]
    ]
    rows += _invented_sides(reports=False)
    rows += _pool_sides(OWN / "pool-sides.tsv", data / "headlines-pool.jsonl")
    for r in _lines(data / "headlines-written.jsonl"):
        if r["events"]:
            event = next((e for e in r["events"] if e["class"] == r["primary"]), r["events"][0])
            rows.append(
                SideRow(
                    enriched=enrich(document(r["headline"], r.get("summary"))),
                    labels=frozenset(r["labels"]),
                    event_class=event["class"],
                    source=frozenset(event["source"]),
                    target=frozenset(event["target"]),
                    origin="written",
                    weight=WRITTEN_SIDES,
                )
            )
    return rows


def digest(path: Path) -> str:
    """Return the first 16 hex digits of a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
