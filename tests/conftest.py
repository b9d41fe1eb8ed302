"""Whoever runs the tests does not set Dateline's settings, nor who may be interrupted."""

from __future__ import annotations

import os
import signal

import hypothesis
import pytest

# How long an example takes depends on what else the machine does.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    for name in [n for n in os.environ if n.startswith("DATELINE_") and not n.startswith("DATELINE_REQUIRE")]:
        if name != "DATELINE_KAFKA_HOME":
            del os.environ[name]


@pytest.fixture(autouse=True, scope="session")
def _interrupts_arrive() -> None:
    # A shell that runs the tests in the background has what it starts ignore SIGINT, and so all below it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _java_starts_fast() -> None:
    # The second compiler pays in servers that run for long; here it takes a third of their CPU time.
    os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
