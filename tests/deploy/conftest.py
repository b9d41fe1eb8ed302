"""A real Kafka server for the tests that need one, and the queries of the dashboards."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 180.0

Serve = Callable[[Path], AbstractAsyncContextManager[str]]


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and its process."""

    bootstrap: str
    process: subprocess.Popen[str]


@pytest.fixture(scope="session")
def kafka_tools() -> None:
    """Skip without Java and Maven; where DATELINE_REQUIRE_KAFKA=1, go on and fail."""
    missing = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    if missing and os.environ.get("DATELINE_REQUIRE_KAFKA") != "1":
        pytest.skip(f"needs {' and '.join(missing)}")


@pytest.fixture(scope="session")
def prometheus_tools() -> None:
    """Skip without Prometheus; where DATELINE_REQUIRE_PROMETHEUS=1, go on and fail."""
    missing = [tool for tool in ("prometheus", "promtool") if shutil.which(tool) is None]
    if missing and os.environ.get("DATELINE_REQUIRE_PROMETHEUS") != "1":
        pytest.skip(f"needs {' and '.join(missing)}")


def start_server(data: Path) -> Server:
    """Start a server on free ports; it may not answer yet."""
    command = [str(ROOT / "deploy" / "kafka" / "start"), "--data-dir", str(data), "--die-with-parent"]
    with (data / "stderr.txt").open("a") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
    assert process.stdout is not None
    with process.stdout as stdout:
        address = stdout.readline().strip()
    if not address:
        raise RuntimeError(f"the server ended: {(data / 'stderr.txt').read_text()}")
    return Server(address, process)


def stop_server(server: Server) -> int:
    """Send SIGTERM and wait; return the exit code."""
    server.process.terminate()
    try:
        return server.process.wait(timeout=30)
    finally:
        server.process.kill()
        server.process.wait()


async def wait_until_ready(server: Server) -> None:
    """Wait until the server answers a metadata request.

    Raises:
        TimeoutError: it does not within READY_WITHIN_S seconds.
        RuntimeError: its process ended.
    """
    async with asyncio.timeout(READY_WITHIN_S):
        while server.process.poll() is None:
            producer = AIOKafkaProducer(bootstrap_servers=server.bootstrap)
            try:
                await producer.start()
            except KafkaConnectionError:
                await asyncio.sleep(0.1)  # a poll of a condition, bounded by the timeout above
            else:
                return
            finally:
                await producer.stop()
    raise RuntimeError("the server ended before it answered")


@pytest.fixture(scope="session")
def shared_server(kafka_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001
    server = start_server(tmp_path_factory.mktemp("kafka"))
    yield server
    stop_server(server)


@pytest.fixture
async def kafka(shared_server: Server) -> str:
    """Bootstrap address of a server that answers, shared by the tests of a run."""
    await wait_until_ready(shared_server)
    return shared_server.bootstrap


@pytest.fixture
def serve(kafka_tools: None) -> Serve:  # noqa: ARG001
    """A way to run a server of one's own; it must end on SIGTERM, and say so with its exit code."""

    @asynccontextmanager
    async def run(data: Path) -> AsyncIterator[str]:
        server = start_server(data)
        try:
            await wait_until_ready(server)
            yield server.bootstrap
        finally:
            code = stop_server(server)
        assert code == 128 + signal.SIGTERM, "Java ends with 143 once it has shut down on SIGTERM"

    return run


def _all_chosen(expr: str) -> str:
    """Fill in the variables a person chooses."""
    return re.sub(r"\$(instance|event_class)\b", ".*", expr)


@pytest.fixture(scope="session")
def dashboard_queries() -> Callable[[Path], list[str]]:
    """A way to get every PromQL expression of a dashboard, with Grafana's variables filled in."""

    def queries(dashboard: Path) -> list[str]:
        board = json.loads(dashboard.read_text())
        found = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
        found += [mark["expr"] for mark in board["annotations"]["list"]]
        return [re.sub(r"\$__(rate_interval|range)\b", "1m", expr) for expr in map(_all_chosen, found)]

    return queries
