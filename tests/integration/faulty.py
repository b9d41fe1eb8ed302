"""A worker whose parse stage does harm on demand; run as a program, and imported by its compute processes.

A page whose bytes hold one of the words below makes its compute process hang, die or eat memory, as
a page that hits a bug in a parser would.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from streams import settings
from streams.agents import tasks, warm
from streams.agents.work import Item
from streams.corrections import Corrections
from streams.parse import Limits

HANG, DIE, EAT, RAISE = b"fault:hang", b"fault:die", b"fault:eat", b"fault:raise"
_honest = tasks.TASKS["parse"]


def parse_or_fail(item: Item, limits: Limits, corrections: Corrections) -> tasks.Made:
    if HANG in item.value:
        time.sleep(60)
    if DIE in item.value:
        os.kill(os.getpid(), signal.SIGSEGV)
    if EAT in item.value:
        hoard = [bytearray(16 * 1024 * 1024)]
        while True:
            hoard.append(bytearray(16 * 1024 * 1024))
    if RAISE in item.value:
        raise ZeroDivisionError("a bug")
    return _honest(item, limits, corrections)


# The import is what arms it: compute processes import this module before their first record.
tasks.TASKS["parse"] = parse_or_fail
__all__ = ["warm"]


if __name__ == "__main__":
    from streams.agents.worker import run_worker

    sys.exit(run_worker(settings.load(), preload="tests.integration.faulty"))
