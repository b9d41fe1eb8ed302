"""A worker that counts nothing, to measure what counting costs: see benchmarks/metrics_cost.py."""

from __future__ import annotations

import sys
from typing import Any

from streams import settings
from streams.agents import tally
from streams.agents.worker import run_worker


def _nothing(*_: Any) -> None:
    """Count nothing."""


# Set on the class, so that each place that counts goes through it.
for name in ("batch", "look"):
    setattr(tally.Tally, name, _nothing)

if __name__ == "__main__":
    sys.exit(run_worker(settings.load()))
