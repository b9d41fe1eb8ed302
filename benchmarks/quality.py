"""Every figure of coding beside its aim: ``make quality``, ``python -m benchmarks.quality [--data FOLDER]``.

Reads the development sets where they are, by way of ``code_quality`` and ``enrich_quality``; they are no
part of the project. Ends with 0 whether aims are reached or not: it measures, and tests decide.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import code_quality, enrich_quality
from streams.classify import preload
from streams.classify.version import CODER_VERSION


@dataclass(frozen=True, slots=True)
class Aim:
    """One figure: what, on which texts, its name among the figures, and what it should reach."""

    what: str
    on: str
    name: str
    aim: float
    at_most: bool = False

    def reached(self, value: float) -> bool:
        """Whether a value is as good as the aim."""
        return value <= self.aim if self.at_most else value >= self.aim


AIMS = (
    Aim("class, macro-F1, clear rows", "headlines-dev", "headlines-dev clear: macro", 0.88),
    Aim("class, macro-F1, all rows", "headlines-dev", "headlines-dev all: macro", 0.83),
    Aim("F1 of none", "headlines-dev", "headlines-dev all: none", 0.93),
    Aim("macro-F1 lost when countries are masked", "headlines-dev", "masked gap", 0.04, at_most=True),
    Aim("calibration error", "headlines-dev", "headlines-dev: calibration error", 0.05, at_most=True),
    Aim("root type, pair not given", "plv-sentences", "plv-sentences: root type", 0.78),
    Aim("source, F1", "plover-gsr", "plover-gsr actors: source", 0.85),
    Aim("target, F1", "plover-gsr", "plover-gsr actors: target", 0.85),
    Aim("source, F1", "headlines-dev", "headlines-dev actors: source", 0.80),
    Aim("target, F1", "headlines-dev", "headlines-dev actors: target", 0.80),
    Aim(
        "none-texts with an event",
        "headlines-dev",
        "headlines-dev: none-texts with an event",
        0.03,
        at_most=True,
    ),
    Aim(
        "irrelevant with an event",
        "un-quadclass",
        "un-quadclass: irrelevant with an event",
        0.05,
        at_most=True,
    ),
    Aim("place, country", "geo-lgl", "country", 0.95),
    Aim("place within 25 km", "geo-lgl", "near", 0.70),
    Aim("teaser, median ms", "headlines-pool", "teaser: median ms", 1.0, at_most=True),
    Aim(
        "article of 400 words, median ms",
        "pages-fundus",
        "article of 400 words: median ms",
        8.0,
        at_most=True,
    ),
    Aim("memory of the process, MB", "all of these", "memory: MB", 300.0, at_most=True),
)


def measure(data: Path) -> dict[str, float]:
    """Return every figure by its name; speed first, while the process holds little else."""
    figures = code_quality.speed(data)
    for name in ("headlines", "gsr", "plv", "un"):
        figures |= code_quality.PARTS[name](data)
    with Path(os.devnull).open("w", encoding="utf-8") as sink, contextlib.redirect_stdout(sink):
        figures |= enrich_quality.places(data)
    figures["masked gap"] = figures["headlines-dev all: macro"] - figures["headlines-dev masked: macro"]
    return figures


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/eval"), help="development folder")
    parser.add_argument("--json", action="store_true", help="print one JSON array")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        print(
            f"{arguments.data} is not there: nothing measured. The development sets are no part of the "
            "project; name their folder with --data, or make quality DATA=FOLDER.",
            file=sys.stderr,
        )
        return 1
    preload()
    figures = measure(arguments.data)
    rows = [(aim, figures[aim.name]) for aim in AIMS]
    if arguments.json:
        found = [{**asdict(aim), "value": round(v, 4), "reached": aim.reached(v)} for aim, v in rows]
        print(json.dumps(found))
        return 0
    print(f"coder {CODER_VERSION}\n{'what':42}{'on':18}{'figure':>9}{'aim':>9}")
    for aim, value in rows:
        bound = f"{'≤' if aim.at_most else '≥'} {aim.aim:g}"
        print(f"{aim.what:42}{aim.on:18}{value:9.3f}{bound:>9}  {'' if aim.reached(value) else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
