"""Train the encoder: ``python -m training.encoder --base FOLDER --data ../shared/eval``.

Fine-tunes a small transformer on the rows that train the linear models, all tasks at once: classes, gate,
types. With ``--folds`` it trains one for each fold on the others, and writes what each makes of the texts
that it did not see (``training/unseen.py``); without, one on all, from the labels and from those readings
(Furlanello et al., 2018: a label given once may be wrong). The base is BAAI's bge-small-en-v1.5 (MIT) as
ONNX, with its vocabulary; decision 0012 says where from. Shuffles and changed names are drawn from a seed:
the same base, rows, versions and kind of processor give the same bytes. What ships was trained with
``--bfloat16``.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import torch
from torch.nn import functional

from streams.classify.encoder import ENCODER_FILE, MOST_PIECES, VOCABULARY_FILE, open_model, read
from streams.classify.features import coded_text
from streams.classify.model import TYPE_HEADS
from streams.classify.wordpiece import encode
from streams.records import EVENT_CLASSES, EnrichedDocument
from training import unseen
from training.fit import CLASSES, GATES
from training.loop import batches, repeatable, run
from training.network import BASE_FILE, TOKENS_FILE, Encoder, read_base, save
from training.rows import Row, TypeRow, read_types
from training.train import TARGET, load

FOLDS = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """What one training is; chosen by the score of the headlines that are kept aside."""

    epochs: int = 3
    batch: int = 32
    rate: float = 5e-5
    decay: float = 0.01
    dropout: float = 0.1
    renamed: float = 0.5  # share of texts that get other countries' names
    invented_names: float = 0.3  # share of these whose names are of no country
    taught: float = 0.5  # what the readings of encoders that did not see a text count beside its labels
    gate: float = 0.25
    types: float = 0.25
    type_weight: float = 8.0  # that of rows.SENTENCES that counts as one
    invented: float = 0.3  # what the classes of rows count that the linear class models leave out
    reports: float = 0.2  # the same for reports
    machine_written: float = 1 / 3  # share of the rows with the least weight that each epoch draws
    reports_drawn: float = 0.5  # the same for reports
    seed: int = 1
    threads: int = 2
    bfloat16: bool = False  # half the time on processors that have it, ten times as long on others


@dataclass(slots=True)
class Sample:
    """One text, where its countries are named, and what it teaches with which weight.

    ``classes`` are those of the class heads and the gate. A text without a ``fold`` is read by no encoder of
    the folds and teaches its labels alone.
    """

    text: str
    names: list[tuple[int, int, str]]
    classes: list[float]
    class_weight: float = 0.0
    gate_weight: float = 0.0
    type: int = 0
    type_weight: float = 0.0
    drawn: float = 1.0  # how likely an epoch draws it
    fold: int | None = None


def _sample(enriched: EnrichedDocument, labels: frozenset[str]) -> Sample:
    text = coded_text(enriched)
    return Sample(
        text=text,
        names=[
            (e.span.start, e.span.end, e.type)
            for e in enriched.entities
            if e.type in ("country", "nationality") and e.span.end <= len(text)
        ],
        classes=[*(float(c in labels) for c in EVENT_CLASSES), float(bool(labels)), float(bool(labels))],
    )


def samples(rows: Sequence[Row], types: Sequence[TypeRow], settings: Settings) -> list[Sample]:
    """Return what is trained on, each text once."""
    # Reports last and of no fold: what the folds made of the other texts stands when a report is added.
    first = _by_text(
        [row for row in rows if row.origin != "report"], [row for row in types if not row.report], settings
    )
    for number, sample in enumerate(first.values()):
        sample.fold = number % FOLDS
    reports = _by_text(
        [row for row in rows if row.origin == "report"], [row for row in types if row.report], settings
    )
    return [*first.values(), *(sample for text, sample in reports.items() if text not in first)]


def _by_text(rows: Sequence[Row], types: Sequence[TypeRow], settings: Settings) -> dict[str, Sample]:
    found: dict[str, Sample] = {}
    for row in rows:
        sample = _sample(row.enriched, row.labels)
        less = settings.reports if row.origin == "report" else settings.invented
        sample.class_weight = CLASSES.weights.get(row.origin, less)
        sample.gate_weight = GATES.weights[row.origin]
        sample.drawn = settings.reports_drawn if row.origin == "report" else 1.0
        found[sample.text] = sample
    for told in types:
        sample = _sample(told.enriched, frozenset())
        sample.drawn = 1.0 if told.weight > 1 else settings.machine_written
        sample = found.setdefault(sample.text, sample)
        sample.type = TYPE_HEADS.index(told.type)  # type: ignore[arg-type]
        sample.type_weight = told.weight / settings.type_weight
    return found


def teach(rows: Sequence[Sample], odds: Mapping[str, unseen.Odds], share: float) -> None:
    """Mix what encoders that did not see a text made of it into what the text teaches.

    Raises:
        SystemExit: a text was read by none.
    """
    for row in rows:
        if row.fold is not None and (row.class_weight or row.gate_weight):
            row.classes = [
                (1 - share) * label + share / (1 + math.exp(-odd))
                for label, odd in zip(row.classes, unseen.of(row.text, odds), strict=True)
            ]


_SYLLABLES = (
    "ba", "dor", "el", "fen", "ga", "hu", "ki", "lo", "mar", "no", "os", "pa", "ri", "sul", "ta", "vo", "zem",
)  # fmt: skip


def invented(kind: str, draw: random.Random) -> str:
    """Return a name that no country has, or one of its people."""
    stem = "".join(draw.sample(_SYLLABLES, draw.choice((2, 2, 3)))).capitalize()
    ends = ("ia", "land", "stan", "a") if kind == "country" else ("ian", "ish", "i", "ese")
    return stem + draw.choice(ends)


class Names:
    """Countries and nationalities of the rows, to put in another's place: no name may be a cue."""

    def __init__(self, all_samples: Sequence[Sample], invented_names: float) -> None:
        self._invented = invented_names
        found: dict[str, set[str]] = {"country": set(), "nationality": set()}
        for sample in all_samples:
            for start, end, kind in sample.names:
                found[kind].add(sample.text[start:end])
        self._all = {kind: sorted(names) for kind, names in found.items()}

    def changed(self, sample: Sample, draw: random.Random) -> str:
        """Return the text with each name changed for one of its kind, the same name for the same."""
        text, given = sample.text, dict[str, str]()
        unknown = draw.random() < self._invented
        for start, end, kind in sorted(sample.names, reverse=True):
            name = sample.text[start:end]
            found = invented(kind, draw) if unknown else draw.choice(self._all[kind])
            other = given.setdefault(name, found)
            text = text[:start] + other + text[end:]
        return text


