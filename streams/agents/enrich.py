"""The agent that finds entities, places and dates in documents, and notes what they say of persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faust

from streams.agents.actors import ActorsTable
from streams.agents.delivery import Delivery
from streams.agents.work import Done


async def enrich_batch(events: Sequence[faust.EventT[Any]], delivery: Delivery, actors: ActorsTable) -> None:
    """Enrich a batch of documents and send them on; then note what they say of persons."""
    results = await delivery.process(events)
    for event, result in zip(events, results, strict=True):
        if isinstance(result, Done):
            for output in result.outputs:
                actors.note(event, output.told)
