"""What faults happen to: brokers, workers that are kept running, load; and how recovery is seen."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import TopicPartition
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import admin_client, reader, wait_for_broker
from streams.broker.progress import STAGE_TOPICS, offsets
from streams.errors import BrokerUnavailable
from streams.settings import MIB, Settings, as_environment
from tests.faults.brokers import Brokers
from tests.faults.clock import Clock
from tests.faults.load import Load
from tests.integration.harness import ROOT

SLOTS = 2
SESSION_TIMEOUT = 6.0
_STORE_BYTES = 48 * MIB
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Slot:
    """A place for a worker; the keeper starts it again whenever it ends, unless ``down``."""

    settings: Settings
    log: Path
    process: subprocess.Popen[bytes] | None = None
    down: bool = False
    ready: bool = False
    starts: int = 0
    statuses: list[int] = field(default_factory=list)

    @property
    def tables(self) -> Path:
        return self.settings.slot_dir / "tables"

    def start(self, clock: Clock) -> None:
        self.ready = False
        self.starts += 1
        environment = (
            os.environ | as_environment(self.settings) | clock.environment | {"DATELINE_SUPERVISED": "1"}
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streams", "worker"],
                env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)

    def look(self) -> None:
        """See whether the worker has said that it is ready."""
        assert self.process is not None
        assert self.process.stdout is not None
        if not self.ready and not self.process.stdout.closed:
            self.ready = bool(self.process.stdout.read())

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.end()

    def end(self) -> None:
        """Take the body away."""
        assert self.process is not None
        self.statuses.append(self.process.wait())
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        self.ready = False

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class World:
    """Everything of one run."""

    def __init__(self, folder: Path, chance: random.Random, *, rate: float) -> None:
        self.folder, self.chance = folder, chance
        self.brokers = Brokers(folder)
        self.clock = Clock(folder)
        #: When a fault that sees to it itself was recovered from.
        self.recovered = 0.0
        self._rate = rate
        self._keeper: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[World]:
        """Start everything, and end it."""
        await self.brokers.start()
        mounted: list[Path] = []
        self.settings = settings_module.load(
            brokers=self.brokers.address,
            group="faults",
            topic_prefix="faults.",
            data_dir=self.folder / "data",
            compute_processes=1,
            page_batch=8,
            document_batch=32,
            web_port=0,
            session_timeout=SESSION_TIMEOUT,
            commit_interval=0.5,
            connect_timeout=60.0,
            log_format="json",
        )
        try:
            await wait_for_broker(self.settings)
            await self._create_topics()
            self.slots = [self._slot(number) for number in range(SLOTS)]
            mounted = [slot.settings.slot_dir for slot in self.slots if _mount(slot.settings.slot_dir)]
            self.has_small_disks = len(mounted) == SLOTS
            for slot in self.slots:
                slot.start(self.clock)
            self._keeper = asyncio.create_task(self._keep())
            await self.all_ready()
            self.load = Load(self.settings, self.chance, self._rate)
            self.load.start()
            yield self
        finally:
            await self._end(mounted)

    async def _end(self, mounted: list[Path]) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        for slot in getattr(self, "slots", []):
            if slot.process:
                slot.kill()
        await self.brokers.stop()
        for folder in mounted:
            _libc.umount2(str(folder).encode(), 2)

    async def _create_topics(self) -> None:
        async with asyncio.timeout(60):
            while True:
                try:
                    await topics.create(self.settings, replication=3)
                except (KafkaError, OSError, BrokerUnavailable):
                    await asyncio.sleep(0.5)
                else:
                    return

    def _slot(self, number: int) -> Slot:
        own = self.settings.model_copy(update={"slot": number})
        return Slot(own, self.folder / f"worker-{number}.log")

    async def _keep(self) -> None:
        """Do what an orchestrator does: start again what ended, after a moment."""
        while True:
            for slot in self.slots:
                if slot.process is not None and slot.process.poll() is not None:
                    slot.end()
                if slot.process is None and not slot.down:
                    slot.start(self.clock)
                elif slot.process is not None:
                    slot.look()
            await asyncio.sleep(0.1)

    async def all_ready(self, patience: float = 90.0) -> None:
        async with asyncio.timeout(patience):
            while not all(slot.ready for slot in self.slots if not slot.down):
                await asyncio.sleep(0.05)

    def add_slot(self) -> Slot:
        slot = self._slot(len(self.slots))
        self.slots.append(slot)
        slot.start(self.clock)
        return slot

    async def remove_slot(self, slot: Slot) -> None:
        slot.down = True
        if slot.process:
            slot.process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(20):
                    while slot.running:
                        await asyncio.sleep(0.05)
            if slot.process is not None:
                slot.kill()
        self.slots.remove(slot)

    async def configure_topic(self, name: str, **changes: str) -> None:
        """Set a topic's configuration to its own with changes; underscores stand for dots."""
        config = topics.load().topics[name].config() | {k.replace("_", "."): v for k, v in changes.items()}
        async with asyncio.timeout(60):
            while True:
                try:
                    async with admin_client(self.settings) as admin:
                        resource = ConfigResource(
                            ConfigResourceType.TOPIC, self.settings.topic(name), configs=config
                        )
                        await admin.alter_configs([resource])
                except (KafkaError, OSError):
                    await asyncio.sleep(0.3)
                else:
                    return

    async def ends(self, topic: str) -> dict[int, int]:
        """Return the end offset of each partition, whatever it takes."""
        async with asyncio.timeout(120):
            while True:
                with contextlib.suppress(KafkaError, OSError, TimeoutError):
                    async with asyncio.timeout(10), reader(self.settings, topic) as client:
                        return (await offsets(client, self.settings.topic(topic)))[1]
                await asyncio.sleep(0.2)

    async def through(self, ends: dict[int, int]) -> None:
        """Return when the group has finished what stood on ``pages.raw`` then, on every stage."""
        for topic in STAGE_TOPICS:
            if topic != STAGE_TOPICS[0]:
                ends = await self.ends(topic)
            while not await self._committed_to(topic, ends):
                await asyncio.sleep(0.1)

    async def _committed_to(self, topic: str, ends: dict[int, int]) -> bool:
        name = self.settings.topic(topic)
        try:
            async with asyncio.timeout(10), admin_client(self.settings) as admin:
                while True:
                    found = await admin.list_consumer_group_offsets(self.settings.group)
                    done = {p: found.get(TopicPartition(name, p)) for p in ends}
                    if all(end <= (d.offset if (d := done[p]) else 0) for p, end in ends.items()):
                        return True
                    await asyncio.sleep(0.1)
        except (KafkaError, OSError, TimeoutError):
            return False


def _mount(folder: Path) -> bool:
    """Put a small disk of its own under a folder; False where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={_STORE_BYTES}".encode()
    return bool(_libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, options) == 0)


def fill_disk(folder: Path) -> Path:
    """Leave no byte free on the disk of a folder; the answer is the file to take away."""
    file = folder / "filler"
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(65536))
    with contextlib.suppress(OSError), file.open("ab", buffering=0) as out:
        while True:
            out.write(bytes(512))
    assert shutil.disk_usage(folder).free < 4096
    return file


def now() -> float:
    return time.monotonic()
