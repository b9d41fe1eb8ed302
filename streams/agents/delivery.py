"""The one way a batch of records goes through a stage: compute, send, confirm, only then finish.

What an agent may rely on: :meth:`Delivery.process` never raises for what a record contains, and
returns only when the broker has confirmed every record it sent. When that cannot be had, the
process ends before the batch is acknowledged: Faust acknowledges whatever an agent's loop body
leaves, by any way out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import faust
import structlog
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError
from structlog.contextvars import bind_contextvars, bound_contextvars, unbind_contextvars

from streams.agents import about
from streams.agents.breaker import Breaker
from streams.agents.compute import ComputePool
from streams.agents.outgoing import Outgoing, Sender, item_of
from streams.agents.tally import Tally
from streams.agents.traces import TracedBatch, Traces
from streams.agents.work import Done, Failed, Output, Result
from streams.ops.health import Health
from streams.ops.metrics import Metrics
from streams.ops.processes import exit_now
from streams.settings import Settings

log = structlog.get_logger(__name__)

#: Exit status of a worker that its dead-letter breaker stopped.
EXIT_BREAKER = 3
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 10.0
_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)


Batch = Sequence[faust.EventT[Any]]
#: Chooses what of a result is sent; the default is all of it.
Choose = Callable[[int, Done], Sequence[Output]]


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
        traces: Traces,
    ) -> None:
        """Bind a stage to its app, pool, metrics and traces."""
        self.stage = stage
        self.metrics = metrics
        self._tally = tally
        self._app = app
        self._settings = settings
        self._pool = pool
        self._health = health
        self._traces = traces
        self._sender = Sender(stage, settings)
        self._breaker = Breaker(
            count=settings.dead_letter_count,
            share=settings.dead_letter_share,
            marker=settings.slot_dir / f"{stage}.tripped",
        )
        if self._breaker.on_trial:
            log.warning("too many dead letters stopped this worker before: few are enough now", stage=stage)

    async def process(self, events: Batch, choose: Choose | None = None) -> list[Result]:
        """Carry one batch through the stage; see the module's text for what holds on return.

        A record of which an output was too large for its topic is :class:`Failed` in what is returned;
        its other outputs have been sent.
        """
        started = time.monotonic()
        items = [item_of(event) for event in events]
        traced = self._traces.take(self.stage, items)
        self.metrics.in_flight.labels(stage=self.stage).inc(len(events))
        with self._health.busy(self.stage), bound_contextvars(**about.batch(self.stage, items)):
            results = await self._pool.run(self.stage, items)
            outgoing = self._outgoing(events, results, traced, choose)
            refused = await self._send_all(events, outgoing)
        results = [refused.get(index, result) for index, result in enumerate(results)]
        self.metrics.in_flight.labels(stage=self.stage).dec(len(events))
        self.metrics.batch_duration.labels(stage=self.stage).observe(time.monotonic() - started)
        sent = {out.origin for out in outgoing}
        traced.finish(results, sent)
        self._tally.batch(self.stage, events, results, sent, traced.exemplar)
        return results

    def _outgoing(
        self,
        events: Batch,
        results: Sequence[Result],
        traced: TracedBatch,
        choose: Choose | None,
    ) -> list[Outgoing]:
        now = datetime.now(UTC)
        outgoing: list[Outgoing] = []
        for index, (event, result) in enumerate(zip(events, results, strict=True)):
            failed = isinstance(result, Failed)
            if self._breaker.record(failed=failed):
                self._trip(result)
            if isinstance(result, Failed):
                letter = self._sender.dead_letter(index, event, result, now)
                log.warning("dead letter", error=result.error, **letter.about)
                outgoing.append(letter)
            else:
                chosen = result.outputs if choose is None else choose(index, result)
                outgoing += [
                    self._sender.record(index, event, output, traced.carried(index), now) for output in chosen
                ]
        return outgoing

    async def _send_all(self, events: Batch, outgoing: list[Outgoing]) -> dict[int, Failed]:
        """Send and wait for every confirmation; try again what failed; end the process if it never works.

        Return the records of which an output was too large, with the reason.
        """
        pending, refused = outgoing, dict[int, Failed]()
        wait = _FIRST_WAIT
        for attempt in range(1, self._settings.send_attempts + 1):
            answers = await asyncio.gather(*(self._send_one(events, out) for out in pending))
            pending = self._left(pending, answers, refused)
            if not pending:
                return refused
            self.metrics.send_retries.labels(stage=self.stage).inc(len(pending))
            # It ends by itself after so many tries; until then a broker that is away is no stall.
            self._health.goes_on(self.stage)
            log.warning("send failed, trying again", records=len(pending), attempt=attempt)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
        log.critical(
            "the broker did not confirm; stopping before these records are acknowledged", records=len(pending)
        )
        return exit_now(1)

    def _left(
        self, sent: list[Outgoing], answers: list[Outgoing | None], refused: dict[int, Failed]
    ) -> list[Outgoing]:
        """Return what is sent in the next try; add to ``refused`` the records that became dead letters."""
        left = []
        for out, answer in zip(sent, answers, strict=True):
            if answer and answer.refused and answer is not out:
                # One dead letter for a record, however many of its outputs are too large.
                if answer.origin in refused:
                    continue
                refused[answer.origin] = answer.refused
                if self._breaker.failed_after_all():
                    self._trip(answer.refused)
            if answer:
                left.append(answer)
        return left

    async def _send_one(self, events: Batch, out: Outgoing) -> Outgoing | None:
        """Send a record; return what is to be sent in a next try, where it was not confirmed."""
        # In a task of its own, so that lines of this record alone are named by it.
        unbind_contextvars("pages")
        bind_contextvars(**out.about)
        try:
            confirmed = await self._app.producer.send(out.topic, out.key, out.value, None, None, out.headers)
            await confirmed
        except _TOO_LARGE as error:
            return self._too_large(events[out.origin], out, error)
        except Exception as error:  # noqa: BLE001  (whatever it is, the record is not confirmed)
            log.debug("send error", error=repr(error), topic=out.topic)
            return out
        return None

    def _too_large(self, event: faust.EventT[Any], out: Outgoing, error: Exception) -> Outgoing:
        reason = Failed(
            "InvalidRecord", f"what {self.stage} made of it is too large for {out.topic}: {error}", ""
        )
        already_dead = out.topic == self._sender.dead_letters
        log.warning("too large to send", topic=out.topic, bytes=len(out.value))
        letter = self._sender.dead_letter(out.origin, event, reason, datetime.now(UTC), cut=already_dead)
        return letter if already_dead else letter._replace(refused=reason)

    def _trip(self, last: Result) -> None:
        log.critical(
            "too many dead letters: the worker stops, nothing more is acknowledged. "
            "`dateline dead-letters list` shows them; the limits are DATELINE_DEAD_LETTER_COUNT "
            "and DATELINE_DEAD_LETTER_SHARE",
            last_error=last.message if isinstance(last, Failed) else "",
        )
        try:
            self._breaker.tell()
        except OSError as error:
            log.warning("the next start will not know of it", error=str(error))
        exit_now(EXIT_BREAKER)
