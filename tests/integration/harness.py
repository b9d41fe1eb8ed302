"""What the behaviour suite needs: a worker process, pages with known documents, and readers."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord

from streams import pipeline
from streams.broker.client import admin_client, producer, reader
from streams.broker.progress import STAGE_TOPICS, offsets, wait_until_done
from streams.headers import Header
from streams.parse import Page
from streams.records import Document, Event
from streams.settings import Settings, as_environment

ROOT = Path(__file__).parents[2]
# Only what fails waits for as long: a busy machine takes ten times as long as a quiet one.
PATIENCE = 240.0
#: Of the events that the worker of newer.py sends.
NEWER_VERSION = "9999.0.0+newer"
FETCHED = "2026-03-04T08:00:00.000Z"


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: it did not come true in time; the message names it.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            while not await condition():
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise TimeoutError(f"waited {PATIENCE:g} s for: {what}") from error


@dataclass
class WorkerProcess:
    """A worker in a process of its own."""

    settings: Settings
    log: Path
    program: Sequence[str] = ("-m", "streams", "worker")
    process: subprocess.Popen[bytes] | None = None
    web: str = ""
    _readers: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        self.web = ""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.program],
                env=os.environ | as_environment(self.settings) | {"DATELINE_SUPERVISED": "1"},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        thread = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        thread.start()
        self._readers.append(thread)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.web = orjson.loads(line)["web"]

    async def ready(self) -> None:
        async def told() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            return bool(self.web)

        await until(told, "the worker to be ready")

    async def start_ready(self) -> None:
        self.start()
        await self.ready()

    def kill(self) -> None:
        """kill -9, and take the body away."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, as an orchestrator stops a worker; return the exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(timeout=30)
        finally:
            self.process.kill()
            self.process.wait()
            for thread in self._readers:
                thread.join()
        return status

    def get(self, path: str, *, accept: str = "*/*") -> tuple[int, str]:
        """Ask the worker's operations port."""
        request = urllib.request.Request(f"{self.web}{path}", headers={"Accept": accept})  # noqa: S310  (loopback)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  (loopback)
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


def page(site: str, name: str, *, teasers: Iterable[tuple[str, str]] = (), text: str | None = None) -> Page:
    """A news page with one article and some teasers; equal arguments give equal bytes."""
    story = text or (
        f"Russian Foreign Minister Sergey Lavrov met Chinese Foreign Minister Wang Yi for talks on "
        f"matter {name} in Beijing on Tuesday. The two ministers signed an agreement, the ministry said."
    )
    cards = "".join(
        f'<li class="teaser"><a href="/t/{n}"><h3>{headline}</h3></a><p>{summary}</p></li>'
        for n, (headline, summary) in enumerate(teasers)
    )
    more = (
        "The two sides discussed cooperation in energy, transport and culture at length, officials said. " * 3
    )
    html = (
        f"<!doctype html><html lang=en><head><title>{name}</title></head><body><main><article>"
        f"<h1>Lavrov and Wang Yi hold talks on matter {name}</h1><p>{story}</p><p>{more}</p>"
        f"<p>Both governments said that they would meet again about matter {name} before the summer.</p>"
        f"</article></main><section><h2>More news</h2><ul>{cards}</ul></section></body></html>"
    )
    return Page.from_bytes(
        html.encode(),
        url=f"https://{site}/{name}",
        content_type="text/html; charset=utf-8",
        fetched_at=datetime.fromisoformat(FETCHED).astimezone(UTC),
    )


def headers_of(one: Page) -> list[Header]:
    return [
        ("url", one.url.encode()),
        ("content-type", one.content_type.encode()),
        ("fetched-at", FETCHED.encode()),
    ]


@dataclass(frozen=True)
class Expected:
    """What pages must end as, computed without Kafka."""

    documents: dict[str, Document]
    events: dict[str, Event]

    @classmethod
    def of(cls, pages: Iterable[Page]) -> Expected:
        documents: dict[str, Document] = {}
        events: dict[str, Event] = {}
        for one in pages:
            found, coded = pipeline.code(one)
            documents |= {d.document_id: d for d in found}
            events |= {e.event_id: e for e in coded}
        return cls(documents, events)


@dataclass
class Cluster:
    """The topics of one test on a broker."""

    settings: Settings

    async def send(self, pages: Iterable[Page]) -> None:
        """Put pages onto pages.raw as bytes with headers, and wait for the broker."""
        await self.send_raw((one.url.split("/")[2].encode(), one.body, headers_of(one)) for one in pages)

    async def send_raw(self, records: Iterable[tuple[bytes | None, bytes | None, list[Header]]]) -> None:
        """Put records onto pages.raw as they are."""
        async with producer(self.settings) as client:
            futures = [
                await client.send(self.settings.topic("pages.raw"), value, key=key, headers=headers)
                for key, value, headers in records
            ]
            await asyncio.gather(*futures)

    async def finished(self, *, check: Callable[[], None] = lambda: None) -> None:
        """Wait until the group has finished every record on every topic."""
        async with asyncio.timeout(PATIENCE):
            async with admin_client(self.settings) as admin, reader(self.settings, *STAGE_TOPICS) as client:
                await wait_until_done(admin, client, self.settings, every=0.05, check=check)

    async def records(self, *names: str) -> list[ConsumerRecord[bytes, bytes]]:
        """Everything that stands on the topics now."""
        found: list[ConsumerRecord[bytes, bytes]] = []
        for name in names:
            async with reader(self.settings, name, from_start=True) as client:
                found += [record async for record in _standing(client, self.settings.topic(name))]
        return found

    async def dateline(self, *arguments: str | Path, **variables: str) -> tuple[int, str, str]:
        """Run ``dateline`` to its end, beside the test's own loop: status, output and words."""

        def run() -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", "streams", *arguments],
                env=os.environ | as_environment(self.settings) | variables,
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )

        done = await asyncio.to_thread(run)
        return done.returncode, done.stdout, done.stderr

    async def events(self) -> list[ConsumerRecord[bytes, bytes]]:
        return await self.records("events.diplomacy", "events.military", "events.trade")

    @asynccontextmanager
    async def following(self, *names: str) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
        """Read topics while they grow; the value waits until so many records have come."""
        async with reader(self.settings, *names, from_start=True) as client:
            count = 0

            async def at_least(number: int) -> None:
                nonlocal count
                async with asyncio.timeout(PATIENCE):
                    while count < number:
                        count += sum(map(len, (await client.getmany(timeout_ms=100)).values()))

            yield at_least


async def _standing(client: AIOKafkaConsumer, topic: str) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    first, end = await offsets(client, topic)
    left = sum(end[p] - first[p] for p in end)
    async with asyncio.timeout(PATIENCE):
        while left:
            for records in (await client.getmany(timeout_ms=200)).values():
                for record in records:
                    if record.offset < end[record.partition]:
                        left -= 1
                        yield record


def by_key(records: Iterable[ConsumerRecord[bytes, bytes]]) -> dict[str, set[bytes]]:
    """The compacted view, keeping every value that a key ever had."""
    values: dict[str, set[bytes]] = defaultdict(set)
    for record in records:
        assert record.key is not None
        assert record.value is not None
        values[record.key.decode()].add(record.value)
    return values
