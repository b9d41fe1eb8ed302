"""How well and how fast the enrichment stage works: ``python benchmarks/enrich_quality.py``.

Reads the development sets from ``../shared/eval`` (or ``--data``); none of them is part of the
project. Printed: the countries of the actors, the places of a set of local news, and times.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import psutil

from streams.enrich import enrich, preload
from streams.enrich.tables import read_table
from streams.records import Document, EnrichedDocument, Lineage, Timestamp

DATA = Path(__file__).resolve().parents[2] / "shared" / "eval"
# PLOVER 0.5 wrote JAP, and ROM and PAL stand in older rows.
OLD_CODES = {"JAP": "JPN", "ROM": "ROU", "PAL": "PSE"}
NEAR_KM = 25.0
# Not actors of the labels: press that is quoted, and places inside another text.
UNCODED_ROLES = frozenset({"MED"})


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def document(headline: str, body: Iterable[str] = (), published: datetime | None = None) -> Document:
    """Return a document around a text."""
    stamp = Timestamp(value=published, precision="day", source="benchmark") if published else None
    return Document(
        document_id="d", kind="teaser", headline=headline, body=tuple(body), page_url="https://example.org/",
        site="example.org", published_at=stamp, sources={}, lineage=Lineage(page_id="p"),
    )  # fmt: skip


def codes(enriched: EnrichedDocument) -> set[str]:
    """Return the actor codes of a document's entities."""
    return {e.country for e in enriched.entities if e.country and e.role not in UNCODED_ROLES}


class Tally:
    """Gold and found codes, counted; the ones most often missed or added."""

    def __init__(self) -> None:
        self.hit = self.gold = self.found = 0
        self.missed: Counter[str] = Counter()
        self.added: Counter[str] = Counter()
        self.examples: list[str] = []

    def add(self, gold: set[str], found: set[str], text: str) -> None:
        self.hit += len(gold & found)
        self.gold += len(gold)
        self.found += len(found)
        self.missed.update(gold - found)
        self.added.update(found - gold)
        if gold - found:
            self.examples.append(f"missed {sorted(gold - found)} found {sorted(found)}: {text[:150]}")

    def show(self, name: str) -> None:
        recall, precision = self.hit / max(self.gold, 1), self.hit / max(self.found, 1)
        print(f"{name}: recall {recall:.3f} of {self.gold}, precision {precision:.3f} of {self.found}")
        print(f"  missed {self.missed.most_common(8)}  added {self.added.most_common(8)}")


def gsr(data: Path) -> Tally:
    """Countries of the actors of PLOVER's gold-standard records."""
    tally = Tally()
    known = {row["code"] for row in _territories()} | set(OLD_CODES)
    for row in rows(data / "plover-gsr.jsonl"):
        actors = [a for a in (*row["source"], *row["target"]) if isinstance(a, dict) and a.get("code")]
        gold = {OLD_CODES.get(code, code) for code in (str(a["code"]) for a in actors) if code in known}
        tally.add(gold, codes(enrich(document(row["text"]))), row["text"])
    return tally


def headlines(data: Path, name: str) -> Tally:
    """Source and target codes of labelled headlines that have an event."""
    tally = Tally()
    for row in rows(data / name):
        if not row["labels"]:
            continue
        events = row.get("events", ())
        gold = {c for e in events for c in (*e["source"], *e["target"])}
        gold |= set(row.get("source", ())) | set(row.get("target", ()))
        text = row.get("text") or row["headline"]
        enriched = enrich(document(text, [row["summary"]] if row.get("summary") else []))
        tally.add(gold, codes(enriched), text)
    return tally


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance of two points."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, p)) for p in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(h))


