"""What stands between an agent's loop body and Faust, which acknowledges whatever leaves the body."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import faust
import structlog

from streams.agents import store
from streams.ops.processes import exit_now

log = structlog.get_logger(__name__)


def withhold(batch: Sequence[faust.EventT[Any]]) -> None:
    """Keep Faust from acknowledging a batch: to it, these records have been acknowledged already."""
    for event in batch:
        event.message.acked = True


def stop_on(error: Exception, *, tables: Path) -> NoReturn:
    """End the process at once: the batch was not finished, and no later one may be acknowledged before it."""
    if isinstance(error, store.StoreFailed):
        store.failed(tables)
    log.critical("a batch failed; stopping before it is acknowledged", exc_info=error)
    exit_now(1)
