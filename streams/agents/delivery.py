"""The one way a batch of records goes through a stage: compute, send, confirm, only then finish.

What an agent may rely on: :meth:`Delivery.process` never raises for what a record contains, and
returns only when the broker has confirmed every record it sent. When that cannot be had, the
process ends before the batch is acknowledged: Faust acknowledges whatever an agent's loop body
leaves, by any way out.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

import faust
import structlog
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError

from streams import headers as h
from streams.agents import letters
from streams.agents.compute import ComputePool
from streams.agents.tally import Tally
from streams.agents.tasks import Done, Failed, Item, Output, Result
from streams.ops.health import Health
from streams.ops.metrics import Metrics
from streams.ops.processes import exit_now
from streams.settings import Settings

log = structlog.get_logger(__name__)

#: Exit status of a worker that its dead-letter breaker stopped.
EXIT_BREAKER = 3
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 10.0
_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
_WINDOW = 1000


class Outgoing(NamedTuple):
    """One record on its way, and which record of the batch it is for."""

    topic: str
    key: bytes | None
    value: bytes
    headers: list[h.Header]
    origin: int


#: Chooses what of a result is sent; the default is all of it.
Choose = Callable[[int, Done], Sequence[Output]]


class Breaker:
    """Stops the worker when too many of the last records became dead letters."""

    def __init__(self, *, count: int, share: float) -> None:
        """Trip at ``count`` dead letters that are at least ``share`` of the last records."""
        self._count, self._share = count, share
        self._last: deque[bool] = deque(maxlen=max(_WINDOW, count))

    def record(self, *, failed: bool) -> bool:
        """Note a record's fate; return True when the worker must stop."""
        self._last.append(failed)
        dead = sum(self._last) if failed else 0
        return dead >= self._count and dead >= self._share * len(self._last)


