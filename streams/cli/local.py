"""The process tree of ``dateline up``: broker, workers, ingest and display, from start to end."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from streams import samples
from streams.agents.supervisor import Supervisor
from streams.broker import topics
from streams.broker.client import admin_client, reader, wait_for_broker
from streams.broker.embedded import EmbeddedBroker, free_port
from streams.broker.progress import STAGE_TOPICS, wait_until_done
from streams.cli import pages
from streams.cli.display import JsonDisplay, TableDisplay
from streams.cli.ingest import send
from streams.cli.summary import Summary, scrape
from streams.errors import ConfigurationError
from streams.headers import PAGE_TIME, DeadLetter, text, whole_number
from streams.records import EVENT_CLASSES
from streams.settings import Settings

_KAFKA_PORT = 9092
_STOP_WORKERS, _STOP_BROKER = 3.0, 1.5
_STANDS_STILL = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asked for."""

    paths: tuple[str, ...]
    once: bool
    #: Whether data stays in the data folder, or goes with a temporary one.
    keep: bool
    as_json: bool
    command_dir: Path


def run(settings: Settings, options: Options) -> int:
    """Run until all is processed (``once``) or Ctrl-C; return the exit status.

    Raises:
        Fatal: the broker or a worker could not be kept running.
    """
    sources = _sources(options)
    with _folder(options) as folder:
        broker = EmbeddedBroker(folder / "broker", port=_KAFKA_PORT)
        ports = _web_ports(settings)
        here = settings.model_copy(
            update={"brokers": broker.address, "data_dir": folder, "commit_interval": 0.2}
        )
        workers = Supervisor(here, log_dir=folder / "logs", web_ports=ports)
        try:
            return asyncio.run(_Local(here, options, workers, sources).run())
        except KeyboardInterrupt:
            return 0
        finally:
            workers.stop(timeout=_STOP_WORKERS)
            broker.stop(timeout=_STOP_BROKER)


def _sources(options: Options) -> Iterator[pages.Source]:
    if not options.paths:
        return (pages.from_page(page, f"sample {number}") for number, page in enumerate(samples.load(), 1))
    pages.files(options.paths)  # says at once what is not there
    return pages.read_all(options.paths)


def _web_ports(settings: Settings) -> list[int]:
    ports: list[int] = []
    for slot in range(settings.workers):
        port = free_port(settings.web_port + slot if settings.web_port else 0)
        ports.append(port if port not in ports else free_port(0))
    return ports


