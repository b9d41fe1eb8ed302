"""``dateline replay`` without Kafka: an archive and files into a folder, and what it refuses."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from streams import samples
from streams import settings as settings_module
from streams.agents.compute import ComputePool
from streams.archive.record import Archived
from streams.archive.writer import Writer
from streams.classify import CODER_VERSION
from streams.cli.replay import command
from streams.errors import DatelineError
from streams.replay.past import Past
from streams.replay.results import FilesTarget, saved_state
from streams.replay.run import State

AT = 1_772_611_200_000


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATELINE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATELINE_COMPUTE_PROCESSES", "1")
    return tmp_path / "data"


def records() -> list[Archived]:
    found = []
    for number, page in enumerate([*samples.load(), *samples.load()[:2]]):
        headers = (("url", page.url.encode()), ("content-type", page.content_type.encode()))
        found.append(
            Archived(
                topic="pages.raw", partition=0, offset=number, timestamp=AT + number, key=b"k",
                headers=headers, value=page.body,
            )
        )  # fmt: skip
    return found


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with Writer(tmp_path / "pages", "pages.raw") as writer:
        for record in records():
            writer.add(record)
        writer.checkpoint()
    return tmp_path / "pages"


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(*arguments: str | Path) -> str:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert result.exit_code != 0
    return str(result.exception) if isinstance(result.exception, DatelineError) else result.output


def events(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((folder / "events").iterdir()))


def test_a_plan_writes_nothing_and_a_replay_what_it_planned(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    planned = run(archive, "--to", f"files:{target}", "--json")
    assert orjson.loads(planned.stdout)["pages"] == len(records())
    assert not target.exists()
    done = run(archive, "--to", f"files:{target}", "--yes", "--reason", "why not")
    assert (done.exit_code, f"{len(records())} pages sent" in done.stderr) == (0, True)
    told = orjson.loads((target / "replay.json").read_bytes())
    assert (told["status"], told["reason"], told["sent"]) == ("finished", "why not", len(records()))
    found = [orjson.loads(line) for line in events(target).splitlines()]
    once = {(event["event_id"], event["site"]) for event in found}
    assert len(found) == len(once) > 0, "the pages that came twice give their events once"
    assert "holds the results of a replay" in refused(archive, "--to", f"files:{target}")


def test_a_full_disk_says_how_to_go_on_and_another_pace_may_be_given(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as failing:
        failing.setattr(FilesTarget, "save", full)
        said = refused(archive, "--to", f"files:{tmp_path / 'out'}", "--yes")
    assert "No space left on device" in said
    (state,) = (tmp_path / "data" / "replays").glob("r-*.json")
    assert f"go on with: dateline replay --resume {state.stem}" in said
    assert "only --rate, --share" in refused("--resume", state.stem, "--since", "2026-01-01")
    assert run("--resume", state.stem, "--rate", "1000").exit_code == 0
    told = orjson.loads((tmp_path / "out" / "replay.json").read_bytes())
    assert (told["status"], told["sent"]) == ("finished", len(records()))
    assert events(tmp_path / "out")


def test_a_replay_goes_on_from_any_working_directory(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, taken = FilesTarget.take, list[int]()

    async def broken(self: FilesTarget, batch: Sequence[Past]) -> list[str]:
        if taken:
            raise OSError(errno.EIO, "Input/output error")
        taken.append(len(batch))
        return await take(self, batch)

    (tmp_path / "elsewhere").mkdir()
    target = ("--to", f"files:{tmp_path / 'out'}")
    monkeypatch.setattr("streams.replay.run._MOST", 4)
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as failing:
        failing.setattr(FilesTarget, "take", broken)
        assert "Input/output error" in refused(archive.name, "--to", "files:out", "--yes")
    (replay_id,) = [path.stem for path in (tmp_path / "data" / "replays").glob("r-*.json")]

    monkeypatch.chdir(tmp_path / "elsewhere")
    assert f"{replay_id} began this and is unfinished (4 of" in refused(archive, *target, "--yes")
    (tmp_path / "out").rename(tmp_path / "moved")
    assert "is not there: put the folder back" in refused("--resume", replay_id)
    assert not (tmp_path / "out").exists()
    (tmp_path / "moved").rename(tmp_path / "out")
    assert run("--resume", replay_id).exit_code == 0
    assert list((tmp_path / "elsewhere").iterdir()) == []
    told = orjson.loads((tmp_path / "out" / "replay.json").read_bytes())
    assert (told["status"], told["sent"]) == ("finished", len(records()))


def past() -> list[Past]:
    return [
        Past.of(record, record.place, part="records", following=n) for n, record in enumerate(records(), 1)
    ]


def state(sent: int) -> bytes:
    return State(
        replay_id="r-1", arguments=[], coder_version=CODER_VERSION, ends={}, position={"records": sent},
        planned=9, sent=sent,
    ).to_bytes()  # fmt: skip


async def into_files(folder: Path, *batches: list[Past], save: bool = True) -> None:
    async with FilesTarget(folder, settings_module.load(), "r-1") as target:
        for batch in batches:
            assert await target.take(batch) == []
            if save:
                target.save(state(batch[-1].following))


async def test_files_that_a_killed_replay_left_go_on_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = past()
    await into_files(tmp_path / "whole", pages[:3], pages[3:])
    await into_files(tmp_path / "cut", pages[:3])
    saved = saved_state(tmp_path / "cut")
    await into_files(tmp_path / "cut", pages[3:7], save=False)  # as kill -9 leaves it: no checkpoint
    assert saved_state(tmp_path / "cut") == saved
    assert orjson.loads(saved or b"")["sent"] == 3

    # A batch that is stopped halfway leaves nothing, though a checkpoint follows.
    run_pool = ComputePool.run

    async def stopped(self: ComputePool, stage: str, items: list[object]) -> object:
        if stage == "classify":
            raise asyncio.CancelledError
        return await run_pool(self, stage, items)  # type: ignore[arg-type]

    async with FilesTarget(tmp_path / "cut", settings_module.load(), "r-1") as target:
        monkeypatch.setattr(ComputePool, "run", stopped)
        with pytest.raises(asyncio.CancelledError):
            await target.take(pages[3:])
        monkeypatch.setattr(ComputePool, "run", run_pool)
        target.save(state(3))
        assert await target.take(pages[3:]) == []
        target.save(state(len(pages)))
    assert events(tmp_path / "cut") == events(tmp_path / "whole")


async def test_what_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    pages = past()[:2]
    bad = Past(
        where="file:3", key=None, value=b"", headers=(("url", b"https://a.example/"),), site="a.example"
    )
    await into_files(tmp_path, [bad, *pages])
    (line,) = (tmp_path / "refused.jsonl").read_bytes().splitlines()
    assert orjson.loads(line)["error"] == "InvalidPage"
    assert events(tmp_path)


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("nowhere", "is not live, shadow:PREFIX or files:FOLDER"),
        ("shadow:", "needs a topic prefix"),
        ("files:PAGES", "the target is the source"),
        ("files:PAGES/inside", "one is inside the other"),
        ("files:OTHER", "not empty"),
        ("files:OTHER/notes/x", "notes is not a folder"),
    ],
)
def test_targets_that_are_refused(archive: Path, tmp_path: Path, target: str, why: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes").touch()
    given = target.replace("PAGES", str(archive)).replace("OTHER", str(tmp_path / "other"))
    assert why in refused(archive, "--to", given)


def test_a_shadow_that_is_the_live_pipeline_or_the_source_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_TOPIC_PREFIX", "live.")
    assert "is the live pipeline" in refused("kafka:", "--to", "shadow:live.")
    assert "the target is the source" in refused("kafka:old.", "--to", "shadow:old.")


def test_sources_that_are_refused(archive: Path, tmp_path: Path) -> None:
    to = ("--to", f"files:{tmp_path / 'out'}")
    assert "nothing there in this range" in refused(archive, *to, "--since", "2027-01-01")
    assert "no page of nobody.example there" in refused(archive, *to, "--site", "nobody.example")
    assert "no page is meant: left out 10 other pa" in refused(archive, *to, "--partition", "7")
    assert "is not there" in refused(tmp_path / "missing.jsonl", *to)
    assert "one archive at a time" in refused(archive, archive, *to)
    assert "--until must be later" in refused(archive, *to, "--since", "2026-03-04", "--until", "2026-03-04")
    assert "is not PARTITION:FROM-TO" in refused(archive, *to, "--offsets", "3")
    assert "no replay r-0 was begun here" in refused("--resume", "r-0")
    (damaged,) = [path for path in archive.glob("date=*/*") if path.stat().st_size > 20][:1]
    damaged.write_bytes(damaged.read_bytes()[:-3])
    assert "cut off" in refused(archive, *to)
    with Writer(tmp_path / "events", "events.trade") as writer:
        writer.checkpoint()
    assert "only pages" in refused(tmp_path / "events", *to)
    assert not (tmp_path / "out").exists()
