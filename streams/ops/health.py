"""Whether a worker is alive and ready, judged from another thread than the one that is judged.

A blocked event loop cannot answer for itself, so the loop and the stages leave marks here, and
the web thread reads their age.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator


class Health:
    """Marks left by the event loop and the stages. Safe to use from several threads."""

    def __init__(
        self, *, loop_limit: float, batch_limit: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Call it stalled when the loop is silent, or a batch does not go on, for longer than its limit.

        Limits are in seconds. A batch goes on when some of its records are done.
        """
        self._loop_limit, self._batch_limit, self._clock = loop_limit, batch_limit, clock
        self._lock = threading.Lock()
        self._last_beat = clock()
        self._went_on: dict[str, float] = {}
        #: When the batch of each stage began, and how long its last one took.
        self._began: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._not_ready = "starting"
        self._standing = 0.0

    def beat(self) -> None:
        """The event loop turned."""
        with self._lock:
            self._last_beat = self._clock()

    def set_ready(self, reason_not: str = "") -> None:
        """Say that the worker takes records, or why it does not."""
        with self._lock:
            self._not_ready = reason_not

    def standing(self, seconds: float) -> None:
        """Say for how long a partition has had records waiting and none committed."""
        with self._lock:
            self._standing = seconds

    @contextlib.contextmanager
    def busy(self, stage: str) -> Iterator[None]:
        """Mark a stage as working on a batch."""
        with self._lock:
            self._began[stage] = self._went_on[stage] = self._clock()
        try:
            yield
        finally:
            with self._lock:
                self._took[stage] = self._clock() - self._began.pop(stage)
                self._went_on.pop(stage)

    def goes_on(self, stage: str) -> None:
        """Say that a stage is done with some records of its batch."""
        with self._lock:
            if stage in self._went_on:
                self._went_on[stage] = self._clock()

    def not_alive(self) -> str:
        """Return why the worker is stalled, or an empty string."""
        now = self._clock()
        with self._lock:
            silent = now - self._last_beat
            if silent > self._loop_limit:
                return f"the event loop has not turned for {silent:.0f} s"
            for stage, since in self._went_on.items():
                if now - since > self._batch_limit:
                    return f"{stage} has not gone on with its batch for {now - since:.0f} s"
            # Offsets are committed batch by batch.
            longest = max(
                (*self._took.values(), *(now - began for began in self._began.values())), default=0.0
            )
            if self._standing > self._batch_limit + longest:
                return f"a partition with records waiting has committed none for {self._standing:.0f} s"
        return ""

    def not_ready(self) -> str:
        """Return why the worker takes no records, or an empty string."""
        with self._lock:
            waiting = self._not_ready
        return waiting or self.not_alive()
