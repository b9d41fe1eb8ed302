"""A replay keeps to its rate, and ends when it is told to."""

from __future__ import annotations

import asyncio

import pytest

from streams import settings
from streams.replay.pace import Limits, Pace


@pytest.mark.parametrize(("rate", "batch"), [(None, 64), (500.0, 64), (10.0, 10), (0.2, 1)])
def test_a_batch_is_about_a_second(rate: float | None, batch: int) -> None:
    assert Pace(Limits(rate=rate), settings.load(), into_live=False).batch(64) == batch


@pytest.mark.parametrize("rate", [None, 0.001])
async def test_a_wait_ends_when_the_replay_is_stopped(rate: float | None) -> None:
    stop = asyncio.Event()
    async with Pace(Limits(rate=rate), settings.load(), into_live=False, stop=stop) as pace:
        await pace.wait(1)
        waiting = asyncio.ensure_future(pace.wait(1)) if rate else None
        stop.set()
        with pytest.raises(asyncio.CancelledError):
            await (waiting or pace.wait(1))
