"""One behaviour suite, two brokers: each test has its own topics and group, and runs on both."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import admin_client, wait_for_broker
from streams.broker.embedded import EmbeddedBroker
from streams.settings import Settings
from tests.integration.harness import ROOT, Cluster, WorkerProcess

MakeWorker = Callable[..., WorkerProcess]


@pytest.fixture(scope="session")
def embedded_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    broker = EmbeddedBroker(tmp_path_factory.mktemp("embedded"))
    asyncio.run(wait_for_broker(settings_module.load(brokers=broker.address, connect_timeout=20.0)))
    yield broker.address
    broker.stop()


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    """An embedded broker of this test's own, which may be paused or killed."""
    broker = EmbeddedBroker(tmp_path / "broker")
    yield broker
    broker.process.send_signal(signal.SIGCONT)
    broker.stop()


@pytest.fixture(scope="session")
def kafka_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Apache Kafka keeps its logs."""
    return tmp_path_factory.mktemp("kafka")


@pytest.fixture(scope="session")
def kafka_address(kafka_folder: Path) -> Iterator[str]:
    missing = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    if missing and os.environ.get("DATELINE_REQUIRE_KAFKA") != "1":
        pytest.skip(f"Apache Kafka needs {' and '.join(missing)}")
    folder = kafka_folder
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [ROOT / "deploy" / "kafka" / "start", "--data-dir", folder, "--die-with-parent"],
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    with process.stdout:
        address = process.stdout.readline().decode().strip()
    try:
        assert address, (folder / "server.log").read_text()
        asyncio.run(wait_for_broker(settings_module.load(brokers=address, connect_timeout=60.0)))
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def address(request: pytest.FixtureRequest) -> str:
    """The address of each broker in turn."""
    found: str = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
async def cluster(address: str, tmp_path: Path) -> AsyncIterator[Cluster]:
    """Topics and a group of this test's own, removed at its end."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    settings = settings_module.load(
        brokers=address,
        topic_prefix=f"{name}.",
        group=name,
        data_dir=tmp_path,
        compute_processes=2,
        web_port=0,
        session_timeout=6.0,
        commit_interval=0.2,
        connect_timeout=30.0,
        page_deadline=4.0,
        log_format="console",
    )
    await topics.create(settings)
    yield Cluster(settings)
    async with admin_client(settings) as admin:
        await admin.delete_topics([settings.topic(t) for t in topics.load().topics])


@pytest.fixture
def make_worker(cluster: Cluster, tmp_path: Path) -> Iterator[MakeWorker]:
    """Makes workers that end with the test."""
    made: list[WorkerProcess] = []

    def make(
        *, faulty: bool = False, stalling: bool = False, newer: bool = False, **changes: object
    ) -> WorkerProcess:
        settings: Settings = cluster.settings.model_copy(update=changes)
        kinds = {"faulty": faulty, "stalling": stalling, "newer": newer}
        odd = [f"tests.integration.{name}" for name, wanted in kinds.items() if wanted]
        program = ("-m", *odd) if odd else ("-m", "streams", "worker")
        worker = WorkerProcess(settings, tmp_path / f"worker-{len(made)}.log", program)
        made.append(worker)
        return worker

    yield make
    for worker in made:
        worker.stop()
