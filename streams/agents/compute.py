"""The compute pool: processes that run the stages, each record with a deadline and a memory cap.

Records go to the pool in chunks, because a hand-over costs more than a short stage. When a chunk
runs late or ends its process, its records run again one by one: only the one that did it fails.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import resource
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool

from streams.agents import forkserver
from streams.agents.work import Failed, Item, Result
from streams.corrections import NONE, Corrections
from streams.ops.metrics import Metrics
from streams.ops.processes import die_with_parent
from streams.parse import Limits

T = TypeVar("T")

log = structlog.get_logger(__name__)

# A chunk gets this share of a record's deadline, its records one by one the rest.
_CHUNK_SHARE = 0.25
_CHUNK_ITEMS = 32
_CHUNK_BYTES = 2 * 1024 * 1024
# So many pools may break under one hand-over before the worker ends.
_POOLS = 3
# Seconds between looks at a pool, and those beyond a record's deadline after which it stands still.
_LOOK, _GRACE = 1.0, 30.0


def _prepare(memory: int, corrections: Corrections) -> None:
    die_with_parent()
    # Ctrl-C is for the process that owns the pool.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from streams.agents.tasks import make_ready  # noqa: PLC0415  (compute processes alone load the stages)

    # Before its first record: else what that takes would be taken from the record's deadline.
    make_ready(corrections)


def _compute(stage: str, items: Sequence[Item], limits: Limits, corrections: Corrections) -> list[Result]:
    from streams.agents.tasks import run_chunk  # noqa: PLC0415  (compute processes alone load the stages)

    return run_chunk(stage, items, limits, corrections)


def chunks(items: Sequence[Item], processes: int) -> Iterator[slice]:
    """Yield the slices that spread the items over the processes, bounded in number and bytes."""
    size = max(1, min(_CHUNK_ITEMS, -(-len(items) // processes)))
    start = held = 0
    for index, item in enumerate(items):
        if index > start and (index - start >= size or held + len(item.value) > _CHUNK_BYTES):
            yield slice(start, index)
            start, held = index, 0
        held += len(item.value)
    if items:
        yield slice(start, len(items))


class ComputePool:
    """A pool of compute processes. May be awaited by several agents at once; never raises for a record."""

    def __init__(
        self,
        *,
        processes: int,
        deadline: float,
        memory: int,
        limits: Limits,
        metrics: Metrics,
        corrections: Corrections = NONE,
        preload: str = forkserver.WARM,
        goes_on: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Start the processes: forked from a server that has imported the module ``preload``.

        ``goes_on`` hears the stage whenever some of a batch's records are done, or given up.

        Raises:
            ConfigurationError: the folder for temporary files cannot hold the server's socket.
        """
        self._context = forkserver.start(preload)
        self._processes = processes
        self._memory = memory
        #: What records are coded with from now on.
        self.corrections = corrections
        self._pool = self._new_pool()
        self._moved = 0.0
        self._deadline = deadline
        self._limits = limits
        self._metrics = metrics
        self._goes_on = goes_on

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._processes,
            initializer=_prepare,
            initargs=(self._memory, self.corrections),
            context=self._context,
        )

    async def warm(self) -> None:
        """Return when every process answers."""
        await asyncio.gather(*(self._code("enrich", [], timeout=120) for _ in range(self._processes)))

    def take(self, corrections: Corrections) -> None:
        """Code with these from now on, in new processes; what is under way ends in the old ones."""
        before, self.corrections = self._pool, corrections
        self._pool = self._new_pool()
        self._moved = asyncio.get_running_loop().time()
        threading.Thread(target=_finish, args=(before,), daemon=True).start()

    async def run(self, stage: str, items: Sequence[Item]) -> list[Result]:
        """Run a stage on the records; one result for each, in order."""
        parts = list(chunks(items, self._processes))
        done = await asyncio.gather(*(self._run_chunk(stage, items[part]) for part in parts))
        return [result for part in done for result in part]

    async def _run_chunk(self, stage: str, items: Sequence[Item]) -> list[Result]:
        # One record alone too is tried twice: what killed its process may have come from outside.
        with contextlib.suppress(TimeoutError, ProcessExpired):
            return await self._code(stage, items, timeout=self._deadline * _CHUNK_SHARE)
        return list(await asyncio.gather(*(self._run_single(stage, item) for item in items)))

    async def _run_single(self, stage: str, item: Item) -> Result:
        timeout = self._deadline * (1 - _CHUNK_SHARE)
        try:
            (result,) = await self._code(stage, [item], timeout=timeout)
        except TimeoutError:
            self._metrics.compute_restarts.labels(reason="deadline").inc()
            return Failed(
                "DeadlineExceeded", f"{stage} was stopped after {timeout:g} s of work on this record", ""
            )
        except ProcessExpired as error:
            self._metrics.compute_restarts.labels(reason="crash").inc()
            return Failed("ComputeCrashed", f"{stage} ended its process on this record: {error}", "")
        return result

    async def _code(self, stage: str, items: Sequence[Item], *, timeout: float) -> list[Result]:
        # Pages are parsed without any: then nothing of them is passed on.
        corrections = NONE if stage == "parse" else self.corrections
        try:
            return await self.submit(_compute, stage, items, self._limits, corrections, timeout=timeout)
        finally:
            self._goes_on(stage)

    async def submit(self, task: Callable[..., T], *args: object, timeout: float) -> T:
        """Run a function in a process of the pool.

        Raises:
            TimeoutError, ProcessExpired: it ran too long, or ended its process.
            RuntimeError: the pool broke again and again.
        """
        for _ in range(_POOLS):
            pool = self._pool
            try:
                return await self._submit_to(pool, task, args, timeout=timeout)
            except RuntimeError as error:
                # The pool itself is broken: pebble gives up when a process that has no task is killed, or
                # the server that makes them; and stands still when it was killed with a lock in its hands.
                log.warning("the compute pool broke and is made again", error=repr(error))
                self._replace(pool)
        raise RuntimeError(f"the compute pool broke {_POOLS} times in a row")

    def _replace(self, broken: ProcessPool) -> None:
        """Make a new pool, unless another batch has done so."""
        if self._pool is broken:
            self._metrics.compute_restarts.labels(reason="broken").inc()
            self._pool = self._new_pool()
            self._moved = asyncio.get_running_loop().time()
            # Waits for the old processes to end; nobody needs to wait for that.
            threading.Thread(target=_discard, args=(broken,), daemon=True).start()

    async def _submit_to(
        self, pool: ProcessPool, task: Callable[..., T], args: Sequence[object], *, timeout: float
    ) -> T:
        future = pool.schedule(task, args=list(args), timeout=timeout)
        result: asyncio.Future[T] = asyncio.wrap_future(future)
        loop = asyncio.get_running_loop()
        started = loop.time()
        while not result.done():
            await asyncio.wait({result}, timeout=_LOOK)
            # Whatever a process does ends within the deadline; when nothing ends, nothing is being done.
            if not result.done() and loop.time() - max(started, self._moved) > self._deadline + _GRACE:
                future.cancel()  # type: ignore[no-untyped-call]
                raise RuntimeError("the pool stands still")
        self._moved = loop.time()
        try:
            return result.result()
        except concurrent.futures.TimeoutError as error:
            raise TimeoutError from error

    def stop(self) -> None:
        """End the processes at once; unfinished records were not acknowledged."""
        _discard(self._pool)


def _finish(pool: ProcessPool) -> None:
    pool.close()  # type: ignore[no-untyped-call]  # as below
    pool.join()


def _discard(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble types only what is called often
    pool.join()
