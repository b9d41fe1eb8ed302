"""The environment of whoever runs the tests does not set Dateline's settings."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    for name in [n for n in os.environ if n.startswith("DATELINE_") and not n.startswith("DATELINE_REQUIRE")]:
        if name != "DATELINE_KAFKA_HOME":
            del os.environ[name]
