"""How far the group is on the partitions of this worker, and where they end.

Fetches alone do not tell: where they have stopped, the end that they told last stands still, too. So the
brokers are asked for it. And an offset is not always a record: the marks of a producer's transactions have
offsets that nobody commits, and what retention took away was nobody's to commit either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import faust
import structlog
from faust.types import TP

log = structlog.get_logger(__name__)

#: Seconds between two questions; fetches tell the end sooner, where they go on.
_ASK = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one partition."""

    #: The first offset that still stands on the topic, and the one that the next record gets.
    first: int
    end: int
    #: What the group committed; None where it never did.
    committed: int | None
    #: Of the last record that was fetched.
    taken: int | None
    #: From where is fetched next.
    next_fetch: int | None

    def reached(self) -> int:
        """Return the offset up to which every record is finished: the end where none waits."""
        done = max(self.committed or 0, self.first)
        waits = self.taken is not None and self.taken >= done
        fetched = self.next_fetch is not None and self.next_fetch >= self.end
        return self.end if fetched and not waits else min(done, self.end)


class Offsets:
    """The offsets of the partitions that a worker holds now."""

    def __init__(self, app: faust.App, topics: Collection[str]) -> None:
        """Look at the partitions of these topics (full names)."""
        self._consumer: Any = app.consumer
        self._topics = topics
        self._bounds: dict[TP, tuple[int, int]] = {}

    async def ask(self) -> None:
        """Ask the brokers where the partitions begin and end, again and again."""
        while True:
            try:
                held = self._held()
                # Answers may come late; those of before a rebalance are of no partition that is looked at.
                self._bounds = await self._consumer._thread.bounds(held) if held else {}  # noqa: SLF001
            except Exception as error:  # noqa: BLE001  (the next question may be answered)
                log.debug("brokers do not tell where partitions end", error=repr(error))
            await asyncio.sleep(_ASK)

    def now(self) -> dict[TP, tuple[int, int]]:
        """Return for each partition how far the group is and where it ends, where both are known."""
        found = {}
        for tp in self._held():
            if tp in self._bounds:
                known = self._known(tp, *self._bounds[tp])
                found[tp] = known.reached(), known.end
        return found

    def _held(self) -> list[TP]:
        return [tp for tp in self._consumer.assignment() if tp.topic in self._topics]

    def _known(self, tp: TP, first: int, end: int) -> Known:
        thread = self._consumer._thread  # noqa: SLF001
        return Known(
            first=first,
            end=max(end, self._consumer.highwater(tp) or 0),
            # Faust keeps the offset it committed last.
            committed=self._consumer._committed_offset[tp],  # noqa: SLF001
            taken=thread.taken.get(tp),
            next_fetch=thread.next_fetch(tp),
        )
