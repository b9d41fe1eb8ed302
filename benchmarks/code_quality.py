"""How well documents are coded: ``python benchmarks/code_quality.py [--data ../shared/eval]``.

Scores classes, types, actors, false events, calibration, speed and memory on the development sets. They
are read where they are, scored as wholes, and are no part of the project. ``--json`` prints the figures
alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from streams.classify import Scores, classify, encoder, preload, score
from streams.classify.choice import type_odds
from streams.classify.features import coded_text
from streams.classify.scores import first_look
from streams.classify.scores import read as read_acts
from streams.enrich import enrich
from streams.ids import document_id
from streams.records import EVENT_CLASSES, Document, EnrichedDocument, Event, Lineage

Row = dict[str, Any]
Figures = dict[str, float]

OLD_TYPES = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "FIGHT": "ASSAULT"}
YIELD = {"CONCEDE", "RETREAT"}
ARTICLE_WORDS = 400


def document(headline: str, summary: str | None = None, body: Sequence[str] = ()) -> Document:
    """Return a document with nothing but its text."""
    return Document(
        document_id=document_id(headline, summary, body),
        kind="article" if body else "teaser",
        headline=headline,
        summary=summary,
        body=tuple(body),
        page_url="",
        site="",
        sources={},
        lineage=Lineage(page_id=""),
    )


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def f1(pairs: Iterable[tuple[bool, bool]]) -> float:
    """F1 of (gold, guess) pairs."""
    counts = Counter(pairs)
    hits = counts[True, True]
    return 2 * hits / max(1, 2 * hits + counts[True, False] + counts[False, True])


def class_scores(rows: Sequence[Row], guesses: Sequence[Scores]) -> Figures:
    """F1 of each class, of none, and their mean over the three classes."""
    both = list(zip(rows, guesses, strict=True))
    figures: Figures = {c: f1((c in r["labels"], c in g.classes) for r, g in both) for c in EVENT_CLASSES}
    figures["macro"] = statistics.mean(figures.values())
    figures["none"] = f1((not r["labels"], not g.classes) for r, g in both)
    figures["primary accuracy"] = statistics.mean(r["primary"] == g.primary for r, g in both)
    return figures


def masked(enriched: EnrichedDocument) -> EnrichedDocument:
    """Return the document with every country and nationality replaced by an invented one."""
    text = enriched.document.text
    for entity in sorted(enriched.entities, key=lambda e: -e.span.start):
        if entity.type in ("country", "nationality"):
            name = "Freedonia" if entity.type == "country" else "Freedonian"
            text = text[: entity.span.start] + name + text[entity.span.end :]
    return enrich(document(text))


def calibration_error(rows: Sequence[Row], guesses: Sequence[Scores]) -> float:
    """Expected calibration error over the three classes, ten bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for row, guess in zip(rows, guesses, strict=True):
        for c in EVENT_CLASSES:
            p = guess.of(c)
            bins.setdefault(min(9, int(p * 10)), []).append((p, c in row["labels"]))
    total = sum(map(len, bins.values()))
    return sum(
        abs(sum(p for p, _ in found) - sum(hit for _, hit in found)) / total for found in bins.values()
    )


def main_event(events: Sequence[Event], primary: str) -> Event | None:
    """Return the event of the primary class, else the first."""
    return next((e for e in events if e.event_class == primary), events[0] if events else None)


def side_scores(gold: Sequence[tuple[set[str], set[str]]], events: Sequence[Event | None]) -> Figures:
    """Micro-F1 of the actors' codes as source, as target, and together."""
    counts: dict[str, Counter[str]] = {"source": Counter(), "target": Counter()}
    for sides, event in zip(gold, events, strict=True):
        for name, wanted in zip(("source", "target"), sides, strict=True):
            found = {a.country for a in getattr(event, name)} - {None} if event else set()
            counts[name].update(
                hit=len(wanted & found), missed=len(wanted - found), wrong=len(found - wanted)
            )
    counts["both"] = counts["source"] + counts["target"]
    return {
        name: 2 * c["hit"] / max(1, 2 * c["hit"] + c["missed"] + c["wrong"]) for name, c in counts.items()
    }


