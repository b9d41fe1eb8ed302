"""The agent that turns enriched documents into events, each on the topic of its class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faust

from streams.agents.delivery import Delivery


async def classify_batch(events: Sequence[faust.EventT[Any]], delivery: Delivery) -> None:
    """Classify a batch of documents and send their events."""
    await delivery.process(events)
