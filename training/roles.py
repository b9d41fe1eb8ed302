"""Train the sides of events: ``python -m training.roles --data ../shared/eval``.

Reads labelled texts with source and target, takes the act that the coder would tell of each, and fits
which mentions are its source and its target. Writes ``streams/classify/data/roles.tsv``; the same rows
give the same bytes.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from streams.classify import roles
from streams.classify.actors import Mention
from streams.classify.candidates import parse
from streams.classify.choice import choose, settled, type_odds
from streams.classify.events import ruled_sides
from streams.classify.features import coded_text
from streams.classify.roles import Told
from streams.classify.scores import Scores
from streams.records import EVENT_CLASSES, EnrichedDocument
from training.rows import Origin, SideRow, read_sides

TARGET = Path(__file__).parents[1] / "streams" / "classify" / "data" / roles.WEIGHTS_FILE
FOLDS = 3
LEAST = 3
COST = 0.1
# Added to the log odds, chosen on held-out rows: a code is named a little below even odds.
LENIENCE_SOURCE, LENIENCE_TARGET = 0.2, 0.5
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Case:
    """An act told in a labelled text, with the features of its mentions and the codes of both sides."""

    text: str
    told: Told
    terms: list[list[str]]
    source: frozenset[str]
    target: frozenset[str]
    fold: int
    weight: float
    origin: Origin

    @property
    def real(self) -> bool:
        """Whether the text was printed."""
        return self.origin in ("train", "pool")


def _told(enriched: EnrichedDocument, row: SideRow) -> Told | None:
    """Return the act that the coder tells of a text whose classes are known, of its primary class."""
    text = coded_text(enriched)
    inside = [e for e in enriched.entities if e.span.end <= len(text)]
    parsed = parse(text, inside)
    odds = type_odds(text, inside, parsed)
    classes = tuple(c for c in EVENT_CLASSES if c in row.labels)
    scores = Scores(
        diplomacy=0.5, military=0.5, trade=0.5, none=0.0, classes=classes, primary=row.event_class
    )
    for event_class, candidate in choose(parsed, scores, odds):
        if event_class == row.event_class:
            act = settled(candidate.trigger.act, odds)
            return Told(parsed, candidate, event_class, act.type, ruled_sides(candidate, event_class))
    return None


def cases(rows: Sequence[SideRow]) -> list[Case]:
    """Return the rows that an act is told of."""
    found = []
    for number, row in enumerate(rows):
        told = _told(row.enriched, row)
        if told is not None:
            terms = [roles.features(told, i) for i in range(len(told.parsed.mentions))]
            found.append(
                Case(
                    coded_text(row.enriched),
                    told,
                    terms,
                    row.source,
                    row.target,
                    number % FOLDS,
                    row.weight,
                    row.origin,
                )
            )
    return found


def _matrix(lines: Sequence[Sequence[str]], index: Mapping[str, int]) -> sp.csr_matrix:
    columns, starts = [], [0]
    for line in lines:
        columns += sorted({index[t] for t in line if t in index})
        starts.append(len(columns))
    return sp.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(lines), len(index)))


def _fit(rows: Sequence[tuple[list[str], bool, float]], lenience: float) -> dict[str, float]:
    """Return the weight of each term that is not rare, from rows of terms, truth and weight."""
    lines = [terms for terms, _, _ in rows]
    counts = Counter(term for line in lines for term in set(line))
    index = {t: i for i, t in enumerate(sorted(t for t, n in counts.items() if n >= LEAST))}
    solver = LogisticRegression(C=COST, max_iter=300, tol=1e-4, fit_intercept=False)
    solver.fit(_matrix(lines, index), [y for _, y, _ in rows], sample_weight=[w for _, _, w in rows])
    weights = {term: round(float(value), DIGITS) for term, value in zip(index, solver.coef_[0], strict=True)}
    weights[roles.BIAS] += lenience
    return weights


def _fit_source(found: Iterable[Case]) -> dict[str, float]:
    rows = [(t, m.code in c.source, c.weight) for c in found for t, m in _paired(c)]
    return _fit(rows, LENIENCE_SOURCE)


def _fit_target(found: Iterable[tuple[Case, set[str]]]) -> dict[str, float]:
    rows = [
        ([*t, *roles.given_source(c.told, i, source)], m.code in c.target, c.weight)
        for c, source in found
        for i, (t, m) in enumerate(_paired(c))
    ]
    return _fit(rows, LENIENCE_TARGET)


def _paired(case: Case) -> Iterator[tuple[list[str], Mention]]:
    return zip(case.terms, case.told.parsed.mentions, strict=True)


def _sources(case: Case, weights: Mapping[str, float]) -> set[str]:
    odds = [roles.weigh(weights, t) for t in case.terms]
    return roles.likely(roles.best(case.told.parsed.mentions, odds))


def held_out_sources(found: Sequence[Case]) -> list[set[str]]:
    """Return the sources of each case by weights that did not see it."""
    folds = [_fit_source([c for c in found if c.fold != k]) for k in range(FOLDS)]
    return [_sources(c, folds[c.fold]) for c in found]


def fit(found: Sequence[Case]) -> roles.Weights:
    """Fit both sides; the target sees sources as the run does, not as labelled."""
    return _fit_source(found), _fit_target(zip(found, held_out_sources(found), strict=True))


def score(found: Iterable[tuple[Case, roles.Sides]]) -> str:
    """Return the micro-F1 of the codes as source, target and both."""
    counts = np.zeros((2, 3))
    for case, sides in found:
        for n, (gold, side) in enumerate(zip((case.source, case.target), sides, strict=True)):
            codes = {m.code for m in side}
            counts[n] += (len(gold & codes), len(gold - codes), len(codes - gold))
    both = [*counts, counts.sum(0)]
    return " ".join(f"{2 * h / max(1, 2 * h + missed + wrong):.3f}" for h, missed, wrong in both)


def report(found: Sequence[Case]) -> str:
    """Return held-out scores of the printed texts, by the rules alone and by the weights."""
    real = [c for c in found if c.real]
    folds = [fit([c for c in found if c.fold != k]) for k in range(FOLDS)]
    ruled = score((c, c.told.ruled) for c in real)
    weighed = score((c, roles.assign(c.told, weights=folds[c.fold])) for c in real)
    return f"{len(real)} held-out texts, F1 of source, target, both: by rule {ruled}, weighed {weighed}"


def save(weights: roles.Weights, path: Path) -> None:
    """Write the table of weights, terms in order; those that weigh nothing are left out."""
    source, target = weights
    lines = ["# Weights of the sides of events, written by training/roles.py: term, as source, as target."]
    for term in sorted({*source, *target}):
        pair = source.get(term, 0.0), target.get(term, 0.0)
        if any(pair):
            lines.append(f"{term}\t{pair[0]:g}\t{pair[1]:g}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def train(data: Path) -> None:
    """Fit both sides on the labelled texts, tell their held-out scores, and write the shipped weights."""
    found = cases(read_sides(data))
    click.echo(report(found))
    save(fit(found), TARGET)
    click.echo(f"{len(found)} texts, {TARGET.stat().st_size} bytes")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/eval"), help="development folder")
    train(parser.parse_args().data)


if __name__ == "__main__":
    main()
