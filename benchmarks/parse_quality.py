"""Quality and speed of parse, side by side with other extractors, on the development sets.

    python benchmarks/parse_quality.py [--data ../shared/eval] [--engines dateline,trafilatura] [--sample 4]

Rows are split in two halves by a hash of their name: "tuned" may be looked at while rules are
written, "held" is only reported. Times are those of one process, article and metadata together.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.parse_engines import Engine, Result, engines
from benchmarks.parse_scores import Tally, gram_f1, half_of, same_day, squeeze, token_f1

Row = dict[str, Any]
Score = Callable[[Tally, Row, Result], float]
HALVES = ("tuned", "held")


def rows(path: Path) -> Iterator[Row]:
    open_text = gzip.open if path.suffix == ".gz" else lzma.open
    with open_text(path, "rt") as lines:
        for line in lines:
            yield json.loads(line)


def score_fundus(tally: Tally, row: Row, result: Result) -> float:
    gold = row["gold"]
    value: float = token_f1(result.text, gold["body"])
    tally.add("body", value)
    if gold["title"]:
        tally.add("title", squeeze(result.title or "") == squeeze(gold["title"]))
    if gold["date"]:
        tally.counts[{True: "right", False: "wrong", None: "none"}[same_day(result.date, gold["date"])]] += 1
    if gold["authors"]:
        tally.add(
            "authors", {a.casefold() for a in result.authors} == {a.casefold() for a in gold["authors"]}
        )
    return value


def score_segments(tally: Tally, row: Row, result: Result) -> float:
    text = squeeze(result.text)
    must = [squeeze(s) in text for s in row["gold"]["body_with"] or ()]
    must_not = [squeeze(s) in text for s in row["gold"]["body_without"] or ()]
    tally.counts.update(
        found=sum(must), missed=len(must) - sum(must), junk=sum(must_not), clean=len(must_not) - sum(must_not)
    )
    if row["gold"]["title"]:
        tally.add("title", squeeze(result.title or "") == squeeze(row["gold"]["title"]))
    return float((sum(must) + len(must_not) - sum(must_not)) / max(1, len(must) + len(must_not)))


def score_teasers(tally: Tally, row: Row, result: Result) -> float:
    gold = row["gold"]
    value: float = gram_f1(result.text, gold["body"])
    tally.add(row["layout"], value)
    wanted = Counter((squeeze(t["title"] or ""), squeeze(t["summary"] or "")) for t in gold["teasers"])
    found = Counter((squeeze(h or ""), squeeze(s or "")) for h, s in result.teasers)
    tally.counts.update(wanted=len(wanted), teasers=len(found), hit=len(wanted.keys() & found.keys()))
    return value


SETS: dict[str, tuple[str, Score]] = {
    "fundus": ("pages-fundus.jsonl.gz", score_fundus),
    "trafilatura": ("pages-trafilatura.jsonl.xz", score_segments),
    "teasers": ("pages-teasers.jsonl.gz", score_teasers),
}


def measure(engine: Engine, score: Score, path: Path, sample: int) -> list[Tally]:
    tallies = [Tally(), Tally()]
    for number, row in enumerate(rows(path)):
        if number % sample:
            continue
        tally = tallies[half_of(row.get("src") or row["id"])]
        plain = "text" in row
        source = row["text"] if plain else row["html"]
        begin = time.perf_counter()
        try:
            result = engine(source, row["url"], plain)
        except Exception as error:  # noqa: BLE001 - a peer that fails on a page has found nothing there
            print(f"{row['id']}: {type(error).__name__}: {error}", file=sys.stderr)
            result = Result()
        tally.add("ms", (time.perf_counter() - begin) * 1000)
        tally.worst.append((score(tally, row, result), row["id"]))
    return tallies


def columns(name: str, tally: Tally) -> dict[str, float | None]:
    count = tally.counts
    shown: dict[str, float | None] = {}
    if name == "fundus":
        dates = ("right", "wrong", "none")
        shown = {"body token F1": tally.mean("body"), "title exact": tally.mean("title")}
        shown |= {"day right": tally.ratio("right", *dates), "days wrong": float(count["wrong"])}
        shown |= {"authors exact": tally.mean("authors")}
    elif name == "trafilatura":
        precision, recall = tally.ratio("found", "found", "junk"), tally.ratio("found", "found", "missed")
        right = (count["found"] + count["clean"]) / max(1, count.total())
        both = 2 * precision * recall / (precision + recall) if precision and recall else 0.0
        shown = {"precision": precision, "recall": recall, "segment F1": both, "accuracy": right}
        shown["title exact"] = tally.mean("title")
    else:
        layouts = ("html_after_article", "html_same_container", "html_divsoup", "text_dump")
        shown = {layout: tally.mean(layout) for layout in layouts}
        shown["teaser F1"] = 2 * count["hit"] / max(1, count["wanted"] + count["teasers"])
    return shown | {"median ms": tally.median("ms"), "p95 ms": tally.p95("ms")}


def report(name: str, table: dict[str, list[Tally]], worst: int) -> None:
    print(f"\n## {name}")
    heads = list(columns(name, next(iter(table.values()))[0]))
    print("| engine | half | " + " | ".join(heads) + " |\n|" + "---|" * (len(heads) + 2))
    for engine, tallies in table.items():
        for half, tally in zip(HALVES, tallies, strict=True):
            cells = (columns(name, tally)[head] for head in heads)
            print(
                f"| {engine} | {half} | " + " | ".join("–" if c is None else f"{c:.3f}" for c in cells) + " |"
            )
    for half, tally in zip(HALVES, table.get("dateline", []), strict=False):
        for value, identity in sorted(tally.worst)[:worst]:
            print(f"worst {half}: {value:.3f} {identity}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1].parent / "shared" / "eval")
    parser.add_argument("--engines", default="dateline,trafilatura,resiliparse")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--sample", type=int, default=1, help="every n-th page only")
    parser.add_argument("--worst", type=int, default=0, help="name the n lowest pages of each half")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"no development sets in {options.data}; name their folder with --data", file=sys.stderr)
        return 2
    chosen, missing = engines(options.engines.split(","))
    if missing:
        print(f"not installed, left out: {', '.join(missing)} (docs/benchmarks.md#parse)", file=sys.stderr)
    for name in options.sets.split(","):
        file, score = SETS[name]
        path = options.data / file
        report(
            name, {e: measure(run, score, path, options.sample) for e, run in chosen.items()}, options.worst
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
