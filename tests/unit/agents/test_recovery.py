"""The end of a recovery is not missed, and the end of the last one is not taken for it."""

from __future__ import annotations

import asyncio
from typing import Any

import faust

from streams.agents.recovery import keep_signal


async def test_the_end_of_a_recovery_is_seen_by_who_waits_late_and_only_for_that_recovery() -> None:
    tables: Any = faust.App("test", broker="kafka://127.0.0.1:1", web_enabled=False).tables
    recovery: Any = tables.recovery
    keep_signal(recovery)
    signal: asyncio.Event = recovery.signal_recovery_end
    recovery._set_recovery_started()
    signal.set()
    signal.clear()  # as Faust does at the next turn
    assert await asyncio.wait_for(signal.wait(), timeout=5)
    recovery._set_recovery_started()
    assert not signal.is_set()
    assert recovery.in_recovery