class Training:
    """One fine-tuning."""

    def __init__(
        self, rows: Sequence[Sample], model: Encoder, vocabulary: Sequence[str], s: Settings
    ) -> None:
        self._rows, self._model, self._settings = rows, model, s
        self._vocabulary = {piece: number for number, piece in enumerate(vocabulary)}
        self._names = Names(rows, s.invented_names)
        self._draw = random.Random(s.seed)  # noqa: S311 - shuffles
        matrices = [p for p in model.parameters() if p.ndim > 1]
        others = [p for p in model.parameters() if p.ndim <= 1]
        groups: list[dict[str, Any]] = [
            {"params": matrices, "weight_decay": s.decay},
            {"params": others, "weight_decay": 0.0},
        ]
        self._steps = torch.optim.AdamW(groups, lr=s.rate, fused=True)

    def _batches(self) -> list[list[Sample]]:
        """Return an epoch's batches; of the reports and the machine-written rows each epoch draws some."""
        draw = self._draw
        rows = [row for row in self._rows if draw.random() < row.drawn]
        return batches(rows, self._settings.batch, lambda row: len(row.text), draw)

    def run(self) -> None:
        """Train all epochs."""
        epochs = self._settings.epochs
        run(self._model, self._steps, epochs, epochs * len(self._batches()), self._batches, self._loss)

    def _loss(self, batch: Sequence[Sample]) -> torch.Tensor:
        s, draw = self._settings, self._draw
        texts = [self._names.changed(r, draw) if draw.random() < s.renamed else r.text for r in batch]
        pieces = [encode(text, self._vocabulary, MOST_PIECES).numbers for text in texts]
        numbers = torch.zeros(len(batch), max(map(len, pieces)), dtype=torch.long)
        mask = torch.zeros_like(numbers)
        for i, found in enumerate(pieces):
            numbers[i, : len(found)] = torch.tensor(found)
            mask[i, : len(found)] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=s.bfloat16):
            told = self._model(numbers, mask)
        told = told.float()
        wanted = torch.tensor([r.classes for r in batch])
        yes_no = functional.binary_cross_entropy_with_logits(told[:, :5], wanted, reduction="none")
        kinds = functional.cross_entropy(told[:, 5:], torch.tensor([r.type for r in batch]), reduction="none")
        result: torch.Tensor = (
            (yes_no[:, :4].mean(1) * torch.tensor([r.class_weight for r in batch])).mean()
            + s.gate * (yes_no[:, 4] * torch.tensor([r.gate_weight for r in batch])).mean()
            + s.types * (kinds * torch.tensor([r.type_weight for r in batch])).mean()
        )
        return result


