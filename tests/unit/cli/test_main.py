"""The command line as a process: its exit status, and what it says of the environment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def dateline(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "streams", *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("command", ["config", "worker"])
def test_a_wrong_setting_ends_a_command_with_the_status_of_wrong_use(command: str) -> None:
    done = dateline(command, DATELINE_SLOT="-1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("dateline: DATELINE_SLOT: ")


def test_what_a_setting_asks_for_and_is_not_there_has_the_same_status() -> None:
    done = dateline("worker", DATELINE_SECURITY_PROTOCOL="SASL_SSL")
    assert (done.returncode, done.stdout) == (2, "")
    assert "DATELINE_SASL_USERNAME" in done.stderr


def test_a_broker_that_does_not_answer_is_no_wrong_setting() -> None:
    done = dateline("topics", "check", DATELINE_BROKERS="127.0.0.1:1", DATELINE_CONNECT_TIMEOUT="0.1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no Kafka broker answered" in done.stderr


def test_a_variable_that_is_no_setting_is_named_and_the_command_goes_on() -> None:
    done = dateline("config", DATELINE_SLOTT="1", DATELINE_WEB_PORT="7000")
    assert (done.returncode, "DATELINE_SLOT=0" in done.stdout, "DATELINE_WEB_PORT=7000" in done.stdout) == (
        0, True, True,
    )  # fmt: skip
    assert done.stderr == (
        "dateline: DATELINE_SLOTT is no setting and does nothing; `dateline config` names them all\n"
    )


def test_variables_of_the_tests_and_of_a_supervisor_are_known() -> None:
    others = ("SUPERVISED", "KAFKA_HOME", "KAFKA_LOG_LEVEL", "REQUIRE_KAFKA", "FAULTS_SEED", "SOAK_MINUTES")
    done = dateline("config", **{f"DATELINE_{name}": "1" for name in others})
    assert (done.returncode, done.stderr) == (0, "")
