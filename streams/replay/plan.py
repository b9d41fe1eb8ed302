"""What a replay would do, found out by reading its source once; nothing is written."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from streams.agents.compute import ComputePool
from streams.agents.work import Done, Item
from streams.errors import InvalidRecord
from streams.ops.metrics import Metrics
from streams.parse import Limits
from streams.replay.past import COPIES, Past, Position, Selection
from streams.replay.sources import Source
from streams.settings import Settings

_MEASURED = 24


@dataclass(kw_only=True)
class Plan:
    """What would be replayed; sizes are bytes of the pages, times are those of their records."""

    source: str
    selection: dict[str, str]
    start: Position
    pages: int = 0
    bytes: int = 0
    sites: int = 0
    first: int | None = None
    last: int | None = None
    left_out: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    #: Seconds that parsing, enriching and coding a page takes here in one process, of a few of the pages.
    page_seconds: float = 0.0

    def seconds(self, rate: float | None, processes: int) -> float:
        """Return an estimate of how long it takes: by the rate, or by what a few pages took."""
        computing = self.pages * self.page_seconds / max(1, processes)
        return max(computing, self.pages / rate) if rate else computing


async def make_plan(
    source: Source, selection: Selection, settings: Settings, heard: Callable[[], None] = lambda: None
) -> Plan:
    """Read the source and count; ``heard`` is told of each page read.

    Raises:
        InvalidRecord: the source is not there, it is damaged, or nothing in it is meant.
        BrokerUnavailable: no broker answered.
    """
    start = await source.open(selection)
    plan = Plan(source=source.name, selection=selection.words(), start=start, remarks=list(source.remarks))
    sites: set[str] = set()
    some: list[Past] = []
    async for page in source.pages(selection, dict(start)):
        heard()
        reason = selection.left_out(page)
        if reason:
            plan.left_out[reason] += 1
            continue
        plan.pages += 1
        plan.bytes += len(page.value)
        sites.add(page.site)
        if page.timestamp is not None:
            plan.first = page.timestamp if plan.first is None else min(plan.first, page.timestamp)
            plan.last = page.timestamp if plan.last is None else max(plan.last, page.timestamp)
        if len(some) < _MEASURED:
            some.append(page)
    plan.sites = len(sites)
    if not plan.pages:
        why = ", ".join(f"{count:,} {reason}" for reason, count in plan.left_out.items())
        copies = "; --copies means them, too" if COPIES in plan.left_out else ""
        raise InvalidRecord(f"{source.name}: no page is meant{f': left out {why}{copies}' if why else ''}")
    plan.page_seconds = await _measure(some, settings)
    return plan


async def _measure(pages: list[Past], settings: Settings) -> float:
    """Return the seconds of all stages for a page; they run in a process, where no page does harm."""
    pool = ComputePool(
        processes=1,
        deadline=settings.page_deadline,
        memory=settings.compute_memory,
        limits=Limits(max_bytes=settings.page_max_bytes),
        metrics=Metrics(CollectorRegistry()),
    )
    try:
        await pool.warm()
        # The first page also pays for what is loaded when it is needed.
        await _all_stages(pool, pages[:1])
        started = time.monotonic()
        await _all_stages(pool, pages)
        return (time.monotonic() - started) / len(pages)
    finally:
        pool.stop()


async def _all_stages(pool: ComputePool, pages: list[Past]) -> None:
    items = [Item(page.value, {n: v or b"" for n, v in page.headers}, "", 0, 0) for page in pages]
    for stage in ("parse", "enrich", "classify"):
        results = await pool.run(stage, items)
        items = [
            Item(output.value, {}, "", 0, 0)
            for result in results
            if isinstance(result, Done)
            for output in result.outputs
        ]
