"""A worker that is called stalled after seconds, and whose event loop stands still when SIGUSR2 comes.

From SIGHUP on it fetches nothing, as a client that has forgotten its partitions, and says ``deaf``.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
import time
from types import FrameType

from aiokafka.consumer.fetcher import Fetcher

from streams import settings

LOOP_LIMIT, BATCH_LIMIT, STALL = 1.5, 3.0, 4.0


def _stall(_number: int, _frame: FrameType | None) -> None:
    # Python runs this in the main thread, which is the event loop's.
    time.sleep(STALL)


_honest = Fetcher._proc_fetch_request
_deaf = threading.Event()


def _become_deaf(_number: int, _frame: FrameType | None) -> None:
    _deaf.set()


async def _fetch(self: Fetcher, *request: object) -> bool:
    if _deaf.is_set():
        sys.stderr.write("deaf\n")
        await asyncio.Event().wait()
    heard: bool = await _honest(self, *request)
    return heard


if __name__ == "__main__":
    from streams.agents.worker import run_worker

    Fetcher._proc_fetch_request = _fetch
    signal.signal(signal.SIGHUP, _become_deaf)
    signal.signal(signal.SIGUSR2, _stall)
    sys.exit(run_worker(settings.load(), loop_limit=LOOP_LIMIT, batch_limit=BATCH_LIMIT))
