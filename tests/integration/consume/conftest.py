"""A PostgreSQL server of the tests' own, and topics with events on Apache Kafka."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import admin_client, producer
from streams.records import Event
from streams.settings import Settings
from tests.integration.harness import ROOT

_PLACES = [Path("/usr/lib/postgresql"), Path("/usr/pgsql"), Path("/opt/homebrew/opt")]


def _postgresql() -> Path | None:
    """The folder of the server's programs: Debian keeps them off the path."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    inside = [path.parent for place in _PLACES for path in place.glob("*/bin/initdb")]
    return max(inside, default=None)


@pytest.fixture(scope="session")
def consumer_tools() -> Path:
    """Skip where PostgreSQL or kcat is missing; where DATELINE_REQUIRE_CONSUMERS=1, fail."""
    found = _postgresql()
    missing = [tool for tool in ("psql", "kcat") if shutil.which(tool) is None]
    missing += [] if found else ["initdb"]
    if missing:
        words = f"needs {' and '.join(missing)}: apt-get install postgresql kcat"
        if os.environ.get("DATELINE_REQUIRE_CONSUMERS") == "1":
            pytest.fail(words)
        pytest.skip(words)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def postgresql(consumer_tools: Path) -> Iterator[dict[str, str]]:
    """The environment by which clients find the server."""
    # The server refuses to run as root, and its user cannot look into pytest's own folders.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="dateline-pg-"))
    if user:
        shutil.chown(folder, user, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {"PGHOST": str(folder), "PGPORT": port, "PGUSER": "dateline", "PGDATABASE": "postgres"}
    environment |= {"LC_ALL": "C.UTF-8", "PGOPTIONS": "-c client_min_messages=warning"}

    def program(name: str, *arguments: str) -> None:
        subprocess.run(
            [consumer_tools / name, "-D", folder / "data", *arguments],
            user=user,
            cwd=folder,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )

    program("initdb", "--username=dateline", "--auth=trust", "--encoding=UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    program("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "--options", options)
    try:
        yield environment
    finally:
        program("pg_ctl", "stop", "--mode", "immediate")
        shutil.rmtree(folder)


@dataclass
class Stranger:
    """Someone who knows the topics and the schema, and has a database of their own."""

    settings: Settings
    folder: Path
    environment: dict[str, str]
    stored: list[Event] = field(default_factory=list)

    async def send(self, *records: tuple[str, str, bytes | None]) -> None:
        """Put records (topic, key, value) onto the event topics, one after the other."""
        async with producer(self.settings) as client:
            for topic, key, value in records:
                await client.send_and_wait(self.settings.topic(topic), value, key=key.encode())

    def run(self, *command: str | Path, check: bool = True, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run a program as the stranger would, in the folder of the repository."""
        done = subprocess.run(
            command,
            env=self.environment | extra,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done

    def sql(self, query: str) -> str:
        """Ask PostgreSQL; rows are lines, columns are parted by a bar."""
        return self.run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", query).stdout.strip()


@pytest.fixture
async def stranger(kafka_address: str, postgresql: dict[str, str], tmp_path: Path) -> AsyncIterator[Stranger]:
    """Topics and a database of this test's own, removed at its end."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    settings = settings_module.load(brokers=kafka_address, topic_prefix=f"{name}.", connect_timeout=30.0)
    await topics.create(settings)
    # Programs of this interpreter come first, as in a virtual environment that is switched on.
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | postgresql | {"PGDATABASE": name, "PATH": path}
    environment |= {"DATELINE_BROKERS": kafka_address, "DATELINE_TOPIC_PREFIX": f"{name}."}
    found = Stranger(settings, tmp_path, environment)
    found.run("psql", "-q", "-c", f'CREATE DATABASE "{name}"', PGDATABASE="postgres")
    yield found
    async with admin_client(settings) as admin:
        await admin.delete_topics([settings.topic(t) for t in topics.load().topics])
