"""Train the reader of the sides: ``python -m training.sides --data ../shared/eval``.

Takes the shipped encoder's upper layers and fine-tunes them to score the mentions of a text as source and
as target of the act that the coder would tell, from the states that its lower layers make of the text. Half
of the texts get other countries' names. With ``--held-out`` it trains on two thirds of the texts and tells
how well it reads the printed ones of the last; without, on all, and writes the file that ships. The same
encoder, rows, versions and kind of processor give the same bytes. What ships was trained with ``--bfloat16``.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import onnx
import torch
from torch.nn import functional

from streams.classify import encoder, roles, sides
from streams.classify.blend import SOURCE, TARGET, Blend
from streams.classify.encoder import ENCODER_FILE, MOST_PIECES, open_model, vocabulary
from streams.classify.wordpiece import Place, encode
from training.loop import batches, repeatable, run
from training.network import read_upper, save_sides
from training.roles import Case, cases, fit, score
from training.rows import read_report_sides, read_sides

DATA = Path(__file__).parents[1] / "streams" / "classify" / "data"
EPOCHS, BATCH, RATE, HEAD_RATE, DECAY, DROPOUT, THREADS = 3, 32, 5e-5, 2.5e-4, 0.01, 0.1, 2
#: Share of the texts that get other countries' names.
RENAMED = 0.5
SHARES = (0.0, 0.5, 0.6, 0.7, 0.8, 1.0)
_KINDS = ("country", "nationality")


@dataclass(frozen=True, slots=True)
class Text:
    """A text with an act and mentions (where each stands, what it is by rule, its kind), and their codes."""

    text: str
    act: Place
    mentions: list[sides.Marked]
    codes: list[str]

    @classmethod
    def of(cls, case: Case) -> Text:
        """Return the text of a case."""
        found = case.told.parsed.mentions
        act, mentions = sides.spans_of(case.told, [roles.rule_of(case.told, m) for m in found])
        return cls(case.text, act, mentions, [m.code for m in found])


class Names:
    """Names of the countries and nationalities of the texts by code, to put another's in their place."""

    def __init__(self, texts: Iterable[Text]) -> None:
        named: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for text in texts:
            for ((start, end), _, kind), code in zip(text.mentions, text.codes, strict=True):
                named[code][kind].add(text.text[start:end])
        self._of = {
            code: {kind: sorted(of[kind]) for kind in _KINDS}
            for code, of in sorted(named.items())
            if all(of[kind] for kind in _KINDS)
        }

    def changed(self, given: Text, draw: random.Random) -> Text:
        """Return a text whose countries have others' names, the same country for the same."""
        codes = sorted(set(given.codes) & set(self._of))
        others = dict(zip(codes, draw.sample(list(self._of), len(codes)), strict=True))
        text, at, shifts = "", 0, [(0, 0)]
        for ((start, end), _, kind), code in zip(given.mentions, given.codes, strict=True):
            if kind in _KINDS and code in others:
                text += given.text[at:start] + draw.choice(self._of[others[code]][kind])
                at = end
                shifts.append((end, len(text) - end))

        def moved(place: Place) -> Place:
            start, end = (
                max(shift for shift in shifts if shift[0] <= offset)[1] + offset for offset in place
            )
            return start, end

        mentions = [(moved(place), rule, kind) for place, rule, kind in given.mentions]
        return Text(text + given.text[at:], moved(given.act), mentions, given.codes)


