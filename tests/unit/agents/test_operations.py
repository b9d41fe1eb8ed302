"""A worker's health, and the port that tells it."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from prometheus_client import CollectorRegistry

from streams.cli.health import command as health_command
from streams.errors import ConfigurationError
from streams.ops.health import Health
from streams.ops.metrics import Metrics
from streams.ops.web import OpsServer


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock: Clock) -> Health:
    return Health(loop_limit=10.0, batch_limit=60.0, clock=clock)


def test_it_is_not_ready_until_it_says_so(health: Health) -> None:
    assert (health.not_alive(), health.not_ready()) == ("", "starting")
    health.set_ready()
    assert health.not_ready() == ""
    health.set_ready("stopping")
    assert (health.not_alive(), health.not_ready()) == ("", "stopping")


def test_a_silent_loop_is_stalled_until_it_turns(health: Health, clock: Clock) -> None:
    health.set_ready()
    clock.now += 10.0
    assert health.not_alive() == ""
    clock.now += 0.5
    assert "event loop has not turned for 10 s" in health.not_alive()
    assert health.not_ready() == health.not_alive()
    health.beat()
    assert (health.not_alive(), health.not_ready()) == ("", "")


def test_a_batch_that_does_not_go_on_is_a_stall_of_its_stage(health: Health, clock: Clock) -> None:
    with health.busy("parse"):
        clock.now += 60.0
        health.beat()
        assert health.not_alive() == ""
        clock.now += 1.0
        with health.busy("enrich"):
            assert health.not_alive() == "parse has not gone on with its batch for 61 s"
    assert health.not_alive() == ""


def test_a_long_batch_that_goes_on_is_no_stall(health: Health, clock: Clock) -> None:
    with health.busy("parse"):
        for _ in range(10):
            clock.now += 50.0
            health.beat()
            health.goes_on("parse")
            health.standing(clock.now - 100.0)  # nothing of it is committed yet
            assert health.not_alive() == ""
    # Its offsets are committed a moment later, and until then the next batch may begin.
    assert health.not_alive() == ""
    clock.now += 1.0
    health.standing(561.0)
    assert "has committed none for 561 s" in health.not_alive()


def test_a_stage_without_a_batch_cannot_go_on(health: Health, clock: Clock) -> None:
    health.goes_on("parse")
    clock.now += 100.0
    health.beat()
    assert health.not_alive() == ""


def test_a_batch_that_raises_is_over(health: Health, clock: Clock) -> None:
    with pytest.raises(ZeroDivisionError), health.busy("parse"):
        raise ZeroDivisionError
    clock.now += 100.0
    health.beat()
    assert health.not_alive() == ""


@pytest.fixture
def server(health: Health) -> Iterator[OpsServer]:
    registry = CollectorRegistry()
    Metrics(registry).records.labels(stage="parse", outcome="processed").inc(3)
    made = OpsServer(bind="127.0.0.1", port=0, registry=registry, health=health)
    yield made
    made.close()


def ask(server: OpsServer, path: str, method: str = "GET") -> tuple[int, str]:
    request = urllib.request.Request(f"{server.address}{path}", method=method)  # noqa: S310  (loopback)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_port_tells_ready_and_alive_apart(server: OpsServer, health: Health, clock: Clock) -> None:
    assert ask(server, "/livez") == (200, "ok\n")
    assert ask(server, "/readyz") == (503, "starting\n")
    health.set_ready()
    assert ask(server, "/readyz") == (200, "ok\n")
    clock.now += 11.0
    status, words = ask(server, "/livez")
    assert (status, "event loop" in words) == (503, True)
    assert ask(server, "/readyz")[0] == 503


def test_the_port_gives_the_metrics(server: OpsServer) -> None:
    status, text = ask(server, "/metrics")
    assert status == 200
    assert 'dateline_records_total{outcome="processed",stage="parse"} 3.0' in text


def test_every_other_path_names_those_there_are(server: OpsServer) -> None:
    for path in ("/", "/metrics/x", "/livezz"):
        status, words = ask(server, path)
        assert (status, "/readyz" in words) == (404, True)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/metrics", "/livez", "/readyz"])
def test_the_port_is_read_only(server: OpsServer, path: str, method: str) -> None:
    assert ask(server, path, method) == (405, "read only\n")


def test_a_head_request_is_answered_without_a_body(server: OpsServer) -> None:
    assert ask(server, "/livez", "HEAD") == (200, "")


def test_a_taken_port_is_named(server: OpsServer, health: Health) -> None:
    port = int(server.address.rpartition(":")[2])
    with pytest.raises(
        ConfigurationError, match=f"127.0.0.1:{port} cannot be listened on.*DATELINE_WEB_PORT"
    ):
        OpsServer(bind="127.0.0.1", port=port, registry=CollectorRegistry(), health=health)


def has_ipv6() -> bool:
    """Whether this machine has an IPv6 loopback address; some containers have none."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 on this machine")
@pytest.mark.parametrize("bind", ["::1", "::"])
def test_a_worker_answers_on_an_ipv6_address(
    health: Health, monkeypatch: pytest.MonkeyPatch, bind: str
) -> None:
    made = OpsServer(bind=bind, port=0, registry=CollectorRegistry(), health=health)
    try:
        port = int(made.address.rpartition(":")[2])
        assert made.address == f"http://[{bind}]:{port}"
        assert ask(made, "/livez") == (200, "ok\n")
        health.set_ready()
        monkeypatch.setenv("DATELINE_WEB_BIND", bind)
        monkeypatch.setenv("DATELINE_WEB_PORT", str(port))
        asked = CliRunner().invoke(health_command, [])
        assert (asked.exit_code, asked.output) == (
            0, f"http://[{bind}]:{port}/livez: ok\nhttp://[{bind}]:{port}/readyz: ok\n",
        )  # fmt: skip
        with pytest.raises(ConfigurationError, match=rf"^\[{bind}\]:{port} cannot .*DATELINE_WEB_PORT"):
            OpsServer(bind=bind, port=port, registry=CollectorRegistry(), health=health)
    finally:
        made.close()


@pytest.mark.parametrize("bind", ["192.0.2.1", "2001:db8::1", "nowhere.invalid"])
def test_an_address_of_another_machine_is_named_by_its_own_setting(health: Health, bind: str) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be listened on .*set DATELINE_WEB_BIND") as wrong:
        OpsServer(bind=bind, port=0, registry=CollectorRegistry(), health=health)
    assert "DATELINE_WEB_PORT" not in str(wrong.value)
