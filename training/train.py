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

from streams.classify.model import TYPES_FILE, UNNAMED_FILE, WEIGHTS_FILE, Model
from streams.records import EVENT_CLASSES
from training.fit import Settings, fit, fit_types, targets
from training.roles import train as train_roles
from training.rows import OWN, Row, read, read_own, read_pool, read_types, read_wire

TARGET = Path(__file__).parents[1] / "streams" / "classify" / "data" / WEIGHTS_FILE


def load(data: Path) -> list[Row]:
    """Return every training row, the fair sample first."""
    return [
        *read(data / "headlines-train.jsonl", "train"),
        *read_pool(OWN / "pool-labels.tsv", data / "headlines-pool.jsonl"),
        *read(data / "headlines-written.jsonl", "written"),
        *read_own(OWN / "headlines-own.tsv"),
        *read_wire(OWN / "sentences-own.tsv"),
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


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/eval"), help="development folder")
    arguments = parser.parse_args()
    rows = load(arguments.data)
    first, second = fit(rows, Settings())
    save(first.model, TARGET)
    save(second.model, TARGET.with_name(UNNAMED_FILE))
    save(fit_types(read_types(arguments.data)), TARGET.with_name(TYPES_FILE))
    # After the type model is written, because the sides are fitted to the acts that it lets be told.
    train_roles(arguments.data)
    heads = second.model.thresholds.astype(float).copy()
    heads[-1] = 1.0
    click.echo(report("first model alone", rows, first.decided))
    click.echo(report("as shipped", rows, second.decided))
    click.echo(report("no country known", rows, second.probability > heads))
    click.echo(f"{len(rows)} rows, {len(first.model.rows)} and {len(second.model.rows)} terms")


if __name__ == "__main__":
    main()
