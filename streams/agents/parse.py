"""The agent that turns pages into documents, each emitted once for a site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faust

from streams.agents.delivery import Delivery
from streams.agents.seen import SeenTable, entry_key
from streams.agents.tasks import Done, Output, Result

Event = faust.EventT[Any]


async def parse_batch(events: Sequence[Event], delivery: Delivery, seen: SeenTable) -> None:
    """Parse a batch of pages; send the documents that are new, then remember them."""
    emitted: set[tuple[int, bytes]] = set()

    def choose(index: int, result: Done) -> list[Output]:
        event = events[index]
        new = []
        for output in result.outputs:
            key = entry_key(output.site, output.key)
            place = (event.message.partition, key)
            status = "seen"
            # Two pages of one batch may carry the same teaser, which the table does not know yet.
            if place not in emitted and not seen.is_seen(event, key):
                emitted.add(place)
                new.append(output)
                status = "new"
            delivery.metrics.documents.labels(kind=output.kind, status=status).inc()
        return new

    results = await delivery.process(events, choose)
    for event, result in zip(events, results, strict=True):
        partition = event.message.partition
        keys = _keys(result)
        seen.remember(event, iter(keys), {key for key in keys if (partition, key) in emitted})


def _keys(result: Result) -> list[bytes]:
    return [entry_key(o.site, o.key) for o in result.outputs] if isinstance(result, Done) else []
