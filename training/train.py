"""Train the class model: ``python -m training.train --data ../shared/eval``.

Reads the labelled headlines of the development folder that may train shipped weights, and our own rows
in ``training/data``; writes the models in ``streams/classify/data``. The same rows give the same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from streams.classify.model import GATE_FILE, TYPES_FILE, UNNAMED_FILE, WEIGHTS_FILE, Model
from streams.records import EVENT_CLASSES
from training.fit import CLASSES, GATES, fit, fit_gate, fit_types, targets
from training.roles import train as train_roles
from training.rows import OWN, Row, read, read_invented, read_own, read_pool, read_types

TARGET = Path(__file__).parents[1] / "streams" / "classify" / "data" / WEIGHTS_FILE


def load(data: Path) -> list[Row]:
    """Return every training row, the fair sample first."""
    return [
        *read(data / "headlines-train.jsonl", "train"),
        *read_pool(OWN / "pool-labels.tsv", data / "headlines-pool.jsonl"),
        *read(data / "headlines-written.jsonl", "written"),
        *read_own(OWN / "headlines-own.tsv"),
        *read_invented(),
    ]


def save(model: Model, path: Path) -> None:
    """Write the model's file, half precision where that costs nothing."""
    np.savez_compressed(
        path,
        terms=np.frombuffer("\n".join(model.rows).encode(), dtype=np.uint8),
        weights=model.weights.astype(np.float16),
        idf=model.idf.astype(np.float16),
        bias=model.bias,
        slope=model.slope,
        offset=model.offset,
        thresholds=model.thresholds,
    )


def report(name: str, rows: Sequence[Row], decided: npt.NDArray[np.bool_]) -> str:
    """Return the held-out scores of the real rows."""
    real = np.array([r.origin == "train" for r in rows])
    y = targets([r for r in rows if r.origin == "train"])[:, :3]
    guess = decided[real][:, :3]
    each = [f1_score(y[:, i], guess[:, i]) for i in range(3)]
    none = f1_score(y.sum(1) == 0, guess.sum(1) == 0)
    parts = [f"{c} {f:.3f}" for c, f in zip(EVENT_CLASSES, each, strict=True)]
    return f"held out, {name}: macro-F1 {np.mean(each):.3f} ({', '.join(parts)}), none {none:.3f}"


def report_gate(rows: Sequence[Row], decided: npt.NDArray[np.bool_], opens: npt.NDArray[np.bool_]) -> str:
    """Return the held-out shares of texts that class models and gate let tell an event."""
    passed = decided[:, :3].any(1) & opens
    parts = []
    for origin in ("train", "wire"):
        labelled = np.array([r.origin == origin and bool(r.labels) for r in rows])
        none = np.array([r.origin == origin and not r.labels for r in rows])
        parts.append(f"{origin} {passed[labelled].mean():.3f} of class, {passed[none].mean():.3f} of none")
    return f"held out, gate open: {'; '.join(parts)}"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/eval"), help="development folder")
    arguments = parser.parse_args()
    rows = load(arguments.data)
    counted = [r for r in rows if r.origin in CLASSES.weights]  # they stand first
    first, second = fit(counted, CLASSES)
    save(first.model, TARGET)
    save(second.model, TARGET.with_name(UNNAMED_FILE))
    gate, opens = fit_gate(rows, GATES)
    save(gate, TARGET.with_name(GATE_FILE))
    save(fit_types(read_types(arguments.data)), TARGET.with_name(TYPES_FILE))
    # After the type model is written, because the sides are fitted to the acts that it lets be told.
    train_roles(arguments.data)
    click.echo(report("first model alone", counted, first.decided))
    click.echo(report("as shipped", counted, second.decided))
    click.echo(report("no country known", counted, second.probability > second.model.thresholds))
    click.echo(report_gate(counted, second.decided, opens[: len(counted)] >= gate.thresholds[0]))
    click.echo(f"{len(rows)} rows, {len(first.model.rows)} and {len(second.model.rows)} terms")


if __name__ == "__main__":
    main()
