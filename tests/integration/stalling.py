"""A worker that is called stalled after seconds, and whose event loop stands still when SIGUSR2 comes."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

from streams import settings

LOOP_LIMIT, BATCH_LIMIT, STALL = 1.5, 3.0, 4.0


def _stall(_number: int, _frame: FrameType | None) -> None:
    # Python runs this in the main thread, which is the event loop's.
    time.sleep(STALL)


if __name__ == "__main__":
    from streams.agents.worker import run_worker

    signal.signal(signal.SIGUSR2, _stall)
    sys.exit(run_worker(settings.load(), loop_limit=LOOP_LIMIT, batch_limit=BATCH_LIMIT))
