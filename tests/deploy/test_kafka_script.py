"""deploy/kafka/kafka.py says what is missing instead of failing in Java or Maven."""

from __future__ import annotations

import importlib.util
import stat
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "kafka" / "kafka.py"


@pytest.fixture
def kafka_script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module, with an empty cache, an empty PATH and no settings."""
    spec = importlib.util.spec_from_file_location("deploy_kafka", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(module, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("DATELINE_KAFKA_HOME", raising=False)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return module


def program(directory: Path, name: str, script: str) -> None:
    path = directory / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_without_maven_it_names_maven(kafka_script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert kafka_script.main(["fetch"]) == 1
    assert "Maven was not found" in capsys.readouterr().err


def test_what_maven_said_is_shown_and_nothing_stays(
    kafka_script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path, "mvn", "echo '[ERROR] unknown host'; exit 1")
    assert kafka_script.main(["fetch"]) == 1
    assert "[ERROR] unknown host" in capsys.readouterr().err
    assert not list((tmp_path / "cache").iterdir())


def test_a_fetch_is_done_once(
    kafka_script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(
        tmp_path,
        "mvn",
        'for word; do case $word in -DoutputDirectory=*) /bin/mkdir "${word#*=}";; esac; done',
    )
    assert kafka_script.main(["fetch"]) == 0
    first = capsys.readouterr().out
    program(tmp_path, "mvn", "exit 1")
    assert kafka_script.main(["fetch"]) == 0
    assert capsys.readouterr().out == first
    assert Path(first.strip()).is_dir()


def test_a_home_without_kafka_is_refused(
    kafka_script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATELINE_KAFKA_HOME", str(tmp_path))
    assert kafka_script.main(["fetch"]) == 1
    assert "holds no kafka_2.*.jar" in capsys.readouterr().err


def test_an_unpacked_kafka_is_used_as_it_is(
    kafka_script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs" / "kafka_2.13-4.0.0.jar").touch()
    monkeypatch.setenv("DATELINE_KAFKA_HOME", str(tmp_path))
    assert kafka_script.jars() == tmp_path / "libs"


@pytest.mark.parametrize(
    ("java", "message"),
    [(None, "Java was not found"), ('openjdk version "11.0.2"', "needs Java 17 or later")],
)
def test_java_missing_or_too_old_is_named(
    kafka_script: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    java: str | None,
    message: str,
) -> None:
    if java is not None:
        program(tmp_path, "java", f"echo '{java}' >&2")
    assert kafka_script.main(["start", "--data-dir", str(tmp_path / "data")]) == 1
    assert message in capsys.readouterr().err


def test_a_heap_that_is_no_size_is_wrong_use(
    kafka_script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        kafka_script.main(["start", "--data-dir", str(tmp_path), "--heap", "much"])
    assert stopped.value.code == 2
    assert "'much' is not a size" in capsys.readouterr().err
