"""A folder in which no socket can be made is told as such."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPT = """
from streams.agents import forkserver
from streams.errors import ConfigurationError
try:
    forkserver.start("streams.errors")
except ConfigurationError as error:
    print(error)
"""


def _started_in(folder: Path) -> str:
    folder.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_path_too_long_for_a_socket_is_told(tmp_path: Path) -> None:
    assert "set TMPDIR to a shorter folder" in _started_in(tmp_path / ("long" * 25))


def test_a_short_path_is_no_error() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        assert _started_in(Path(folder) / "short") == ""
