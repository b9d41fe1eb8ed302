"""Faust's table recovery with the signal of its end mended.

Faust clears the signal at every turn of the loop that reads changelogs. When the last entry comes before the
end is waited for, the signal is gone by then, and is not given again: the worker has its partitions, says
that it recovers, and stands still until the next rebalance.
"""

from __future__ import annotations

import asyncio
from typing import Any


class LastingSignal(asyncio.Event):
    """Stays set until :meth:`begin`, whoever clears it."""

    def clear(self) -> None:
        """Do nothing."""

    def begin(self) -> None:
        """Take the signal back: a recovery starts."""
        super().clear()


def keep_signal(recovery: Any) -> None:
    """Let Faust's ``Recovery`` use a lasting signal; before it is started."""
    signal = LastingSignal()
    recovery._signal_recovery_end = signal  # noqa: SLF001  (Faust has no setting for it)
    started = recovery._set_recovery_started  # noqa: SLF001

    def begin() -> None:
        signal.begin()
        started()

    recovery._set_recovery_started = begin  # noqa: SLF001
