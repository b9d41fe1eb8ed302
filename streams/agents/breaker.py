"""The breaker: when most of the last records became dead letters, the fault is likely not theirs."""

from __future__ import annotations

from collections import deque

_WINDOW = 1000


class Breaker:
    """Stops the worker when too many of the last records became dead letters."""

    def __init__(self, *, count: int, share: float) -> None:
        """Trip at ``count`` dead letters that are at least ``share`` of the last records."""
        self._count, self._share = count, share
        self._last: deque[bool] = deque(maxlen=max(_WINDOW, count))

    def record(self, *, failed: bool) -> bool:
        """Note a record's fate; return True when the worker must stop."""
        self._last.append(failed)
        return failed and self._is_tripped()

    def failed_after_all(self) -> bool:
        """Note that a record which was counted as done became a dead letter, as the broker refused it."""
        done = next((n for n in reversed(range(len(self._last))) if not self._last[n]), None)
        if done is not None:
            self._last[done] = True
        return self._is_tripped()

    def _is_tripped(self) -> bool:
        dead = sum(self._last)
        return dead >= self._count and dead >= self._share * len(self._last)
