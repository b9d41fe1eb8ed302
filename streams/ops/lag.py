"""How far behind each partition is, in records and in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

#: Topic and partition.
Place = tuple[str, int]


class Lag(NamedTuple):
    """What one partition has waiting."""

    records: int
    seconds: float


class LagWatch:
    """Turns committed and end offsets, and the timestamps of finished records, into lag.

    A partition with nothing waiting is not behind. Otherwise it is behind by the time since its last
    finished record was written, or since nothing waited, whichever is shorter: a replay of old
    records to an idle topic is not days behind, and a backlog that a worker starts with is.
    """

    def __init__(self) -> None:
        """Start with nothing known."""
        self._finished: dict[Place, float] = {}
        self._reached: dict[Place, float] = {}
        self._met: dict[Place, float] = {}

    def finished(self, place: Place, timestamp: float) -> None:
        """Note the timestamp, in seconds, of a record that a stage finished."""
        self._finished[place] = max(timestamp, self._finished.get(place, timestamp))

    def look(self, offsets: Mapping[Place, tuple[int, int]], now: float) -> dict[Place, Lag]:
        """Take the committed and the end offset of each partition; return what each has waiting."""
        for known in (self._finished, self._reached, self._met):
            for gone in known.keys() - offsets.keys():
                del known[gone]
        return {place: self._lag(place, done, end, now) for place, (done, end) in offsets.items()}

    def _lag(self, place: Place, committed: int, end: int, now: float) -> Lag:
        met = self._met.setdefault(place, now)
        if committed >= end:
            self._reached[place] = now
            return Lag(0, 0.0)
        known = [since[place] for since in (self._finished, self._reached) if place in since]
        return Lag(end - committed, max(0.0, now - max(known, default=met)))
