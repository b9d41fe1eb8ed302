"""Worker processes of one machine: started, watched, started again, ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from streams.errors import Fatal
from streams.ops.processes import stop_process
from streams.settings import Settings, as_environment

_MANY, _WITHIN = 5, 60.0
#: Exit statuses of a worker that starting again does not mend: a wrong setting, the breaker.
_FINAL = (2, 3)


class WorkerFailed(Fatal):
    """A worker ended and starting it again does not help."""


@dataclass(slots=True)
class _Slot:
    settings: Settings
    log: Path
    process: subprocess.Popen[bytes] | None = None
    web: str | None = None
    was_ready: bool = False
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=_MANY))


class Supervisor:
    """Keeps one worker process for each slot alive."""

    def __init__(self, settings: Settings, *, log_dir: Path, web_ports: list[int]) -> None:
        """Prepare one slot for each port; nothing is started yet."""
        log_dir.mkdir(parents=True, exist_ok=True)
        self._slots = [
            _Slot(
                # Ports are chosen here; a worker adds nothing to them.
                settings.model_copy(update={"slot": slot, "web_port": port, "web_port_step": 0}),
                log_dir / f"worker-{slot}.log",
            )
            for slot, port in enumerate(web_ports)
        ]
        self._stopping = False

    @property
    def logs(self) -> list[Path]:
        """Where the workers write what they say."""
        return [slot.log for slot in self._slots]

    @property
    def pids(self) -> list[int]:
        """The running workers' process ids, by slot."""
        return [slot.process.pid for slot in self._slots if slot.process and slot.process.poll() is None]

    @property
    def ready(self) -> bool:
        """Whether every worker has said that it takes records."""
        return all(slot.web for slot in self._slots)

    @property
    def web_addresses(self) -> list[str]:
        """Where the workers' metrics and health are."""
        return [slot.web for slot in self._slots if slot.web]

    def start(self) -> None:
        """Start all workers."""
        for slot in self._slots:
            self._start(slot)

    def check(self) -> None:
        """Start again what ended.

        Raises:
            WorkerFailed: a worker's breaker stopped it, a setting is wrong, it was never ready, or it ended
                too often.
        """
        for slot in self._slots:
            status = slot.process.poll() if slot.process else None
            if status is None or self._stopping:
                continue
            slot.web = None
            often = len(slot.starts) == _MANY and time.monotonic() - slot.starts[0] < _WITHIN
            if often or status in _FINAL or (status == 1 and not slot.was_ready):
                number = slot.settings.slot
                raise WorkerFailed(
                    f"worker {number} ended with status {status}; its last words:\n{_tail(slot.log)}"
                )
            self._start(slot)

    def stop(self, *, timeout: float) -> None:
        """End all workers together, by force after the time."""
        self._stopping = True
        running = [slot.process for slot in self._slots if slot.process]
        for process in running:
            if process.poll() is None:
                process.terminate()
        give_up = time.monotonic() + timeout
        for process in running:
            stop_process(process, timeout=max(0.0, give_up - time.monotonic()))

    def _start(self, slot: _Slot) -> None:
        slot.starts.append(time.monotonic())
        with slot.log.open("ab") as log:
            slot.process = subprocess.Popen(
                [sys.executable, "-m", "streams", "worker"],
                env=os.environ | as_environment(slot.settings) | {"DATELINE_SUPERVISED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the supervisor, which ends its children in order
            )
        threading.Thread(target=_listen, args=(slot, slot.process), daemon=True).start()


def _listen(slot: _Slot, process: subprocess.Popen[bytes]) -> None:
    """Read what a worker says of itself until it ends."""
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if told.get("ready") and slot.process is process:
                slot.web, slot.was_ready = str(told["web"]), True


def _tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])
