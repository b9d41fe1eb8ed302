"""The agent that finds entities, places and dates in documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faust

from streams.agents.delivery import Delivery


async def enrich_batch(events: Sequence[faust.EventT[Any]], delivery: Delivery) -> None:
    """Enrich a batch of documents and send them on."""
    await delivery.process(events)