def lower_layers(path: Path) -> Any:
    """Return the layers of the encoder that the classes and the sides share, as a model to be run."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "lower.onnx"
        onnx.utils.extract_model(str(path), str(part), ["pieces"], ["states"])
        return open_model(part)


class Training:
    """One fine-tuning."""

    def __init__(self, found: Sequence[Case], *, bfloat16: bool, seed: int = 1) -> None:
        torch.manual_seed(seed)
        self.model = read_upper(DATA / ENCODER_FILE, sides.MARKS, DROPOUT)
        self._found, self._bfloat16 = [c for c in found if c.told.parsed.mentions], bfloat16
        self._texts = {id(case): Text.of(case) for case in self._found}
        self._names = Names(self._texts.values())
        self._lower = lower_layers(DATA / ENCODER_FILE)
        self._draw = random.Random(seed)  # noqa: S311 - shuffles
        heads = list(self.model.new())
        ids = {id(parameter) for parameter in heads}
        upper = [p for p in self.model.parameters() if id(p) not in ids]
        groups: list[dict[str, Any]] = [{"params": upper, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}]
        self._steps = torch.optim.AdamW(groups, weight_decay=DECAY, fused=True)

    def _batches(self) -> list[list[Case]]:
        return batches(self._found, BATCH, lambda case: len(case.text), self._draw)

    def run(self) -> None:
        """Train all epochs."""
        total = EPOCHS * math.ceil(len(self._found) / BATCH)
        run(self.model, self._steps, EPOCHS, total, self._batches, self._loss)

    def _given(self, case: Case) -> dict[str, torch.Tensor]:
        """Return what the network is given of a case, with other countries' names or its own."""
        text = self._texts[id(case)]
        if self._draw.random() < RENAMED:
            text = self._names.changed(text, self._draw)
        pieces = encode(text.text, vocabulary(), MOST_PIECES)
        (states,) = self._lower.run(None, {"pieces": np.array(pieces.numbers, dtype=np.int64)})
        marked = sides.mark(pieces.places, case.told.event_class, text.act, text.mentions)
        return {name: torch.from_numpy(value) for name, value in {"states": states, **marked}.items()}

    def _loss(self, batch: Sequence[Case]) -> torch.Tensor:
        given = [self._given(case) for case in batch]
        size = max(len(one["states"]) for one in given)
        most = max(len(one["mentions"]) for one in given)

        def padded(name: str, *shape: int) -> torch.Tensor:
            whole = torch.zeros(len(given), *shape, dtype=given[0][name].dtype)
            for row, one in zip(whole, given, strict=True):
                row[tuple(slice(n) for n in one[name].shape)] = one[name]
            return whole

        lengths = torch.tensor([len(one["states"]) for one in given])
        beyond = torch.arange(size)[None] >= lengths[:, None]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._bfloat16):
            told = self.model(
                padded("states", size, given[0]["states"].shape[1]),
                padded("marks", size, 3),
                padded("act", size),
                padded("mentions", most, size),
                beyond,
            ).float()
        odds, wanted, weights = [], [], []
        for case, row in zip(batch, told, strict=True):
            mentions = case.told.parsed.mentions
            for code in dict.fromkeys(m.code for m in mentions):
                odds.append(row[[i for i, m in enumerate(mentions) if m.code == code]].max(0).values)
                wanted.append([float(code in case.source), float(code in case.target)])
                weights.append(case.weight)
        loss = functional.binary_cross_entropy_with_logits(
            torch.stack(odds), torch.tensor(wanted), reduction="none"
        ).mean(1)
        weight = torch.tensor(weights)
        result: torch.Tensor = (loss * weight).sum() / weight.sum()
        return result


def report(found: Sequence[Case], weights: roles.Weights, path: Path) -> Iterator[str]:
    """Yield how well texts that were not trained on are read, by the share of the log odds of the encoder."""
    model = open_model(path)
    read = [roles.by_encoder(case.told, encoder.read(case.text), model) for case in found]
    for share in SHARES:
        mixed = Blend(linear=1 - share, encoder=share, offset=0.0, threshold=0.0)
        blends = {SOURCE: mixed, TARGET: mixed}
        told = [
            (case, roles.chosen(case.told, roles.side_odds(case.told, odds, weights, blends)))
            for case, odds in zip(found, read, strict=True)
        ]
        yield f"the encoder's share {share:g}: F1 of source, target, both {score(told)}"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/eval"), help="development folder")
    parser.add_argument("--bfloat16", action="store_true", help="as what ships; needs AVX512-BF16 or AMX")
    parser.add_argument("--held-out", action="store_true", help="tell the scores of a third, write nothing")
    arguments = parser.parse_args()
    repeatable(THREADS)
    found = cases([*read_sides(arguments.data), *read_report_sides()])
    trained = [case for case in found if case.fold] if arguments.held_out else found
    training = Training(trained, bfloat16=arguments.bfloat16)
    training.run()
    if not arguments.held_out:
        save_sides(training.model, DATA / sides.SIDES_FILE)
        click.echo(f"{len(found)} texts")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / sides.SIDES_FILE
        save_sides(training.model, path)
        for line in report(
            [case for case in found if case.real and not case.fold],
            fit([case for case in trained if case.origin != "report"]),
            path,
        ):
            click.echo(f"held out, {line}")


if __name__ == "__main__":
    main()
