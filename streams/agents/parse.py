"""The agent that turns pages into documents, each emitted once for a site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faust

from streams.agents.delivery import Delivery
from streams.agents.seen import SeenTable, entry_key
from streams.agents.work import Done, Failed, Output

Event = faust.EventT[Any]


async def parse_batch(events: Sequence[Event], delivery: Delivery, seen: SeenTable) -> None:
    """Parse a batch of pages; send the documents that are new, then remember them."""
    left = events
    while left:
        left = await _parse(left, delivery, seen)


async def _parse(events: Sequence[Event], delivery: Delivery, seen: SeenTable) -> list[Event]:
    """Do so; return the pages to be parsed again, as a page that had their documents became a dead letter."""
    # Two pages of one batch may carry the same teaser, which the table does not know yet: the first sends it.
    first: dict[tuple[int, bytes], int] = {}
    lent: list[set[int]] = [set() for _ in events]

    def choose(index: int, result: Done) -> list[Output]:
        event = events[index]
        new = []
        for output in result.outputs:
            key = entry_key(output.site, output.key)
            place = (event.message.partition, key)
            status = "seen"
            if place in first:
                lent[index].add(first[place])
            elif not seen.is_seen(event, key):
                first[place] = index
                new.append(output)
                status = "new"
            delivery.metrics.documents.labels(kind=output.kind, status=status).inc()
        return new

    results = await delivery.process(events, choose)
    again = []
    for index, (event, result) in enumerate(zip(events, results, strict=True)):
        if any(isinstance(results[lender], Failed) for lender in lent[index] - {index}):
            again.append(event)
        elif isinstance(result, Done):
            keys = [entry_key(output.site, output.key) for output in result.outputs]
            emitted = {key for key in keys if (event.message.partition, key) in first}
            seen.remember(event, iter(keys), emitted)
    return again
