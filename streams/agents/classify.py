"""The agent that turns enriched documents into events, each on the topic of its class."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import faust

from streams import headers as h
from streams.agents.delivery import Delivery
from streams.agents.tasks import Done


async def classify_batch(events: Sequence[faust.EventT[Any]], delivery: Delivery) -> None:
    """Classify a batch of documents and send their events."""
    results = await delivery.process(events)
    now = time.time()
    for event, result in zip(events, results, strict=True):
        if not isinstance(result, Done):
            continue
        for output in result.outputs:
            delivery.metrics.events.labels(event_class=output.topic.removeprefix("events.")).inc()
            age = _page_age(event, now)
            if age is not None:
                delivery.metrics.page_to_event.observe(age)


def _page_age(event: faust.EventT[Any], now: float) -> float | None:
    page_time = h.text(dict(event.message.headers or ()).get(h.PAGE_TIME))
    return max(0.0, now - int(page_time) / 1000) if page_time.isdigit() else None
