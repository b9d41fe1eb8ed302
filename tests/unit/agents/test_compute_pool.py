"""Killing processes of the pool from outside costs no record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psutil
import pytest
from prometheus_client import CollectorRegistry

from streams.agents.compute import ComputePool
from streams.agents.work import Failed, Item
from streams.classify.lexicon import current
from streams.corrections import Corrections
from streams.ops.metrics import Metrics
from streams.parse import Limits

ITEM = Item(b"{}", {}, "documents", 0, 0)


@pytest.fixture
def went_on() -> list[str]:
    """Stages of which some records are done."""
    return []


@pytest.fixture
async def pool(went_on: list[str]) -> AsyncIterator[ComputePool]:
    made = ComputePool(
        processes=1,
        deadline=4.0,
        memory=1 << 30,
        limits=Limits(),
        metrics=Metrics(CollectorRegistry()),
        preload="streams.agents.tasks",
        goes_on=went_on.append,
    )
    await made.warm()
    went_on.clear()
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


async def test_it_tells_that_a_batch_goes_on_before_all_of_it_is_done(
    pool: ComputePool, went_on: list[str]
) -> None:
    most = 32  # of a chunk
    await pool.run("classify", [ITEM] * (most + 1))
    assert went_on == ["classify"] * 2


def _lexicons_read() -> int:
    return current.cache_info().misses


async def test_corrections_are_read_before_the_first_record_that_is_coded_with_them(
    pool: ComputePool,
) -> None:
    assert await pool.submit(_lexicons_read, timeout=60) == 0
    under_way = asyncio.create_task(pool.run("enrich", [ITEM]))
    await asyncio.sleep(0)
    pool.take(Corrections.of({"lexicon.tsv": "SANCTION\t-\t163\tt\tv\tslap … quota\n"}))
    assert await pool.submit(_lexicons_read, timeout=60) == 1, "no record has been coded yet"
    for results in (await under_way, await pool.run("enrich", [ITEM])):
        assert [r.error for r in results if isinstance(r, Failed)] == ["InvalidRecord"]
