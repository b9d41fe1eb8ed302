"""docs/deploy.md names settings, files and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from streams.cli import COMMANDS
from streams.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / "docs" / "deploy.md").read_text()


def test_the_settings_exist(page: str) -> None:
    named = set(re.findall(r"DATELINE_[A-Z_]+", page))
    assert len(named) > 10
    assert named - {f"DATELINE_{name.upper()}" for name in Settings.model_fields} == set()


def test_the_files_exist(page: str) -> None:
    named = set(re.findall(r"deploy/[\w./-]*\w", page))
    assert "deploy/Dockerfile" in named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_the_commands_exist(page: str) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    code = "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", page)])
    named = set(re.findall(r"(?:^|exec worker-0 )dateline ([a-z-]+)", code, re.MULTILINE))
    assert "topics" in named
    assert named - set(COMMANDS) == set()


def test_the_ports_are_those_of_the_compose_file(page: str) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    published = {port.split(":")[1] for service in services.values() for port in service.get("ports", [])}
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", page)) - {"6066"} == published