def same_type(gold: str, told: str | None) -> bool:
    """Compare roots; older sets have YIELD for CONCEDE and RETREAT."""
    return told in YIELD if gold == "YIELD" else told == gold


def read_type(enriched: EnrichedDocument) -> str:
    """Return the type that the type model reads in a text, whether or not an event is told of it."""
    text = coded_text(enriched)
    odds = type_odds(text, enriched.entities, read_acts(enriched), encoder.read(text))
    return max(odds, key=lambda kind: odds[kind])


def headlines(data: Path) -> Figures:
    """Classes, calibration, actors and false events on headlines-dev."""
    rows = read(data / "headlines-dev.jsonl")
    enriched = [enrich(document(r["text"])) for r in rows]
    guesses = [score(e) for e in enriched]
    events = [classify(e) for e in enriched]
    clear = [i for i, r in enumerate(rows) if not r["ambiguous"]]
    figures = {f"headlines-dev all: {k}": v for k, v in class_scores(rows, guesses).items()}
    some = class_scores([rows[i] for i in clear], [guesses[i] for i in clear])
    figures |= {f"headlines-dev clear: {k}": v for k, v in some.items()}
    hidden = class_scores(rows, [score(masked(e)) for e in enriched])
    figures |= {f"headlines-dev masked: {k}": v for k, v in hidden.items() if k in ("macro", "none")}
    figures["headlines-dev: calibration error"] = calibration_error(rows, guesses)
    told = [i for i, r in enumerate(rows) if r["labels"]]
    sides = side_scores(
        [(set(rows[i]["source"]), set(rows[i]["target"])) for i in told],
        [main_event(events[i], guesses[i].primary) for i in told],
    )
    figures |= {f"headlines-dev actors: {k}": v for k, v in sides.items()}
    silent = [bool(e) for e, r in zip(events, rows, strict=True) if not r["labels"]]
    figures["headlines-dev: none-texts with an event"] = statistics.mean(silent)
    figures["headlines-dev: class texts with an event"] = statistics.mean(bool(events[i]) for i in told)
    confusion(rows, guesses)
    return figures


def confusion(rows: Sequence[Row], guesses: Sequence[Scores]) -> None:
    """Print the primary classes, gold by guess, to stderr."""
    table = Counter((r["primary"], g.primary) for r, g in zip(rows, guesses, strict=True))
    names = (*EVENT_CLASSES, "none")
    write = sys.stderr.write
    write(f"{'gold / guess':14}" + "".join(f"{n:>11}" for n in names) + "\n")
    for gold in names:
        write(f"{gold:14}" + "".join(f"{table[gold, guess]:>11}" for guess in names) + "\n")


def gsr(data: Path) -> Figures:
    """Types and actors on plover-gsr."""
    rows = read(data / "plover-gsr.jsonl")
    enriched = [enrich(document(r["text"])) for r in rows]
    events = [main_event(classify(e), "") for e in enriched]

    def codes(side: object) -> set[str]:
        found = [a.get("code") for a in side] if isinstance(side, list) else []
        flat = [c for code in found for c in (code if isinstance(code, list) else [code]) if c]
        return {{"JAP": "JPN"}.get(c, c) for c in flat}

    sides = side_scores([(codes(r["source"]), codes(r["target"])) for r in rows], events)
    figures = {f"plover-gsr actors: {k}": v for k, v in sides.items()}
    gold = [OLD_TYPES.get(str(r["event"]), str(r["event"])) for r in rows]
    figures["plover-gsr: root type"] = statistics.mean(
        same_type(g, e.type if e else None) for g, e in zip(gold, events, strict=True)
    )
    figures["plover-gsr: root type read, told or not"] = statistics.mean(
        same_type(g, read_type(e)) for g, e in zip(gold, enriched, strict=True)
    )
    figures["plover-gsr: sentences with an event"] = statistics.mean(e is not None for e in events)
    return figures


