"""Child processes that never outlive their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends, however that ends (Linux only)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def stop_process(process: subprocess.Popen[bytes], *, timeout: float) -> int:
    """Send SIGTERM, and SIGKILL when it has not ended after the time; return the exit status."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def exit_now(status: int) -> NoReturn:
    """End the process at once: nothing is acknowledged, flushed or closed on the way."""
    sys.stderr.flush()
    os._exit(status)
