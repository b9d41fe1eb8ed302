"""Fitting: texts to sparse blocks, blocks to weights, held-out log odds to calibration and thresholds.

Every step is deterministic: sorted vocabularies, a solver without randomness, folds by row number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from streams.classify.features import Blocks, coded_text, features, features_unnamed, names_state
from streams.classify.model import TYPE_HEADS, Model
from streams.classify.scores import gate_blocks
from streams.records import EVENT_CLASSES
from training.rows import Row, TypeRow

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen by cross-validation; rows of an origin without a weight are left out."""

    cost: float = 6.0
    least: tuple[int, ...] = (2, 3, 4, 3)
    folds: int = 5
    weights: dict[str, float] = field(
        default_factory=lambda: {"train": 1.0, "pool": 0.5, "written": 1.0, "own": 1.0, "wire": 0.7}
    )
    positive_weight: float = 2.0
    tolerance: float = 1e-5
    iterations: int = 400


# Invented stories and headlines of the world are richer in events than news are: they make classes worse
# (held out), and the gate better. Reports make them better alone, but not beside the encoder (decision 0014).
CLASSES = Settings()
GATES = replace(
    CLASSES, cost=3.0, tolerance=1e-4, weights=CLASSES.weights | {"story": 0.7, "world": 1.0, "report": 0.5}
)


def blocks_of(rows: Sequence[Row]) -> list[Blocks]:
    """Return the feature blocks of each row."""
    return [features(coded_text(row.enriched), row.enriched.entities) for row in rows]


def unnamed_blocks_of(rows: Sequence[Row]) -> list[Blocks]:
    """Return the feature blocks of each row with its countries' names unknown."""
    return [features_unnamed(coded_text(row.enriched), row.enriched.entities) for row in rows]


def targets(rows: Sequence[Row]) -> Array:
    """Return one column for each head: the classes, and whether any class is reported."""
    return np.array([[*(c in r.labels for c in EVENT_CLASSES), bool(r.labels)] for r in rows], dtype=float)


def vocabulary(blocks: Sequence[Blocks], settings: Settings) -> tuple[list[str], Array]:
    """Return the terms, words first, and their inverse document frequencies."""
    terms: list[str] = []
    idf: list[float] = []
    for side, least in zip(range(len(blocks[0])), settings.least, strict=False):
        counts = Counter(term for block in blocks for term in block[side])
        kept = sorted(term for term, n in counts.items() if n >= least and "\n" not in term)
        terms += kept
        idf += [float(np.log((1 + len(blocks)) / (1 + counts[term])) + 1) for term in kept]
    return terms, np.array(idf)


def matrix(blocks: Sequence[Blocks], terms: Sequence[str], idf: Array) -> sp.csr_matrix:
    """Return the rows as a sparse matrix, each block scaled to length one."""
    index = {term: i for i, term in enumerate(terms)}
    data, columns, starts = [], [], [0]
    for block in blocks:
        for side in block:
            found = sorted(index[t] for t in side if t in index)
            values = idf[found]
            data.append(values / (np.sqrt((values**2).sum()) or 1))
            columns += found
        starts.append(len(columns))
    return sp.csr_matrix((np.concatenate(data), columns, starts), shape=(len(blocks), len(terms)))


def fit_heads(x: sp.csr_matrix, y: Array, weight: Array, settings: Settings) -> tuple[Array, Array]:
    """Return coefficients (terms × heads) and biases of one logistic regression for each head."""
    coefficients, biases = [], []
    for head in range(y.shape[1]):
        positive = np.where(y[:, head] > 0, settings.positive_weight, 1.0)
        solver = LogisticRegression(C=settings.cost, max_iter=settings.iterations, tol=settings.tolerance)
        solver.fit(x, y[:, head], sample_weight=weight * positive)
        coefficients.append(solver.coef_[0])
        biases.append(solver.intercept_[0])
    return np.array(coefficients).T, np.array(biases)


def row_weights(rows: Sequence[Row], settings: Settings) -> Array:
    """Return the weight of each row in the fit."""
    return np.array([settings.weights[r.origin] for r in rows])


def held_out(x: sp.csr_matrix, y: Array, weight: Array, settings: Settings) -> Array:
    """Return each row's log odds by a model that did not see it; the terms are those of all rows."""
    result = np.zeros_like(y)
    fold = np.arange(len(y)) % settings.folds
    for k in range(settings.folds):
        inside, outside = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        coefficients, bias = fit_heads(x[inside], y[inside], weight[inside], settings)
        result[outside] = x[outside] @ coefficients + bias
    return result


def calibrate(odds: Array, y: Array) -> tuple[Array, Array]:
    """Return the slope and offset of each head's straight line from log odds to log odds (Platt)."""
    lines = [LogisticRegression(C=1e6).fit(odds[:, [h]], y[:, h]) for h in range(y.shape[1])]
    return np.array([f.coef_[0, 0] for f in lines]), np.array([f.intercept_[0] for f in lines])


