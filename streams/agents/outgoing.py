"""Records on their way to a topic: with the headers that say what they are, where they come from and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

import faust

from streams import headers as h
from streams.agents import letters
from streams.agents.about import place
from streams.agents.work import Failed, Item, Output
from streams.settings import Settings

#: What a log line calls the id of what a stage makes.
_MADE = {"parse": "document", "enrich": "document", "classify": "event_id"}


class Outgoing(NamedTuple):
    """One record on its way, and which record of the batch it is for."""

    topic: str
    key: bytes | None
    value: bytes
    headers: list[h.Header]
    origin: int
    #: What log lines name it by.
    about: Mapping[str, str]
    #: Of a dead letter: what the broker said of the output that was too large for it.
    refused: Failed | None = None


def item_of(event: faust.EventT[Any]) -> Item:
    """Return a record as the stages take it."""
    message = event.message
    return Item(
        message.value or b"", dict(headers_of(event)), message.topic, message.partition, message.offset
    )


def headers_of(event: faust.EventT[Any]) -> list[h.Header]:
    """Return a record's headers; Faust types them wider than aiokafka gives them."""
    return cast("list[h.Header]", list(event.message.headers or ()))


class Sender:
    """Makes the records that a stage sends."""

    def __init__(self, stage: str, settings: Settings) -> None:
        """Send for a stage, to the topics that the settings name."""
        self._stage, self._settings = stage, settings

    def record(
        self, index: int, event: faust.EventT[Any], output: Output, trace: list[h.Header], now: datetime
    ) -> Outgoing:
        """Return an output as the record to send; ``trace`` is the context that it carries."""
        headers = h.cloud_event(
            event_id=output.key, event_type=output.ce_type, source=f"/dateline/{self._stage}", moment=now
        )
        passed = (
            _start_lineage(event)
            if self._stage == "parse"
            else [(name, value) for name, value in headers_of(event) if name in h.PASSED_ON]
        )
        about = place(self._stage, item_of(event)) | {_MADE[self._stage]: output.key}
        topic = self._settings.topic(output.topic)
        return Outgoing(topic, output.key.encode(), output.value, [*headers, *passed, *trace], index, about)

    def dead_letter(
        self, index: int, event: faust.EventT[Any], failed: Failed, now: datetime, *, cut: bool = False
    ) -> Outgoing:
        """Return the dead letter of a record; with ``cut`` as short as it can be."""
        message = event.message
        kept = letters.kept(message.key, message.value or b"", headers_of(event), cut=cut)
        whole = len(message.value or b"")
        letter = h.DeadLetter(
            stage=self._stage,
            error=failed.error,
            message=failed.message,
            traceback=failed.traceback,
            attempts=1,
            first_at=h.timestamp(now),
            last_at=h.timestamp(now),
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            original_bytes=whole if len(kept.value) < whole else 0,
            cut=kept.cut,
        ).after(h.DeadLetter.from_headers(headers_of(event)))
        about = place(self._stage, item_of(event))
        headers = kept.headers + letter.to_headers()
        return Outgoing(self.dead_letters, kept.key, kept.value, headers, index, about)

    @property
    def dead_letters(self) -> str:
        """The topic of the dead letters."""
        return self._settings.topic("dead-letters")


def _start_lineage(event: faust.EventT[Any]) -> list[h.Header]:
    """Return the headers that start a page's lineage."""
    message = event.message
    replay = [(name, value) for name, value in headers_of(event) if name == h.REPLAY]
    return [
        (h.LINEAGE, h.lineage(message.topic, message.partition, message.offset)),
        (h.PAGE_TIME, str(int(message.timestamp * 1000)).encode()),
        *replay[:1],
    ]
