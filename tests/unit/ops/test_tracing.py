"""Where traces go follows from the standard variables; without them nothing is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from streams.agents import traces
from streams.errors import ConfigurationError
from streams.ops import tracing
from streams.settings import load

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    ("environ", "exporter"),
    [
        ({}, None),
        (ENDPOINT, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "", "OTEL_TRACES_EXPORTER": ""}, None),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        (ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"}, None),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "true"}, None),
    ],
)
def test_the_standard_variables_say_where_traces_go(environ: dict[str, str], exporter: str | None) -> None:
    assert tracing.wanted(environ) == exporter


@pytest.mark.parametrize(
    "environ", [{"OTEL_TRACES_EXPORTER": "zipkin"}, ENDPOINT | {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}]
)
def test_what_is_not_offered_is_said_at_the_start(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="OTEL_"):
        tracing.wanted(environ)


@pytest.fixture
def no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("opentelemetry")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)


@pytest.mark.usefixtures("no_extra")
def test_traces_without_the_extra_say_what_to_install() -> None:
    with pytest.raises(ConfigurationError, match=r"dateline\[otel\]"):
        traces.load(load(), ENDPOINT)
    assert isinstance(traces.load(load(), {}), traces.NoTraces)


def test_a_worker_without_traces_imports_nothing_for_them() -> None:
    code = (
        "import sys; from streams.agents import traces, worker; from streams.settings import load;"
        "traces.load(load(), {});"
        "roots = {name.partition('.')[0] for name in sys.modules};"
        "sys.exit(bool(roots & {'opentelemetry', 'google', 'requests'}))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_name_and_resource_are_ours_unless_the_variables_say_else(monkeypatch: pytest.MonkeyPatch) -> None:
    made = tracing.provider("console", instance="g-0")
    assert made.resource.attributes["service.name"] == "dateline"
    assert made.resource.attributes["service.instance.id"] == "g-0"
    made.shutdown()
    monkeypatch.setenv("OTEL_SERVICE_NAME", "news")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
    made = tracing.provider("console", instance="g-0")
    assert made.resource.attributes["service.name"] == "news"
    assert made.resource.attributes["deployment.environment.name"] == "test"
    made.shutdown()
