"""Tables that change: taken when they stand still, at once when asked, never when they are wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from streams.agents import reload
from streams.agents.compute import ComputePool
from streams.agents.reload import Reloader
from streams.classify import CODER_VERSION, coder_version
from streams.corrections import NONE, read
from streams.errors import ConfigurationError

GOOD = "ACCUSE\t-\t111\td\tv\trail at\n"
WRONG = "ACUSE\t-\t111\td\tv\trail at\n"


async def submit(task: Callable[..., Any], *args: object, timeout: float) -> Any:
    assert timeout > 0
    return task(*args)


def pool() -> ComputePool:
    made = SimpleNamespace(corrections=NONE, submit=submit)
    made.take = lambda corrections: vars(made).update(corrections=corrections)
    return cast("ComputePool", made)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def following(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    monkeypatch.setattr(reload, "_LOOK", 0.01)
    versions: list[str] = []
    computing = pool()
    reloader = Reloader(folder, computing, versions.append)
    await reloader.start()
    task = asyncio.create_task(reloader.follow())
    yield SimpleNamespace(pool=computing, versions=versions, reloader=reloader, task=task)
    assert not task.done()
    task.cancel()


async def test_changed_tables_are_taken_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with following(tmp_path, monkeypatch) as it:
        assert it.versions == []
        (tmp_path / "lexicon.tsv").write_text(GOOD)
        await until(lambda: bool(it.versions))
        assert it.versions == [coder_version(read(tmp_path))]
        assert it.pool.corrections == read(tmp_path)
        (tmp_path / "lexicon.tsv").unlink()
        await until(lambda: len(it.versions) == 2)
        assert (it.versions[-1], it.pool.corrections) == (CODER_VERSION, NONE)


async def test_wrong_tables_are_refused_and_the_next_right_ones_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        reload, "log", SimpleNamespace(error=lambda _, error: said.append(error), info=lambda *_, **__: None)
    )
    async with following(tmp_path, monkeypatch) as it:
        (tmp_path / "lexicon.tsv").write_text(WRONG)
        await until(lambda: bool(said))
        assert "lexicon.tsv:1: unknown PLOVER type" in said[0]
        assert (it.pool.corrections, it.versions) == (NONE, [])
        (tmp_path / "lexicon.tsv").write_text(GOOD)
        await until(lambda: bool(it.versions))
        assert len(said) == 1


async def test_a_hangup_takes_them_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with following(tmp_path, monkeypatch) as it:
        monkeypatch.setattr(reload, "_LOOK", 3600.0)
        await asyncio.sleep(0.02)  # lets the last short look end
        (tmp_path / "lexicon.tsv").write_text(GOOD)
        it.reloader.look_now()
        await until(lambda: bool(it.versions))


async def test_wrong_tables_at_the_start_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv").write_text(WRONG)
    with pytest.raises(ConfigurationError, match="unknown PLOVER type"):
        await Reloader(tmp_path, pool(), print).start()
    await Reloader(None, pool(), print).start()
