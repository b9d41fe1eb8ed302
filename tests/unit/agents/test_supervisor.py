"""Which ends of a worker `dateline up` mends by starting it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streams import settings
from streams.agents.supervisor import Supervisor, WorkerFailed


class Ended:
    """A process that has ended."""

    def __init__(self, status: int) -> None:
        self.status, self.pid = status, 0

    def poll(self) -> int:
        return self.status


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    made = Supervisor(settings.load(data_dir=tmp_path), log_dir=tmp_path, web_ports=[0])
    made._slots[0].log.write_text("its last words")
    return made


def end(
    supervisor: Supervisor, status: int, *, was_ready: bool, monkeypatch: pytest.MonkeyPatch
) -> list[Any]:
    """Let the worker end; return the slots that are started again."""
    slot: Any = supervisor._slots[0]
    slot.process, slot.was_ready = Ended(status), was_ready
    started: list[Any] = []
    monkeypatch.setattr(supervisor, "_start", started.append)
    supervisor.check()
    return started


@pytest.mark.parametrize(("status", "was_ready"), [(-9, False), (137, True), (0, True), (1, True)])
def test_a_worker_that_ended_is_started_again(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, status: int, was_ready: bool
) -> None:
    assert end(supervisor, status, was_ready=was_ready, monkeypatch=monkeypatch) == supervisor._slots


@pytest.mark.parametrize(("status", "was_ready"), [(1, False), (2, True), (3, True)])
def test_what_starting_again_does_not_mend_is_told(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, status: int, was_ready: bool
) -> None:
    with pytest.raises(WorkerFailed, match=f"status {status}; its last words:\nits last words"):
        end(supervisor, status, was_ready=was_ready, monkeypatch=monkeypatch)
