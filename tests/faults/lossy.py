"""A worker that loses and doubles on purpose; what it does to a record follows from the record's key.

``dateline verify`` must find each of these: run as a program, in place of a worker.
"""

from __future__ import annotations

import sys
from enum import StrEnum

from streams import settings
from streams.agents.delivery import Batch, Delivery
from streams.agents.outgoing import Outgoing
from streams.broker.topics import load

_honest = Delivery._send_one


class Harm(StrEnum):
    """What is done to one record."""

    DROP_DOCUMENT = "drop_document"
    DROP_ENRICHED = "drop_enriched"
    DROP_EVENT = "drop_event"
    SECOND_PLACE = "second_place"
    OTHER_BYTES = "other_bytes"


def harm(topic: str, key: str) -> Harm | None:
    """Choose by the last two digits of the id, so that a test knows too."""
    number = int(key[-2:], 16)
    if topic.endswith("documents"):
        return Harm.DROP_DOCUMENT if number < 12 else None
    if topic.endswith("documents.enriched"):
        return Harm.DROP_ENRICHED if number >= 244 else None
    if ".events." in topic:
        third = {0: Harm.DROP_EVENT, 1: Harm.SECOND_PLACE, 2: Harm.OTHER_BYTES}
        return third[number % 3] if number < 48 else None
    return None


async def _harmful(self: Delivery, events: Batch, out: Outgoing) -> Outgoing | None:
    done = harm(out.topic, (out.key or b"").decode()) if "dead-letters" not in out.topic else None
    if done in (Harm.DROP_DOCUMENT, Harm.DROP_ENRICHED, Harm.DROP_EVENT):
        return None
    again = await _honest(self, events, out)
    if done is Harm.OTHER_BYTES:
        await _honest(self, events, out._replace(value=out.value + b" "))
    if done is Harm.SECOND_PLACE:
        partitions = load().topics["events.trade"].partitions
        for partition in range(partitions):
            sent = await self._app.producer.send(out.topic, out.key, out.value, partition, None, out.headers)
            await sent
    return again


if __name__ == "__main__":
    from streams.agents.worker import run_worker

    Delivery._send_one = _harmful  # type: ignore[method-assign]
    sys.exit(run_worker(settings.load()))