@contextlib.contextmanager
def _folder(options: Options) -> Iterator[Path]:
    """Give the data folder, locked, or a temporary one that is removed at the end.

    Raises:
        ConfigurationError: another process uses the folder.
    """
    if not options.keep:
        folder = Path(tempfile.mkdtemp(prefix="dateline-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    folder = options.command_dir / "up"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConfigurationError(
                f"another `dateline up` uses {folder}; choose another --data-dir, or --fresh"
            ) from error
        yield folder


class _Local:
    """One run."""

    def __init__(
        self, settings: Settings, options: Options, workers: Supervisor, sources: Iterator[pages.Source]
    ) -> None:
        self._settings, self._options, self._workers, self._sources = settings, options, workers, sources
        self._summary = Summary()
        self._display = JsonDisplay() if options.as_json else TableDisplay()

    async def run(self) -> int:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await wait_for_broker(self._settings)
        await topics.create(self._settings)
        work = asyncio.create_task(self._work())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if work.done():
            return work.result()
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        return 0

    async def _work(self) -> int:
        self._say("starting …")
        self._workers.start()
        names = (*(f"events.{c}" for c in EVENT_CLASSES), "dead-letters")
        async with reader(self._settings, *names) as events:
            with self._display:
                show = asyncio.create_task(self._show(events))
                run = asyncio.create_task(self._process(events))
                try:
                    # Showing ends only when it fails, as when the reader of our output has gone.
                    await asyncio.wait({show, run}, return_when=asyncio.FIRST_COMPLETED)
                    return run.result() if run.done() else show.result()
                finally:
                    show.cancel()
                    run.cancel()

    async def _process(self, events: AIOKafkaConsumer) -> int:
        async with contextlib.AsyncExitStack() as stack:
            if not self._options.once:
                await self._show_live(stack)
            return await self._take(events)

    async def _show_live(self, stack: contextlib.AsyncExitStack) -> None:
        from streams.web.server import serve  # noqa: PLC0415  (slow to load, and --once has no use for it)

        port = self._settings.live_port
        address = await stack.enter_async_context(serve(self._settings, port=port and free_port(port)))
        self._say(f"live     {address}/")

    async def _take(self, events: AIOKafkaConsumer) -> int:
        await self._wait_ready()
        self._say_where()
        refused = await self._ingest()
        await self._until_done()
        # What the broker confirmed before is on its way: one more round finds it.
        await self._catch_up(events)
        if self._options.once:
            return await self._finish(refused)
        self._say("all pages are processed; Ctrl-C ends it")
        while True:
            self._workers.check()
            await asyncio.sleep(0.5)

    async def _finish(self, refused: int) -> int:
        await scrape(self._summary, self._workers.web_addresses)
        self._display.summary(self._summary)
        if self._options.keep and not self._summary.documents_new and self._summary.documents_seen:
            self._say(f"every document was seen before, says {self._settings.data_dir}; --fresh ignores it")
        return 1 if refused else 0

    async def _show(self, events: AIOKafkaConsumer) -> int:
        dead_letters = self._settings.topic("dead-letters")
        async for message in events:
            if message.topic == dead_letters:
                letter = DeadLetter.from_headers(message.headers)
                self._summary.dead_letter()
                self._display.note(f"dead letter from {letter.stage}: {letter.message}")
            elif message.value is not None:
                name = message.topic.removeprefix(self._settings.topic("events."))
                self._summary.event(name, _latency(message))
                self._display.event(message.value)
        return 1

    async def _wait_ready(self) -> None:
        while not self._workers.ready:
            self._workers.check()
            await asyncio.sleep(0.05)

    def _say_where(self) -> None:
        self._say(f"broker   {self._settings.brokers}")
        for address in self._workers.web_addresses:
            self._say(f"metrics  {address}/metrics   health  {address}/readyz")

    async def _ingest(self) -> int:
        refused = 0
        self._summary.begin()
        async for error in send(self._settings, self._sources):
            if error:
                refused += 1
                self._say(error)
            else:
                self._summary.pages += 1
        return refused

    async def _until_done(self) -> None:
        names = [self._settings.topic(t) for t in STAGE_TOPICS]
        async with admin_client(self._settings) as admin, reader(self._settings, *STAGE_TOPICS) as client:
            assert all(client.partitions_for_topic(name) for name in names)
            await wait_until_done(admin, client, self._settings, every=0.1, check=self._workers.check)
        self._summary.end()

    async def _catch_up(self, events: AIOKafkaConsumer) -> None:
        partitions = events.assignment()
        ends = await events.end_offsets(partitions)
        moved, before = asyncio.get_running_loop().time(), -1
        # The embedded broker may compact the last records of a partition away: its end is then never reached.
        while asyncio.get_running_loop().time() - moved < _STANDS_STILL:
            left = sum([max(0, ends[tp] - await events.position(tp)) for tp in partitions])
            if not left:
                break
            if left != before:
                moved, before = asyncio.get_running_loop().time(), left
            await asyncio.sleep(0.05)
        # The position moves when a record is handed out; one turn of the loop shows it.
        await asyncio.sleep(0)

    def _say(self, words: str) -> None:
        self._display.note(words)


def _latency(message: ConsumerRecord) -> float | None:
    page_time = whole_number(text(dict(message.headers).get(PAGE_TIME)))
    return None if page_time is None else (message.timestamp - page_time) / 1000
