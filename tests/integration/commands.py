"""``dateline`` as it is used: a process whose output goes to files."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.integration.harness import PATIENCE, ROOT


@dataclass
class Command:
    """A running ``dateline`` whose output goes to files."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def words(self) -> str:
        return self.err.read_text()

    def finished(self, *, timeout: float = PATIENCE) -> int:
        return self.process.wait(timeout=timeout)


Start = Callable[..., Command]


@contextlib.contextmanager
def starting(folder: Path) -> Iterator[Start]:
    """Give a function that starts commands, which end with the context."""
    made: list[Command] = []

    def start(*arguments: str | Path, **variables: str) -> Command:
        out, err = folder / f"out-{len(made)}", folder / f"err-{len(made)}"
        settings = {"DATELINE_COMPUTE_PROCESSES": "1", "XDG_STATE_HOME": str(folder / "state")}
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "streams", *arguments],
                env=os.environ | settings | variables,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
        made.append(Command(process, out, err))
        return made[-1]

    try:
        yield start
    finally:
        for command in made:
            if command.process.poll() is None:
                command.process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    command.process.wait(timeout=10)
            command.process.kill()
            command.process.wait()