class Delivery:
    """Takes batches of one stage from compute to confirmation."""

    def __init__(
        self,
        stage: str,
        *,
        app: faust.App,
        settings: Settings,
        pool: ComputePool,
        metrics: Metrics,
        tally: Tally,
        health: Health,
    ) -> None:
        """Bind a stage to its app, pool and metrics."""
        self.stage = stage
        self.metrics = metrics
        self._tally = tally
        self._app = app
        self._settings = settings
        self._pool = pool
        self._health = health
        self._breaker = Breaker(count=settings.dead_letter_count, share=settings.dead_letter_share)

    async def process(
        self, events: Sequence[faust.EventT[Any]], choose: Choose | None = None
    ) -> list[Result]:
        """Carry one batch through the stage; see the module's text for what holds on return."""
        started = time.monotonic()
        self.metrics.in_flight.labels(stage=self.stage).inc(len(events))
        with self._health.busy(self.stage):
            results = await self._pool.run(self.stage, [_item(event) for event in events])
            outgoing = self._outgoing(events, results, choose)
            await self._send_all(events, outgoing)
        self.metrics.in_flight.labels(stage=self.stage).dec(len(events))
        self.metrics.batch_duration.labels(stage=self.stage).observe(time.monotonic() - started)
        self._tally.batch(self.stage, events, results, {out.origin for out in outgoing})
        return results

    def _outgoing(
        self, events: Sequence[faust.EventT[Any]], results: Sequence[Result], choose: Choose | None
    ) -> list[Outgoing]:
        now = datetime.now(UTC)
        outgoing: list[Outgoing] = []
        for index, (event, result) in enumerate(zip(events, results, strict=True)):
            failed = isinstance(result, Failed)
            if self._breaker.record(failed=failed):
                self._trip(result)
            if isinstance(result, Failed):
                outgoing.append(self._dead_letter(index, event, result, now))
            else:
                chosen = result.outputs if choose is None else choose(index, result)
                outgoing += [self._record(index, event, output, now) for output in chosen]
        return outgoing

    def _record(self, index: int, event: faust.EventT[Any], output: Output, now: datetime) -> Outgoing:
        passed = (
            _start_lineage(event)
            if self.stage == "parse"
            else [(name, value) for name, value in _headers(event) if name in h.PASSED_ON]
        )
        headers = h.cloud_event(
            event_id=output.key, event_type=output.ce_type, source=f"/dateline/{self.stage}", moment=now
        )
        topic = self._settings.topic(output.topic)
        return Outgoing(topic, output.key.encode(), output.value, headers + passed, index)

    def _dead_letter(
        self, index: int, event: faust.EventT[Any], failed: Failed, now: datetime, *, cut: bool = False
    ) -> Outgoing:
        message = event.message
        key, value, kept = letters.kept(message.key, message.value or b"", _headers(event), cut=cut)
        whole = len(message.value or b"")
        letter = h.DeadLetter(
            stage=self.stage,
            error=failed.error,
            message=failed.message,
            traceback=failed.traceback,
            attempts=1,
            first_at=h.timestamp(now),
            last_at=h.timestamp(now),
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            original_bytes=whole if cut or len(value) < whole else 0,
        ).after(h.DeadLetter.from_headers(_headers(event)))
        topic = self._settings.topic("dead-letters")
        return Outgoing(topic, key, value, kept + letter.to_headers(), index)

    async def _send_all(self, events: Sequence[faust.EventT[Any]], outgoing: list[Outgoing]) -> None:
        """Send and wait for every confirmation; try again what failed; end the process if it never works."""
        pending = outgoing
        wait = _FIRST_WAIT
        for attempt in range(1, self._settings.send_attempts + 1):
            pending = await self._send(events, pending)
            if not pending:
                return
            self.metrics.send_retries.labels(stage=self.stage).inc(len(pending))
            log.warning("send failed, trying again", stage=self.stage, records=len(pending), attempt=attempt)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
        log.critical(
            "the broker did not confirm; stopping before these records are acknowledged",
            stage=self.stage,
            records=len(pending),
        )
        exit_now(1)

    async def _send(self, events: Sequence[faust.EventT[Any]], pending: list[Outgoing]) -> list[Outgoing]:
        answers = await asyncio.gather(*(self._send_one(out) for out in pending), return_exceptions=True)
        failed: list[Outgoing] = []
        for out, answer in zip(pending, answers, strict=True):
            if isinstance(answer, _TOO_LARGE):
                failed.append(self._too_large(events, out, answer))
            elif isinstance(answer, Exception):
                log.debug("send error", error=repr(answer), topic=out.topic)
                failed.append(out)
            elif isinstance(answer, BaseException):
                raise answer
        return failed

    async def _send_one(self, out: Outgoing) -> None:
        producer = self._app.producer
        confirmed = await producer.send(out.topic, out.key, out.value, None, None, out.headers)
        await confirmed

    def _too_large(
        self, events: Sequence[faust.EventT[Any]], out: Outgoing, error: BaseException
    ) -> Outgoing:
        reason = Failed(
            "InvalidRecord", f"what {self.stage} made of it is too large for {out.topic}: {error}", ""
        )
        already_dead = out.topic == self._settings.topic("dead-letters")
        return self._dead_letter(out.origin, events[out.origin], reason, datetime.now(UTC), cut=already_dead)

    def _trip(self, last: Result) -> None:
        log.critical(
            "too many dead letters: the worker stops, nothing more is acknowledged. "
            "`dateline dead-letters list` shows them; the limits are DATELINE_DEAD_LETTER_COUNT "
            "and DATELINE_DEAD_LETTER_SHARE",
            stage=self.stage,
            last_error=last.message if isinstance(last, Failed) else "",
        )
        exit_now(EXIT_BREAKER)


def _item(event: faust.EventT[Any]) -> Item:
    message = event.message
    return Item(message.value or b"", dict(_headers(event)), message.topic, message.partition, message.offset)


def _headers(event: faust.EventT[Any]) -> list[h.Header]:
    """Return a record's headers; Faust types them wider than aiokafka gives them."""
    return cast("list[h.Header]", list(event.message.headers or ()))


def _start_lineage(event: faust.EventT[Any]) -> list[h.Header]:
    """Return the headers that start a page's lineage."""
    message = event.message
    passed: list[h.Header] = [
        (h.LINEAGE, h.lineage(message.topic, message.partition, message.offset)),
        (h.PAGE_TIME, str(int(message.timestamp * 1000)).encode()),
    ]
    trace = dict(_headers(event)).get(h.TRACEPARENT)
    return [*passed, (h.TRACEPARENT, trace)] if trace else passed
