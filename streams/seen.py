"""When a document counts as already emitted: the rule of the ``seen`` table, without the table.

An entry holds the day a document was last seen on a site, and the coder version it was last emitted
for. A page as it comes asks only whether the document was seen lately. A page that a replay sends asks
also for whom: what another coder version emitted is emitted again, once, and what this one did is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is remembered of a document."""

    day: date
    coder: str

    def to_bytes(self) -> bytes:
        """Return it as the table holds it."""
        return f"{self.day.isoformat()} {self.coder}".encode()

    @classmethod
    def from_bytes(cls, value: bytes) -> Entry | None:
        """Read a value of the table; None when it is no entry."""
        try:
            return cls(date.fromisoformat(value[:10].decode("ascii")), value[11:].decode("utf-8", "replace"))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class SeenRule:
    """How long a document is remembered, and for which coder."""

    days: int
    coder: str

    def is_seen(self, entry: Entry | None, day: date, *, replayed: bool) -> bool:
        """Tell whether a document on a page of this day was emitted before."""
        if entry is None:
            return False
        if not replayed:
            return abs(day - entry.day) <= timedelta(days=self.days)
        # The past is replayed into a table that may know today.
        return entry.coder == self.coder and day - entry.day <= timedelta(days=self.days)

    def renewed(self, entry: Entry | None, day: date, *, emitted: bool) -> Entry | None:
        """Return the entry to write for a document on a page of this day; None where the old one stays.

        A document that stays on a site is written again only now and then, not for every page.
        """
        if entry is None:
            return Entry(day, self.coder)
        late = day - entry.day >= timedelta(days=max(1, self.days // 4))
        if emitted and (late or entry.coder != self.coder):
            return Entry(max(day, entry.day), self.coder)
        return Entry(day, entry.coder) if late else None


def day_of(timestamp: float) -> date:
    """Return the UTC day of a record's timestamp in seconds; an absurd one is the epoch."""
    try:
        return datetime.fromtimestamp(timestamp, UTC).date()
    except (OverflowError, ValueError, OSError):
        return _EPOCH
