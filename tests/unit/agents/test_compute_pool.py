"""Killing processes of the pool from outside costs no record."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psutil
import pytest
from prometheus_client import CollectorRegistry

from streams.agents.compute import ComputePool
from streams.agents.tasks import Failed, Item
from streams.ops.metrics import Metrics
from streams.parse import Limits

ITEM = Item(b"{}", {}, "documents", 0, 0)


@pytest.fixture
async def pool() -> AsyncIterator[ComputePool]:
    made = ComputePool(
        processes=1,
        deadline=4.0,
        memory=1 << 30,
        limits=Limits(),
        metrics=Metrics(CollectorRegistry()),
        preload="streams.agents.tasks",
    )
    await made.warm()
    yield made
    made.stop()


def _below(*, direct: bool) -> list[psutil.Process]:
    """Processes of the pool: those that compute, or the server that makes them."""
    me = psutil.Process()
    servers = [child for child in me.children() if "forkserver" in " ".join(child.cmdline())]
    return servers if direct else [child for server in servers for child in server.children()]


@pytest.mark.parametrize("direct", [False, True], ids=["an idle process", "the server"])
async def test_a_kill_from_outside_costs_no_record(pool: ComputePool, *, direct: bool) -> None:
    victims = _below(direct=direct)
    assert victims
    for victim in victims:
        victim.kill()
    for _ in range(5):
        (result,) = await pool.run("enrich", [ITEM])
        assert isinstance(result, Failed)
        assert result.error == "InvalidRecord", "the record was looked at"
