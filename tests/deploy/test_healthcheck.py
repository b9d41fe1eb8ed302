"""The health check of docker-compose.yml tells a worker that is well from one that is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from streams.ops.health import Health
from streams.ops.web import OpsServer

COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"
SLOT = 3

Check = Callable[[int], int]


@pytest.fixture
def check() -> Check:
    """Run the check of a worker in slot 3 that listens on a port; return the exit status."""
    test = yaml.safe_load(COMPOSE.read_text())["services"]["worker-1"]["healthcheck"]["test"]
    assert test[:2] == ["CMD", "python"]

    def run(port: int) -> int:
        environment = os.environ | {"DATELINE_WEB_PORT": str(port - SLOT), "DATELINE_SLOT": str(SLOT)}
        command = [sys.executable, *test[2:]]
        return subprocess.run(command, env=environment, capture_output=True, check=False).returncode

    return run


def serve(*, now: Callable[[], float]) -> OpsServer:
    health = Health(loop_limit=10, batch_limit=10, clock=now)
    return OpsServer(bind="127.0.0.1", port=0, registry=CollectorRegistry(), health=health)


def port_of(server: OpsServer) -> int:
    return int(server.address.rsplit(":", 1)[1])


def test_a_worker_whose_loop_turns_is_healthy_and_a_stalled_one_is_not(check: Check) -> None:
    time = [0.0]
    server = serve(now=lambda: time[0])
    try:
        assert check(port_of(server)) == 0
        time[0] = 60.0
        assert check(port_of(server)) == 1
    finally:
        server.close()


def test_a_worker_that_does_not_answer_is_not_healthy(check: Check) -> None:
    server = serve(now=lambda: 0.0)
    server.close()
    assert check(port_of(server)) == 1
