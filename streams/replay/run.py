"""Runs a replay: takes pages from a source to a target, keeps how far it is, and says so."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from streams.errors import BrokerUnavailable
from streams.records import Replay, ReplayStatus, encode
from streams.replay.pace import Pace
from streams.replay.past import Past, Position, Selection
from streams.replay.sources import Source
from streams.replay.targets import Target

_MOST, _MOST_BYTES = 64, 8 << 20
#: Seconds between checkpoints: what a killed replay may send again.
CHECKPOINT = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a replay is. With the arguments it was begun with, it can go on."""

    replay_id: str
    arguments: list[str]
    coder_version: str
    #: What the source had when the replay was planned.
    ends: Position
    position: Position
    planned: int
    sent: int = 0
    done: bool = False

    def to_bytes(self) -> bytes:
        """Return it as JSON."""
        return encode(self)


@dataclass(kw_only=True)
class Job:
    """One replay, new or resumed."""

    state: State
    source: Source
    target: Target
    selection: Selection
    pace: Pace
    who: str
    reason: str
    #: Of the installation that runs it.
    coder_version: str
    resumed: bool
    #: Keeps the record of the replay.
    tell: Callable[[Replay], Awaitable[None]]
    #: Hears of the pages taken.
    heard: Callable[[int], None] = lambda _: None
    #: Hears of pages that the target refused.
    refused: Callable[[str], None] = lambda _: None

    async def run(self) -> State:
        """Replay everything from the state's position on; return the last state.

        Raises:
            BrokerUnavailable: a page was not confirmed, or the source was not read to its end; the state says
                how far it is.
            InvalidRecord: the source is damaged; what came before it was sent.
            asyncio.CancelledError: it was stopped.
        """
        await self._tell("resumed" if self.resumed else "started")
        try:
            await self._carry()
        except asyncio.CancelledError:
            await self._tell("stopped")
            raise
        except Exception as error:
            # A broker that is away cannot hear of it; the state says how far the replay is.
            with contextlib.suppress(BrokerUnavailable):
                await self._tell("failed", str(error))
            raise
        await self._tell("finished")
        return self.state

    async def _carry(self) -> None:
        async with self.target, self.pace:
            position, sent, saved = dict(self.state.position), self.state.sent, time.monotonic()
            try:
                async for batch in self._batches(dict(position)):
                    meant = [page for page in batch if not self.selection.left_out(page)]
                    if meant:
                        await self.pace.wait(len(meant))
                        for why in await self.target.take(meant):
                            self.refused(why)
                    # From here to the save nothing waits, so what is saved was taken.
                    sent += len(meant)
                    position |= {page.part: page.following for page in batch}
                    self._note(position, sent, done=False)
                    self.heard(len(meant))
                    if time.monotonic() - saved >= CHECKPOINT:
                        self.target.save(self.state.to_bytes())
                        saved = time.monotonic()
                self._note(position, sent, done=True)
            finally:
                self.target.save(self.state.to_bytes())

    def _note(self, position: Position, sent: int, *, done: bool) -> None:
        old = self.state
        self.state = State(
            replay_id=old.replay_id,
            arguments=old.arguments,
            coder_version=old.coder_version,
            ends=old.ends,
            position=dict(position),
            planned=old.planned,
            sent=sent,
            done=done,
        )

    async def _batches(self, position: Position) -> AsyncIterator[Sequence[Past]]:
        batch: list[Past] = []
        held = 0
        async for page in self.source.pages(self.selection, position):
            batch.append(page)
            held += len(page.value)
            if len(batch) >= self.pace.batch(_MOST) or held >= _MOST_BYTES:
                yield batch
                batch, held = [], 0
        if batch:
            yield batch

    async def _tell(self, status: ReplayStatus, error: str | None = None) -> None:
        await self.tell(
            Replay(
                replay_id=self.state.replay_id,
                status=status,
                at=datetime.now(UTC),
                who=self.who,
                reason=self.reason,
                source=self.source.name,
                target=self.target.name,
                selection=self.selection.words(),
                coder_version=self.coder_version,
                planned=self.state.planned,
                sent=self.state.sent,
                error=error,
            )
        )
