"""docker-compose.yml: what it names exists, agrees with the rest, and gives nothing away."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
WORKERS = ("worker-0", "worker-1")
OURS = ("topics", "live", *WORKERS)
#: Read by OpenTelemetry and streams.ops.tracing.
OTEL_VARIABLES = {
    "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"
}  # fmt: skip
DATELINE_VARIABLES = {f"DATELINE_{name.upper()}" for name in Settings.model_fields}

Services = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file with its anchors and merges resolved."""
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return loaded


@pytest.fixture
def services(compose: dict[str, Any]) -> Services:
    found: Services = compose["services"]
    return found


def properties(text: str) -> dict[str, str]:
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def compose_command() -> list[str] | None:
    """Docker Compose: from the wheel, on the PATH, or as Docker's plugin."""
    # The program inside the wheel: the wheel's own entry point exits with 0 whatever happens.
    if wheel := importlib.util.find_spec("compose"):
        return [str(Path(wheel.origin or "").with_name("docker-compose"))]
    if found := shutil.which("docker-compose"):
        return [found]
    plugin = ["docker", "compose"]
    if (
        shutil.which("docker")
        and subprocess.run([*plugin, "version"], capture_output=True, check=False).returncode == 0
    ):
        return plugin
    return None


def configure(file: Path) -> subprocess.CompletedProcess[str]:
    """Let Docker Compose check a file against its schema and resolve it; no engine is asked."""
    command = compose_command()
    if command is None:
        if os.environ.get("DATELINE_REQUIRE_DEPLOY") == "1":
            pytest.fail("Docker Compose was not found")
        pytest.skip("needs Docker Compose, or `make setup-deploy`")
    arguments = [*command, "--file", str(file), "config", "--format", "json"]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def test_docker_compose_accepts_it() -> None:
    done = configure(COMPOSE)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    services = json.loads(done.stdout)["services"]
    assert {name: services[name]["environment"]["DATELINE_SLOT"] for name in WORKERS} == {
        "worker-0": "0",
        "worker-1": "1",
    }


def test_docker_compose_refuses_a_misspelled_key(tmp_path: Path) -> None:
    text = COMPOSE.read_text()
    assert "stop_grace_period" in text
    (tmp_path / "docker-compose.yml").write_text(text.replace("stop_grace_period", "stop_grace"))
    done = configure(tmp_path / "docker-compose.yml")
    assert done.returncode != 0
    assert "stop_grace" in done.stderr


def test_every_mounted_or_built_path_exists(services: Services) -> None:
    sources = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])]
    paths = [source for source in sources if source.startswith(".")]
    assert len(paths) == 4
    paths += [service["build"]["dockerfile"] for service in services.values() if "build" in service]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_named_volume_is_declared_and_used(compose: dict[str, Any], services: Services) -> None:
    sources = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert {source for source in sources if not source.startswith(".")} == set(compose["volumes"])


def test_ports_are_open_on_loopback_only(services: Services) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert set(ports) == {"kafka", "live", "prometheus", "grafana", "jaeger"}
    assert [p for published in ports.values() for p in published if not p.startswith("127.0.0.1:")] == []


def test_the_live_page_is_published_where_it_listens(services: Services) -> None:
    live = services["live"]
    port = live["command"][live["command"].index("--port") + 1]
    assert live["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert live["environment"]["DATELINE_WEB_BIND"] == "0.0.0.0"  # noqa: S104  (inside its container)
    assert f"127.0.0.1:{port}/api/status" in live["healthcheck"]["test"][-1]


def test_every_container_gives_up_its_privileges(services: Services) -> None:
    for service in services.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_are_read_only_and_not_root(services: Services, name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108  (a mount point in the container)
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    assert f"USER {service['user']}" in dockerfile
    assert not service["user"].startswith("0")


@pytest.mark.parametrize("name", OURS)
def test_the_settings_given_exist(services: Services, name: str) -> None:
    given = services[name]["environment"]
    assert given["DATELINE_BROKERS"] == "kafka:9092"
    assert set(given) - DATELINE_VARIABLES <= OTEL_VARIABLES


def test_the_settings_in_the_image_exist() -> None:
    named = set(re.findall(r"\bDATELINE_[A-Z_]+", (ROOT / "deploy" / "Dockerfile").read_text()))
    assert named
    assert named - DATELINE_VARIABLES == set()


def test_every_image_is_pinned_to_a_version(services: Services) -> None:
    images = [service["image"] for service in services.values()]
    images += re.findall(r"PYTHON_IMAGE=(\S+)", (ROOT / "deploy" / "Dockerfile").read_text())
    assert len(images) == len(services) + 1
    assert [image for image in images if not re.search(r":v?\d+\.\d+\.\d+", image)] == []


def test_prometheus_scrapes_each_worker_on_its_port(services: Services) -> None:
    scraped = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    (job,) = scraped["scrape_configs"]
    targets = {target for static in job["static_configs"] for target in static["targets"]}
    environments = {name: services[name]["environment"] for name in WORKERS}
    ports = {name: int(e["DATELINE_WEB_PORT"]) + int(e["DATELINE_SLOT"]) for name, e in environments.items()}
    assert targets == {f"{name}:{port}" for name, port in ports.items()}


def test_the_broker_is_the_one_that_the_tests_run(services: Services) -> None:
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text()
    found = re.search(r"<kafka.version>(.*)</kafka.version>", pom)
    assert found is not None
    assert services["kafka"]["image"] == f"apache/kafka:{found[1]}"


def test_the_broker_has_the_limits_that_the_tests_run_with(services: Services) -> None:
    # Only what the tests need for speed stands in the file alone.
    own = {
        "process.roles", "node.id", "controller.listener.names", "listener.security.protocol.map",
        "offsets.topic.num.partitions", "transaction.state.log.num.partitions",
        "group.min.session.timeout.ms",
    }  # fmt: skip
    tested = properties((ROOT / "deploy" / "kafka" / "server.properties").read_text())
    assert own < set(tested)
    environment = services["kafka"]["environment"]
    given = {
        name: environment.get(f"KAFKA_{name.upper().replace('.', '_')}") for name in tested if name not in own
    }
    assert given == {name: value for name, value in tested.items() if name not in own}


def test_the_largest_record_of_any_topic_fits(services: Services) -> None:
    topics = yaml.safe_load((ROOT / "schemas" / "topics.yaml").read_text())["topics"]
    largest = max(topic["max_bytes"] for topic in topics.values())
    assert int(services["kafka"]["environment"]["KAFKA_MESSAGE_MAX_BYTES"]) >= largest


def test_the_image_is_built_from_what_docker_sees() -> None:
    """Each path that the Dockerfile copies is let through by .dockerignore."""
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE
    )
    paths = [path for line in copied for path in line.split()]
    assert "streams" in paths
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(paths) == allowed
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_image_has_no_embedded_broker() -> None:
    locked = (ROOT / "requirements" / "image.txt").read_text()
    assert "aiokafka==" in locked
    assert "noida-db" not in locked