def train(rows: Sequence[Sample], base: Path, settings: Settings, target: Path) -> None:
    """Train one encoder and write it with its vocabulary."""
    torch.manual_seed(settings.seed)
    body, vocabulary = read_base(base, settings.dropout)
    model = Encoder(body, settings.dropout)
    Training(rows, model, vocabulary, settings).run()
    (target / VOCABULARY_FILE).write_text("\n".join(vocabulary), encoding="utf-8")
    save(model, target / ENCODER_FILE)


def read_unseen(rows: Sequence[Sample], base: Path, settings: Settings) -> dict[str, unseen.Odds]:
    """Return what encoders make of the labelled texts of the fold that each did not see."""
    odds: dict[str, unseen.Odds] = {}
    for fold in range(FOLDS):
        with tempfile.TemporaryDirectory() as folder:
            train([r for r in rows if r.fold not in (fold, None)], base, settings, Path(folder))
            model = open_model(Path(folder) / ENCODER_FILE)
        for row in rows:
            if row.fold == fold and (row.class_weight or row.gate_weight):
                reading = read(row.text, model)
                odds[unseen.key(row.text)] = (*reading.classes, reading.gate)
    return odds


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--base", type=Path, required=True, help=f"folder with {BASE_FILE} and {TOKENS_FILE}")
    parser.add_argument("--data", type=Path, default=Path("../shared/eval"), help="development folder")
    parser.add_argument("--epochs", type=int, default=Settings().epochs)
    parser.add_argument("--bfloat16", action="store_true", help="as what ships; needs AVX512-BF16 or AMX")
    parser.add_argument("--folds", action="store_true", help="write training/data/unseen.tsv, no encoder")
    parser.add_argument("--target", type=Path, default=TARGET.parent, help="where the files are written")
    arguments = parser.parse_args()
    settings = replace(Settings(), epochs=arguments.epochs, bfloat16=arguments.bfloat16)
    repeatable(settings.threads)
    rows = samples(load(arguments.data), read_types(arguments.data), settings)
    if arguments.folds:
        unseen.save(read_unseen(rows, arguments.base, settings))
    else:
        teach(rows, unseen.load(), settings.taught)
        train(rows, arguments.base, settings, arguments.target)
    click.echo(f"{len(rows)} texts")


if __name__ == "__main__":
    main()
