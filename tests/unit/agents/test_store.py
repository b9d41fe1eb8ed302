"""A table store that stops workers from starting is thrown away, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.agents import store


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "worker-0" / "tables"
    store.prepare(folder)
    (folder / "seen.db").write_text("entries")
    return folder


def kept(tables: Path) -> bool:
    return (tables / "seen.db").exists()


def test_a_worker_that_got_ready_keeps_its_store(tables: Path) -> None:
    for _ in range(5):
        store.opened(tables)
        store.prepare(tables)
    assert kept(tables)


def test_the_second_start_that_did_not_get_ready_is_the_last_with_this_store(tables: Path) -> None:
    store.prepare(tables)
    assert kept(tables)
    store.prepare(tables)
    assert not kept(tables)
    assert tables.is_dir()


def test_a_new_store_has_two_starts_again(tables: Path) -> None:
    for _ in range(2):
        store.prepare(tables)
    (tables / "seen.db").write_text("entries")
    store.prepare(tables)
    assert kept(tables)


def test_a_store_that_failed_is_thrown_away_at_the_next_start(tables: Path) -> None:
    store.opened(tables)
    store.failed(tables)
    store.prepare(tables)
    assert not kept(tables)


def test_what_a_store_raises_is_told_apart() -> None:
    with pytest.raises(store.StoreFailed, match="ValueError: no space"), store.store_errors():
        raise ValueError("no space")


class Options:
    """Opens a folder as RocksDB would: what it says of damage is all that is known of it."""

    def __init__(self, message: str) -> None:
        self.message = message

    def open(self, path: Path, **_: object) -> str:
        if (path / "damage").exists():
            raise Exception(self.message)  # noqa: TRY002  (as the binding does)
        return "open"


@pytest.mark.parametrize("message", ["Corruption: checksum mismatch", "IO error: No such file or directory"])
def test_a_damaged_store_is_opened_empty(tmp_path: Path, message: str) -> None:
    (tmp_path / "damage").touch()
    options = Options(message)
    store.mend_when_opened(options)
    assert options.open(tmp_path) == "open"
    assert not (tmp_path / "damage").exists()


def test_another_error_leaves_the_store_alone(tmp_path: Path) -> None:
    (tmp_path / "damage").touch()
    options = Options("IO error: lock hold by current process")
    store.mend_when_opened(options)
    with pytest.raises(Exception, match="lock"):
        options.open(tmp_path)
    assert (tmp_path / "damage").exists()
