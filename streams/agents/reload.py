"""An operator's tables in a running worker: noticed when they change, checked, and taken between two chunks.

The event loop only waits: the folder is looked at in a thread, the tables are checked in a compute process,
and new compute processes read them before their first record.
What is wrong is refused with a line of the log, and what coded before goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog
from pebble import ProcessExpired

from streams import checking
from streams.agents.compute import ComputePool
from streams.classify import coder_version
from streams.corrections import NONE, Corrections, Stamp, read, stamp
from streams.errors import ConfigurationError

log = structlog.get_logger(__name__)

_LOOK = 2.0
# A check reads the tables as a compute process does, which must be done before the pool takes that for a
# standstill (compute.py).
_CHECK = 30.0


class Reloader:
    """Keeps the pool coding with the tables that stand in the operator's folder."""

    def __init__(self, folder: Path | None, pool: ComputePool, taken: Callable[[str], None]) -> None:
        """Watch a folder; ``taken`` is told the coder's version when other tables are taken."""
        self._folder, self._pool, self._taken = folder, pool, taken
        self._asked = asyncio.Event()
        self._read_at: Stamp | None = None

    async def start(self) -> None:
        """Take the tables as they are.

        Raises:
            ConfigurationError: they cannot be coded with; a worker does not start without what it was given.
        """
        if self._folder is not None:
            # Before reading: what changes while it is read is read again.
            self._read_at = await self._stamp()
            await self._take(await asyncio.to_thread(read, self._folder))

    def look_now(self) -> None:
        """Look at the folder at once, as SIGHUP asks for."""
        self._asked.set()

    async def follow(self) -> None:
        """Take the tables whenever they have changed and then stand still for one look; never raises."""
        if self._folder is None:
            return
        seen = self._read_at
        while True:
            asked = await self._wait()
            now = await self._stamp()
            # A file that is being written is looked at once more, unless someone says that it is complete.
            settled, seen = now == seen, now
            if now != self._read_at and (settled or asked):
                self._read_at = now
                await self._try()

    async def _wait(self) -> bool:
        try:
            async with asyncio.timeout(_LOOK):
                await self._asked.wait()
        except TimeoutError:
            return False
        self._asked.clear()
        return True

    async def _stamp(self) -> Stamp | None:
        assert self._folder is not None
        try:
            return await asyncio.to_thread(stamp, self._folder)
        except OSError:
            return None

    async def _try(self) -> None:
        try:
            await self._take(await asyncio.to_thread(read, self._folder))
        except ConfigurationError as error:
            # The message says what to do; a traceback would hide it.
            log.error("changed tables are refused; the old ones stay", error=str(error))  # noqa: TRY400

    async def _take(self, corrections: Corrections) -> None:
        if corrections == self._pool.corrections:
            return
        if corrections != NONE:
            try:
                found = await self._pool.submit(checking.problems, corrections, timeout=_CHECK)
            except (TimeoutError, ProcessExpired, RuntimeError) as error:
                raise ConfigurationError(f"{self._folder}: cannot be checked: {error!r}") from error
            checking.refuse(found, self._folder)
        self._pool.take(corrections)
        version = coder_version(corrections)
        self._taken(version)
        log.info("tables taken", folder=str(self._folder), files=len(corrections.files), coder=version)