def plv(data: Path) -> Figures:
    """Types on plv-sentences, no actor pair given."""
    rows = read(data / "plv-sentences.jsonl")
    enriched = [enrich(document(r["text"])) for r in rows]
    events = [main_event(classify(e), "") for e in enriched]
    right = [same_type(r["event"], e.type if e else None) for r, e in zip(rows, events, strict=True)]
    return {
        "plv-sentences: root type": statistics.mean(right),
        "plv-sentences: root type read, told or not": statistics.mean(
            same_type(r["event"], read_type(e)) for r, e in zip(rows, enriched, strict=True)
        ),
        "plv-sentences: root type where an event": sum(right) / max(1, sum(e is not None for e in events)),
        "plv-sentences: sentences with an event": statistics.mean(e is not None for e in events),
    }


def united_nations(data: Path) -> Figures:
    """False events on the irrelevant UN sentences."""
    rows = [r for r in read(data / "un-quadclass-en.jsonl") if r["quad_name"] == "irrelevant"]
    return {
        "un-quadclass: irrelevant with an event": statistics.mean(
            bool(classify(enrich(document(r["text"])))) for r in rows
        )
    }


def places_of_events(data: Path) -> Figures:
    """How many events of the pool's first headlines name a place, and how many of those have a point."""
    texts = [r["text"] for r in read(data / "headlines-pool.jsonl")[:6000]]
    events = [event for text in texts for event in classify(enrich(document(text)))]
    places = [event.place for event in events if event.place is not None]
    return {
        "pool: events": len(events),
        "pool: events with a place": len(places),
        "pool: events with a point": sum(place.lat is not None for place in places),
    }


def english_pages(data: Path) -> list[Document]:
    """Articles of English pages, each cut after the paragraph that reaches 400 words."""
    documents = []
    with gzip.open(data / "pages-fundus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            gold = row["gold"]
            if (row["lang"] or "")[:2] != "en" or len((gold["body"] or "").split()) < ARTICLE_WORDS:
                continue
            body: list[str] = []
            for paragraph in filter(None, gold["body"].split("\n")):
                body.append(paragraph)
                if sum(len(p.split()) for p in body) >= ARTICLE_WORDS:
                    break
            documents.append(document(gold["title"] or "", None, body))
    return documents


def speed(data: Path) -> Figures:
    """Milliseconds of CPU for enrich and classify together, each text once, and the process's memory."""
    teasers = [document(r["text"]) for r in read(data / "headlines-pool.jsonl")[:2000]]
    articles = english_pages(data)

    def timed(doc: Document) -> float:
        start = time.process_time()  # of this process: others may share the machine
        classify(enrich(doc))
        return (time.process_time() - start) * 1000

    for doc in teasers[:100]:
        timed(doc)
    times = [timed(d) for d in teasers[100:]]

    def is_read(doc: Document) -> bool:
        enriched = enrich(doc)
        return first_look(enriched).is_open and bool(read_acts(enriched).candidates)

    # Before the texts are read once more: their words would be known.
    long = statistics.median(map(timed, articles))
    return {
        "teaser: share that the encoder reads": statistics.mean(map(is_read, teasers)),
        "article: share that the encoder reads": statistics.mean(map(is_read, articles)),
        "teaser: median ms": statistics.median(times),
        "teaser: mean ms": statistics.mean(times),
        "article of 400 words: median ms": long,
        "memory: MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


PARTS: dict[str, Callable[[Path], Figures]] = {
    # Times first: what is read before has its words known.
    "speed": speed, "headlines": headlines, "gsr": gsr, "plv": plv, "un": united_nations,
    "places": places_of_events,
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/eval"), help="development folder")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="some of the parts")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        print(f"{arguments.data} is not there: nothing measured", file=sys.stderr)
        return 1
    preload()
    figures: Figures = {}
    for name in arguments.only or PARTS:
        figures |= PARTS[name](arguments.data)
    if arguments.json:
        print(json.dumps({k: round(v, 4) for k, v in figures.items()}))
    else:
        for name, value in figures.items():
            print(f"{name:48} {value:8.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
