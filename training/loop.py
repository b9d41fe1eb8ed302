"""What the fine-tunings share: batches of texts of like length, and the steps of an epoch."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import click
import numpy as np
import torch
from torch import nn

WARM_UP = 0.1
_TOGETHER = 16  # batches among which texts of like length are sought
_LARGEST_GRADIENT = 1.0

T = TypeVar("T")


def repeatable(threads: int) -> None:
    """Make the same steps give the same numbers."""
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=True)
    # Else each new tensor is filled first, against reads of what was never written: a twentieth of the time.
    torch.utils.deterministic.fill_uninitialized_memory = False


def batches(rows: Sequence[T], size: int, length: Callable[[T], int], draw: random.Random) -> list[list[T]]:
    """Return all rows in batches, shuffled, texts of like length together."""
    shuffled = list(rows)
    draw.shuffle(shuffled)
    wide = size * _TOGETHER
    found = [
        like[i : i + size]
        for start in range(0, len(shuffled), wide)
        for like in [sorted(shuffled[start : start + wide], key=length)]
        for i in range(0, len(like), size)
    ]
    draw.shuffle(found)
    return found


def run(
    model: nn.Module,
    steps: torch.optim.Optimizer,
    epochs: int,
    total: int,
    batches_of_epoch: Callable[[], Iterable[list[T]]],
    loss_of: Callable[[list[T]], torch.Tensor],
) -> None:
    """Train all epochs; the rate rises over the first tenth of ``total`` steps, then falls to nothing."""
    rates = torch.optim.lr_scheduler.LambdaLR(
        steps, lambda n: max(0.0, min((n + 1) / (WARM_UP * total), (total - n) / ((1 - WARM_UP) * total)))
    )
    for epoch in range(epochs):
        model.train()
        losses = []
        for batch in batches_of_epoch():
            loss = loss_of(batch)
            steps.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), _LARGEST_GRADIENT)
            steps.step()
            rates.step()
            losses.append(float(loss.detach()))
        click.echo(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", err=True)
