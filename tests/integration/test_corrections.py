"""An operator's tables in a running worker: taken when they change, refused when they are wrong."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from streams import corrections
from streams.classify import CODER_VERSION, coder_version
from streams.parse import Page
from streams.records import Event, decode
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, WorkerProcess, page, until

TABLE = "names\ttype\tcode\trole\tqid\n{name}\tgroup\tRUS\tREB\t\n"


def story(number: int) -> Page:
    teasers = [
        (
            f"Blue Zebras attack Ukraine in raid number {number}{n}",
            f"The Blue Zebras shelled Ukraine, it said: {n}.",
        )
        for n in range(4)
    ]
    return page("zebra.example", f"z{number}", teasers=teasers)


async def events_of(cluster: Cluster, number: int) -> list[Event]:
    events = [decode(record.value or b"", Event) for record in await cluster.events()]
    return [event for event in events if event.page_url.endswith(f"/z{number}")]


def sources(events: list[Event]) -> set[str]:
    return {actor.name for event in events for actor in event.source}


async def coder_is(worker: WorkerProcess, version: str) -> None:
    async def told() -> bool:
        return f'coder_version="{version}"' in worker.get("/metrics")[1]

    await until(told, f"the worker to code with {version}")


async def test_tables_are_taken_while_the_worker_runs_and_wrong_ones_are_refused(
    cluster: Cluster, make_worker: MakeWorker, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    worker = make_worker(lexicon_dir=folder)
    await worker.start_ready()
    await coder_is(worker, CODER_VERSION)
    await cluster.send([story(1)])
    await cluster.finished()
    assert "Blue Zebras" not in sources(await events_of(cluster, 1))

    (folder / "organisations.tsv").write_text(TABLE.format(name="Blue Zebras"))
    taken = coder_version(corrections.read(folder))
    await coder_is(worker, taken)
    await cluster.send([story(2)])
    await cluster.finished()
    second = await events_of(cluster, 2)
    assert "Blue Zebras" in sources(second)
    assert {event.coder_version for event in second} == {taken}

    (folder / "organisations.tsv").write_text(TABLE.format(name="Green Yaks").replace("RUS", "XYZ"))
    assert worker.process is not None
    os.kill(worker.process.pid, signal.SIGHUP)

    async def refused() -> bool:
        return "organisations.tsv:2: no such code: 'XYZ'" in worker.log.read_text()

    await until(refused, "the wrong table to be refused")
    await cluster.send([story(3)])
    await cluster.finished()
    third = await events_of(cluster, 3)
    assert "Blue Zebras" in sources(third)
    assert {event.coder_version for event in third} == {taken}
    assert worker.get("/livez")[0] == 200

    (folder / "organisations.tsv").unlink()
    await coder_is(worker, CODER_VERSION)
    assert worker.stop() == 0


async def test_a_worker_does_not_start_with_wrong_tables(make_worker: MakeWorker, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "lexicon.tsv").write_text("ACUSE\t-\t111\td\tv\trail at\n")
    worker = make_worker(lexicon_dir=folder)
    worker.start()
    assert worker.process is not None
    assert worker.process.wait(timeout=60) == 2
    assert "lexicon.tsv:1: unknown PLOVER type" in worker.log.read_text()


@pytest.mark.parametrize("wrong", [True, False])
async def test_commands_code_with_the_tables_or_say_what_is_wrong(
    cluster: Cluster, tmp_path: Path, wrong: bool
) -> None:
    code = "XYZ" if wrong else "RUS"
    (tmp_path / "organisations.tsv").write_text(TABLE.format(name="Blue Zebras").replace("RUS", code))
    (tmp_path / "texts.jsonl").write_text('{"id": 1, "text": "Blue Zebras attack Ukraine"}\n')
    status, out, words = await cluster.dateline(
        "code", "--texts", tmp_path / "texts.jsonl", DATELINE_LEXICON_DIR=str(tmp_path)
    )
    assert status == (2 if wrong else 0)
    assert ("Blue Zebras" in out) is not wrong
    assert ("organisations.tsv:2: no such code" in words) is wrong