def places(data: Path, *, examples: int = 0) -> dict[str, float]:
    """Places of local news: gold spans that were resolved, their country and distance.

    Returns the shares of the resolved ones whose country is right, and that are near enough.
    """
    names = {row["name"]: row["code"] for row in _territories()}
    names |= {"Palestinian Territory": "PSE", "Czech Republic": "CZE", "Ivory Coast": "CIV"}
    seen = resolved = same = placed = near = adjectives = adjectives_right = 0
    shown: list[str] = []
    for row in rows(data / "geo-lgl.jsonl"):
        enriched = enrich(document("", row["text"].split("\n")))
        found = {(p.span.start, p.span.end): p for p in enriched.places if p.span is not None}
        spans = {(e.span.start, e.span.end): e for e in enriched.entities if e.type == "nationality"}
        for gold in row["toponyms"]:
            if not gold.get("lat"):
                continue
            word = spans.get((gold["start"], gold["end"]))
            if word is not None:  # 'Russian' is no place here, and the set counts it as one
                adjectives += 1
                adjectives_right += word.country == names.get(gold["country"])
                continue
            seen += 1
            place = found.get((gold["start"], gold["end"]))
            if place is None:
                shown.append(f"unseen {gold['text']} ({gold['fcode']}, {gold['country']})")
                continue
            resolved += 1
            code = names.get(gold["country"])
            same += place.country == code
            if place.country != code and code:
                shown.append(f"country {gold['text']}: {place.country} for {code}")
            if place.lat is None or place.lon is None:
                continue
            placed += 1
            distance = kilometres((place.lat, place.lon), (float(gold["lat"]), float(gold["lon"])))
            near += distance <= NEAR_KM
            if distance > NEAR_KM:
                shown.append(f"far {gold['text']} ({gold['fcode']}): {distance:.0f} km")
    print(
        f"geo-lgl: {seen} toponyms with a point, resolved {resolved} ({resolved / seen:.3f}), placed {placed}"
    )
    print(f"  country right {same / resolved:.3f} of resolved, {same / seen:.3f} of all")
    print(f"  within {NEAR_KM:.0f} km {near / resolved:.3f} of resolved, {near / seen:.3f} of all")
    print(f"  within {NEAR_KM:.0f} km {near / placed:.3f} of those with a point")
    print(f"  nationalities that the set counts as places: {adjectives}, country right {adjectives_right}")
    for line, count in Counter(shown).most_common(examples):
        print(f"    {count:4} {line}")
    return {"country": same / resolved, "near": near / resolved, "found": resolved / seen}


def _territories() -> Iterator[dict[str, str]]:
    return read_table("territories.tsv")


def timing(data: Path) -> None:
    """Time of teasers and of articles of 400 words, on one core."""
    texts = [row["text"] for row in rows(data / "headlines-pool.jsonl")]
    day = datetime(2022, 7, 8, tzinfo=UTC)
    pairs = zip(texts[0:1200:2], texts[1:1200:2], strict=True)
    teasers = [document(a, [b], day) for a, b in pairs]
    words = " ".join(texts).split()
    articles = [document("", [" ".join(words[i : i + 400])], day) for i in range(0, 40_000, 400)]
    for name, documents in (("teaser", teasers), ("article of 400 words", articles)):
        times = []
        for item in documents:
            start = time.process_time()  # of this process: others may share the machine
            enrich(item)
            times.append((time.process_time() - start) * 1000)
        p90 = statistics.quantiles(times, n=10)[-1]
        print(f"{name}: median {statistics.median(times):.3f} ms, p90 {p90:.3f} ms ({len(times)} texts)")


def main() -> int:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the development sets")
    parser.add_argument("--examples", type=int, default=0, help="show so many of the errors of each kind")
    arguments = parser.parse_args()
    data: Path = arguments.data
    if not data.is_dir():
        print(f"{data} is not there: the development sets are not part of the project", file=sys.stderr)
        return 1
    start = time.perf_counter()
    preload()
    loading = time.perf_counter() - start
    print(f"tables loaded in {loading:.2f} s, process {psutil.Process().memory_info().rss / 2**20:.0f} MiB")
    tallies = {"plover-gsr": gsr(data)}
    for name in ("headlines-dev", "headlines-train", "headlines-written"):
        tallies[name] = headlines(data, f"{name}.jsonl")
    for name, tally in tallies.items():
        tally.show(name)
        for line in tally.examples[: arguments.examples if "train" in name or "written" in name else 0]:
            print("   ", line)
    places(data, examples=arguments.examples)
    timing(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
