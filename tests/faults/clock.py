"""A wall clock that jumps, for processes that are started with :attr:`Clock.environment`."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path


class Clock:
    """Built with the system's C compiler; where there is none, :attr:`environment` is empty."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self._file.write_bytes(struct.pack("=q", 0))
        self.environment: dict[str, str] = {}
        compiler = shutil.which("cc")
        if compiler:
            library = folder / "clock.so"
            source = Path(__file__).with_name("clock.c")
            subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
            self.environment = {"LD_PRELOAD": str(library), "CLOCK_OFFSET_FILE": str(self._file)}

    def jump(self, seconds: int) -> None:
        """Let the clock be so many seconds ahead of the true one."""
        # In place: the processes have the file in their memory.
        with self._file.open("r+b") as out:
            out.write(struct.pack("=q", seconds))
