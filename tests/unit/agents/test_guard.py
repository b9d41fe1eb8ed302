"""What did not get done is never acknowledged."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from faust.types import TP
from faust.types.tuples import ConsumerMessage, Message

from streams.agents import guard, store


def message() -> Message:
    fields: list[Any] = ["t", 0, 0, 0.0, 0, None, None, b"", None, 0, 0, TP("t", 0)]
    return ConsumerMessage(*fields)


def test_a_withheld_record_is_not_acknowledged_by_faust() -> None:
    consumer: Any = SimpleNamespace(ack=lambda _: True)
    done, undone = message(), message()
    event: Any = SimpleNamespace(message=undone)
    guard.withhold([event])
    assert done.ack(consumer)
    assert not undone.ack(consumer)


@pytest.mark.parametrize(
    ("error", "kept"), [(RuntimeError("a bug"), True), (store.StoreFailed("disk"), False)]
)
def test_an_error_ends_the_process_and_a_failed_store_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, *, kept: bool
) -> None:
    def leave(status: int) -> NoReturn:
        raise SystemExit(status)

    monkeypatch.setattr(guard, "exit_now", leave)
    tables = tmp_path / "tables"
    store.prepare(tables)
    store.opened(tables)
    (tables / "seen.db").write_text("entries")
    with pytest.raises(SystemExit, match="1"):
        guard.stop_on(error, tables=tables)
    store.prepare(tables)
    assert (tables / "seen.db").exists() is kept
