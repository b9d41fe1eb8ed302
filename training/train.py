"""Train the linear models and weigh the encoder: ``python -m training.train --data ../shared/eval``.

Reads the labelled headlines of the development folder that may train shipped weights, and our own rows
in ``training/data``; writes the models in ``streams/classify/data``, but for the encoder. It is weighed by
what encoders that did not see a text made of it, which ``training.encoder --folds`` writes first. The same
rows give the same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score, log_loss

from streams.classify.blend import BLEND_FILE
from streams.classify.features import coded_text, names_state
from streams.classify.model import GATE_FILE, TYPES_FILE, UNNAMED_FILE, WEIGHTS_FILE, Model
from streams.records import EVENT_CLASSES
from training import unseen
from training.blend import GATE_FROM, fit_blends
from training.blend import save as save_blends
from training.fit import CLASSES, GATES, Array, fit, fit_gate, fit_types, targets
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
    )


def report(name: str, rows: Sequence[Row], decided: npt.NDArray[np.bool_]) -> str:
    """Return the scores of printed headlines that what decided had not seen."""
    y = targets(rows)[:, :3]
    guess = decided[:, :3]
    each = [f1_score(y[:, i], guess[:, i]) for i in range(3)]
    none = f1_score(y.sum(1) == 0, guess.sum(1) == 0)
    parts = [f"{c} {f:.3f}" for c, f in zip(EVENT_CLASSES, each, strict=True)]
    return f"held out, {name}: macro-F1 {np.mean(each):.3f} ({', '.join(parts)}), none {none:.3f}"


def report_gate(rows: Sequence[Row], decided: npt.NDArray[np.bool_], gate: Array) -> str:
    """Return the held-out shares of texts that classes and gate let tell an event, for several gates."""
    labelled = np.array([bool(r.labels) for r in rows])
    parts = []
    for least in (0.4, 0.5, 0.6, GATE_FROM, 0.8):
        passed = decided.any(1) & (gate >= least)
        parts.append(f"from {least}: {passed[labelled].mean():.3f} and {passed[~labelled].mean():.3f}")
    return f"held out, texts of a class and of none that tell an event: {'; '.join(parts)}"


def report_share(rows: Sequence[Row], linear: Array, encoder: Array, share: float) -> str:
    """Return the held-out scores of the classes were the encoder's share of the log odds this one."""
    told = fit_blends(rows, linear, encoder, share)
    wanted = targets(rows)[:, :3]
    loss = np.mean([log_loss(wanted[:, i], told.probability[:, i]) for i in range(3)])
    decided = told.probability[:, :3] > [told.blends[c].threshold for c in EVENT_CLASSES]
    return f"{report(f'share {share:g}', rows, decided)}, log loss {loss:.4f}"


def log_odds(probability: Array) -> Array:
    """Return the log odds of probabilities."""
    bounded = np.clip(probability, 1e-6, 1 - 1e-6)
    result: Array = np.log(bounded / (1 - bounded))
    return result


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
    printed = [i for i, r in enumerate(counted) if r.origin == "train"]
    kept = [counted[i] for i in printed]
    named = np.array([names_state(r.enriched.entities, len(coded_text(r.enriched))) for r in kept])
    linear = np.where(named[:, None], first.probability[printed], second.probability[printed])
    read_by = unseen.load()
    encoder = np.array([unseen.of(coded_text(r.enriched), read_by) for r in kept])
    odds = log_odds(np.column_stack([linear, opens[printed]]))
    both = fit_blends(kept, odds, encoder)
    save_blends(both.blends, TARGET.with_name(BLEND_FILE))
    # After the type model is written, because the sides are fitted to the acts that it lets be told.
    train_roles(arguments.data)
    decided = both.probability[:, :3] > [both.blends[c].threshold for c in EVENT_CLASSES]
    click.echo(report("linear models alone", kept, second.decided[printed]))
    click.echo(report("as shipped", kept, decided))
    for share in (0.0, 0.5, 0.6, 0.7, 1.0):
        click.echo(report_share(kept, odds, encoder, share))
    click.echo(report_gate(kept, decided, both.probability[:, -1]))
    click.echo(f"{len(rows)} rows, {len(first.model.rows)} and {len(second.model.rows)} terms")


if __name__ == "__main__":
    main()
