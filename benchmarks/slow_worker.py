"""A worker whose classify stage sleeps before each document; its compute processes import it, too."""

from __future__ import annotations

import sys
import time

from streams import settings
from streams.agents import tasks, warm
from streams.agents.work import Item
from streams.corrections import Corrections
from streams.parse import Limits

SECONDS = 0.05
_honest = tasks.TASKS["classify"]


def slowly(item: Item, limits: Limits, corrections: Corrections) -> tasks.Made:
    """Classify, but not at once."""
    time.sleep(SECONDS)
    return _honest(item, limits, corrections)


tasks.TASKS["classify"] = slowly
__all__ = ["warm"]


if __name__ == "__main__":
    from streams.agents.worker import run_worker

    sys.exit(run_worker(settings.load(), preload="benchmarks.slow_worker"))
