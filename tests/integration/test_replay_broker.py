"""A replay outlives the broker that it sends to: what was confirmed stays, what was not is sent again."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from deploy.kafka.kafka import free_port
from streams import headers as h
from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import wait_for_broker
from streams.settings import Settings, as_environment
from tests.integration.commands import starting
from tests.integration.harness import PATIENCE, ROOT, Cluster, page, until

PAGES = 60


class Broker:
    """Apache Kafka at an address that it keeps."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._ports = folder, (free_port(), free_port())
        self.address = f"127.0.0.1:{self._ports[0]}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        client, controller = map(str, self._ports)
        command = [
            str(ROOT / "deploy" / "kafka" / "start"),
            "--data-dir",
            str(self._folder),
            "--die-with-parent",
        ]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--port", client, "--controller-port", controller],
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def broker(kafka_folder: Path, kafka_address: str, tmp_path: Path) -> Iterator[Broker]:  # noqa: ARG001
    # The shared broker was started before, or this test is skipped.
    made = Broker(tmp_path)
    yield made
    made.kill()


def _settings(broker: Broker, folder: Path) -> Settings:
    return settings_module.load(brokers=broker.address, data_dir=folder, connect_timeout=PATIENCE)


@pytest.mark.kafka
async def test_a_replay_goes_on_when_its_broker_comes_back(broker: Broker, tmp_path: Path) -> None:
    broker.start()
    live = Cluster(_settings(broker, tmp_path / "data"))
    await wait_for_broker(live.settings)
    await topics.create(live.settings)
    await live.send(page("one.example", str(n)) for n in range(PAGES))
    archive = tmp_path / "pages"
    assert (await live.dateline("archive", "add", archive))[0] == 0
    states = live.settings.data_dir / "replays"

    async def under_way() -> bool:
        return any(orjson.loads(path.read_bytes())["sent"] >= 8 for path in states.glob("r-*.json"))

    with starting(tmp_path) as start:
        target = ("--to", "shadow:shadow.", "--rate", "8", "--yes")
        command = start("replay", archive, *target, **as_environment(live.settings))
        await until(under_way, "a checkpoint")
        broker.kill()
        broker.start()
        assert await asyncio.to_thread(command.finished) == 0, command.words
        assert f"{PAGES} pages sent" in command.words
    shadow = Cluster(live.settings.model_copy(update={"topic_prefix": "shadow."}))
    copies = [dict(record.headers)[h.LINEAGE] for record in await shadow.records("pages.raw")]
    assert len(set(copies)) == PAGES
    # A batch that the broker took and could not confirm is sent again.
    assert len(copies) < 2 * PAGES
