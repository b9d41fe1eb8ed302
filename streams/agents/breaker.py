"""The breaker: when most of the last records became dead letters, the fault is likely not theirs."""

from __future__ import annotations

from collections import deque
from pathlib import Path

_WINDOW = 1000
#: So many dead letters are enough where the breaker tripped before: fewer than a batch, so that one of which
#: all fail is not acknowledged.
_ON_TRIAL = 8


class Breaker:
    """Stops the worker when too many of the last records became dead letters.

    Whoever watches the worker starts it again, with a fresh window: each life would dead-letter as much as
    the first. So a file tells the next life that the breaker tripped. It then trips at few dead letters,
    until as many records have passed as it needs otherwise.
    """

    def __init__(self, *, count: int, share: float, marker: Path | None = None) -> None:
        """Trip at ``count`` dead letters that are at least ``share`` of the last records.

        ``marker`` is the file; without one, nothing is told to a next life.
        """
        self._count, self._share, self._marker = count, share, marker
        self._last: deque[bool] = deque(maxlen=max(_WINDOW, count))
        self.on_trial = marker is not None and marker.exists()

    def record(self, *, failed: bool) -> bool:
        """Note a record's fate; return True when the worker must stop."""
        self._last.append(failed)
        tripped = failed and self._is_tripped()
        if self.on_trial and not tripped and len(self._last) >= self._count:
            self._acquit()
        return tripped

    def failed_after_all(self) -> bool:
        """Note that a record which was counted as done became a dead letter, as the broker refused it."""
        done = next((n for n in reversed(range(len(self._last))) if not self._last[n]), None)
        if done is not None:
            self._last[done] = True
        return self._is_tripped()

    def tell(self) -> None:
        """Tell the next life of this worker that the breaker tripped.

        Raises:
            OSError: the file cannot be written.
        """
        if self._marker is not None:
            self._marker.parent.mkdir(parents=True, exist_ok=True)
            self._marker.touch()

    def _acquit(self) -> None:
        assert self._marker is not None
        self.on_trial = False
        self._marker.unlink(missing_ok=True)

    def _is_tripped(self) -> bool:
        dead = sum(self._last)
        count = min(self._count, _ON_TRIAL) if self.on_trial else self._count
        return dead >= count and dead >= self._share * len(self._last)