def choose_thresholds(guesses: Callable[[float], Sequence[npt.NDArray[np.bool_]]], y: Array) -> Array:
    """Return the probability for each head above which F1 is best, flat maxima taken in their middle.

    ``guesses`` gives for a threshold one or more sets of decisions (rows × heads); their F1 is averaged.
    """
    grid = np.arange(0.2, 0.8, 0.01)
    decided = [guesses(t) for t in grid]
    chosen = []
    for head in range(y.shape[1]):
        scores = np.array([np.mean([f1_score(y[:, head], g[:, head]) for g in sets]) for sets in decided])
        chosen.append(float(np.mean(grid[scores >= scores.max() - 0.004])))
    return np.array(chosen)


def _model(terms: Sequence[str], idf: Array, coefficients: Array, *rest: Array) -> Model:
    narrow = [np.asarray(a, dtype=np.float32) for a in (coefficients * idf[:, None], idf, *rest)]
    return Model({t: i for i, t in enumerate(terms)}, *narrow)


def fit_types(rows: Sequence[TypeRow]) -> Model:
    """Return the type model: one softmax over the PLOVER types."""
    settings = replace(CLASSES, cost=4.0, least=(2, 3, 4, 2))
    blocks = [gate_blocks(row.enriched) for row in rows]
    terms, idf = vocabulary(blocks, settings)
    # To the end: with a tolerance of 1e-3 .712 of held-out rows were right, weighted, instead of .720.
    solver = LogisticRegression(C=settings.cost, max_iter=600, tol=1e-4)
    solver.fit(
        matrix(blocks, terms, idf), [row.type for row in rows], sample_weight=[row.weight for row in rows]
    )
    order = [list(solver.classes_).index(t) for t in TYPE_HEADS]
    same = np.ones(len(order))
    return _model(terms, idf, solver.coef_[order].T, solver.intercept_[order], same, same * 0)


def fit_gate(rows: Sequence[Row], settings: Settings) -> tuple[Model, Array]:
    """Return the gate of events, and the probabilities that gates which did not see the row give."""
    blocks = [gate_blocks(row.enriched) for row in rows]
    y, weight = targets(rows)[:, -1:], row_weights(rows, settings)
    real = np.array([r.origin == "train" for r in rows])
    terms, idf = vocabulary(blocks, settings)
    x = matrix(blocks, terms, idf)
    odds = held_out(x, y, weight, settings)
    slope, offset = calibrate(odds[real], y[real])
    coefficients, bias = fit_heads(x, y, weight, settings)
    gate = _model(terms, idf, coefficients, bias, slope, offset)
    return gate, (1 / (1 + np.exp(-(odds * slope + offset))))[:, 0]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model of all rows, with the probabilities and decisions of models that did not see the row."""

    model: Model
    probability: Array
    decided: npt.NDArray[np.bool_]


def fit(rows: Sequence[Row], settings: Settings) -> tuple[Fitted, Fitted]:
    """Return the model for texts that name a country, and the one for texts that name none.

    Calibration and thresholds come from the real rows alone: the invented ones are richer in events
    than a newspaper is. The second model sees every text without its countries. Its thresholds serve
    two readers: ours, which sends it only the texts without a known country, most of them none; and
    one whose gazetteer knows no name, which counts a third as much.
    """
    real = np.array([r.origin == "train" for r in rows])
    named = np.array([names_state(r.enriched.entities, len(coded_text(r.enriched))) for r in rows])
    first = _fit_view(rows, blocks_of(rows), settings, lambda p, t: [p[real] > t])
    second = _fit_view(
        rows,
        unnamed_blocks_of(rows),
        settings,
        lambda p, t: [p[real] > t, *[np.where(named[real][:, None], first.decided[real], p[real] > t)] * 3],
    )
    return first, replace(second, decided=np.where(named[:, None], first.decided, second.decided))


def _fit_view(
    rows: Sequence[Row],
    blocks: Sequence[Blocks],
    settings: Settings,
    guesses: Callable[[Array, float], Sequence[npt.NDArray[np.bool_]]],
) -> Fitted:
    y, weight = targets(rows), row_weights(rows, settings)
    real = np.array([r.origin == "train" for r in rows])
    terms, idf = vocabulary(blocks, settings)
    x = matrix(blocks, terms, idf)
    odds = held_out(x, y, weight, settings)
    slope, offset = calibrate(odds[real], y[real])
    probability = 1 / (1 + np.exp(-(odds * slope + offset)))
    coefficients, bias = fit_heads(x, y, weight, settings)
    thresholds = choose_thresholds(partial(guesses, probability), y[real])
    decided = probability > thresholds
    return Fitted(_model(terms, idf, coefficients, bias, slope, offset), probability, decided)
