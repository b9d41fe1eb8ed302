"""The past through today's coder: the same events, once, wherever a replay was killed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TypeAlias

import orjson
import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.admin import RecordsToDelete

from streams import headers as h
from streams.broker import topics
from streams.broker.client import admin_client
from streams.records import Event, Replay, decode
from streams.settings import as_environment
from streams.verify.topics import verify
from tests.integration.commands import starting
from tests.integration.conftest import MakeWorker
from tests.integration.harness import NEWER_VERSION, Cluster, by_key, page, until

Record: TypeAlias = "ConsumerRecord[bytes, bytes]"
KAFKA = pytest.mark.parametrize("address", [pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True)
EMBEDDED = pytest.mark.parametrize("address", ["embedded"], indirect=True)
PAGES = [
    page(f"site{n % 3}.example", str(n), teasers=[("Iran and Oman sign a pact", "It is on trade.")])
    for n in range(6)
]


@contextlib.asynccontextmanager
async def shadow_of(cluster: Cluster) -> AsyncIterator[Cluster]:
    """The topics that ``--to shadow:`` of a name of this test's makes; gone at the end."""
    prefix = f"{cluster.settings.topic_prefix}shadow."
    group = f"{cluster.settings.group}-{prefix.strip('.-_')}"
    yield Cluster(cluster.settings.model_copy(update={"topic_prefix": prefix, "group": group}))
    async with admin_client(cluster.settings) as admin:
        await admin.delete_topics([f"{prefix}{name}" for name in topics.load().topics])


async def audited(cluster: Cluster) -> list[Replay]:
    return [decode(record.value or b"", Replay) for record in await cluster.records("replays")]


async def test_archive_and_replay_give_the_same_events_byte_for_byte(
    cluster: Cluster, make_worker: MakeWorker, tmp_path: Path
) -> None:
    await make_worker().start_ready()
    await cluster.send(PAGES)
    await cluster.finished()
    live = by_key(await cluster.events())
    assert len(live) == len(PAGES)  # a meeting that headline and text tell is one event
    archive, results = tmp_path / "pages", tmp_path / "results"
    assert (await cluster.dateline("archive", "add", archive))[0] == 0

    # Into files, without Kafka.
    status, _, err = await cluster.dateline("replay", archive, "--to", f"files:{results}", "--yes")
    assert (status, "6 pages sent" in err) == (0, True)
    files = {
        orjson.loads(line)["event_id"]: {line}
        for path in (results / "events").iterdir()
        for line in path.read_bytes().splitlines()
    }
    assert files == live

    async with shadow_of(cluster) as shadow:
        prefix = shadow.settings.topic_prefix
        arguments = ("replay", archive, "--to", f"shadow:{prefix}", "--reason", "a trial")
        status, out, err = await cluster.dateline(*arguments)
        assert (status, "6 of 3 sites" in out, "--yes replays" in err) == (0, True, True)
        async with admin_client(cluster.settings) as admin:
            assert f"{prefix}pages.raw" not in await admin.list_topics(), "a plan makes nothing"
        assert (await cluster.dateline(*arguments, "--yes"))[0] == 0
        await make_worker(topic_prefix=prefix, group=shadow.settings.group, slot=1).start_ready()
        await shadow.finished()
        events = await shadow.events()
        assert by_key(events) == live
        said = await audited(cluster)
        assert [(r.status, r.sent, r.reason) for r in said] == [
            ("started", 0, "a trial"),
            ("finished", 6, "a trial"),
        ]
        assert {dict(e.headers)[h.REPLAY].decode() for e in events} == {said[0].replay_id}
        report = await verify(shadow.settings)
        assert (report.holds, report.pages, report.waiting) == (True, 6, 0)


@KAFKA
async def test_a_replay_into_live_adds_what_another_coder_gives_and_nothing_else(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    worker = make_worker()
    await worker.start_ready()
    await cluster.send(PAGES)
    await cluster.finished()
    before = await cluster.events()
    replay = ("replay", "kafka:", "--to", "live", "--yes")
    status, out, err = await cluster.dateline(*replay)
    assert (status, "is source and target" in out, "6 pages sent" in err) == (0, True, True)
    await cluster.finished()
    assert len(await cluster.events()) == len(before), "this coder has emitted them all"
    status, metrics = worker.get("/metrics")
    assert 'dateline_records_again_total{origin="replay",outcome="seen",stage="parse"} 6.0' in metrics
    assert worker.stop() == 0

    await make_worker(newer=True).start_ready()
    status, out, _ = await cluster.dateline(*replay)
    assert (status, "6 copies of earlier replays" in out) == (0, True)
    await cluster.finished()
    after = await cluster.events()
    new = after_only(before, after)
    assert {e.coder_version for e in new} == {NEWER_VERSION}
    assert sorted(e.event_id for e in new) == sorted(decode(r.value or b"", Event).event_id for r in before)
    assert (await verify(cluster.settings)).lost == 0


def after_only(before: Sequence[Record], after: Sequence[Record]) -> list[Event]:
    known = {(r.topic, r.partition, r.offset) for r in before}
    return [decode(r.value or b"", Event) for r in after if (r.topic, r.partition, r.offset) not in known]


@KAFKA
async def test_a_killed_replay_goes_on_from_its_last_checkpoint(cluster: Cluster, tmp_path: Path) -> None:
    await cluster.send(page("one.example", str(n)) for n in range(40))
    archive = tmp_path / "pages"
    assert (await cluster.dateline("archive", "add", archive))[0] == 0
    async with shadow_of(cluster) as shadow:
        arguments = (
            "replay",
            archive,
            "--to",
            f"shadow:{shadow.settings.topic_prefix}",
            "--rate",
            "8",
            "--yes",
        )
        states = cluster.settings.data_dir / "replays"

        def state() -> dict[str, int]:
            return next((orjson.loads(path.read_bytes()) for path in states.glob("r-*.json")), {})

        async def under_way() -> bool:
            return state().get("sent", 0) >= 8

        with starting(tmp_path) as start:
            command = start(*arguments, **as_environment(cluster.settings))
            await until(under_way, "a checkpoint")
            command.process.kill()
            command.finished()
        saved = state()["sent"]
        status, _, err = await cluster.dateline(*arguments)
        replay_id = str(state()["replay_id"])
        assert (status, f"--resume {replay_id}" in err) == (1, True)
        status, _, err = await cluster.dateline("replay", "--resume", replay_id)
        assert (status, "40 pages sent" in err) == (0, True)
        copies = [dict(r.headers)[h.LINEAGE] for r in await shadow.records("pages.raw")]
        assert len(set(copies)) == 40
        # What came after the checkpoint was sent again: a second's worth, and a batch.
        assert len(copies) - 40 <= 24
        assert saved < 40
        status, _, err = await cluster.dateline("replay", "--resume", replay_id)
        assert (status, "is finished" in err) == (1, True)
        assert [r.status for r in await audited(cluster)] == ["started", "resumed", "finished"]


@EMBEDDED
async def test_a_replay_waits_while_live_lags_and_a_stop_is_told(
    cluster: Cluster, make_worker: MakeWorker, tmp_path: Path
) -> None:
    await cluster.send(PAGES)
    async with shadow_of(cluster) as shadow:
        await topics.create(shadow.settings)
        target = ("--to", f"shadow:{shadow.settings.topic_prefix}", "--max-lag", "2", "--yes")

        async def begun() -> bool:
            return bool(await audited(cluster))

        with starting(tmp_path) as start:
            stopped = start("replay", "kafka:", *target, **as_environment(cluster.settings))
            await until(begun, "the replay to begin")
            stopped.process.terminate()
            assert await asyncio.to_thread(stopped.finished) == 130
            assert "go on with: dateline replay --resume" in stopped.words
            assert await shadow.records("pages.raw") == []
            replay_id = (await audited(cluster))[0].replay_id
            resumed = start("replay", "--resume", replay_id, **as_environment(cluster.settings))
            await make_worker().start_ready()  # and live catches up
            assert await asyncio.to_thread(resumed.finished) == 0
        assert len(await shadow.records("pages.raw")) == len(PAGES)
        _, out, _ = await cluster.dateline("replay", "--list")
        assert [orjson.loads(line)["status"] for line in out.splitlines()] == [
            "started", "stopped", "resumed", "finished",
        ]  # fmt: skip


@EMBEDDED
async def test_pages_are_chosen_by_site_offset_event_and_from_dead_letters(
    cluster: Cluster, make_worker: MakeWorker, tmp_path: Path
) -> None:
    await make_worker().start_ready()
    await cluster.send(PAGES)
    await cluster.send_raw([(b"odd.example", b"", [("url", b"https://odd.example/1")])])
    await cluster.finished()

    async def planned(*arguments: str) -> int:
        target = ("--to", f"files:{tmp_path / 'results'}", "--json")
        status, out, err = await cluster.dateline("replay", *arguments, *target)
        assert status == 0 or err.startswith("dateline: "), err
        return int(orjson.loads(out)["pages"]) if status == 0 else -1

    assert await planned("kafka:", "--site", "site1.example") == 2
    first = (await cluster.records("pages.raw"))[0]
    assert await planned("kafka:", "--offsets", f"{first.partition}:0-0") == 1
    event = decode((await cluster.events())[0].value or b"", Event)
    assert await planned("kafka:", "--event", event.event_id) == 1
    assert await planned("kafka:", "--event", "unknown") == -1
    assert await planned("dead-letters:") == 1
    assert await planned("kafka:", "--until", "2001-01-01") == -1
    assert not (tmp_path / "results").exists()


@KAFKA
async def test_offsets_that_retention_took_are_named(cluster: Cluster, tmp_path: Path) -> None:
    await cluster.send(page("one.example", str(n)) for n in range(4))
    (partition,) = {record.partition for record in await cluster.records("pages.raw")}
    async with admin_client(cluster.settings) as admin:
        there = TopicPartition(cluster.settings.topic("pages.raw"), partition)
        await admin.delete_records({there: RecordsToDelete(before_offset=2)})
    target = ("--to", f"files:{tmp_path / 'results'}")
    gone = await cluster.dateline("replay", "kafka:", "--offsets", f"{partition}:0-1", *target)
    assert (gone[0], "were deleted by retention; it begins at 2" in gone[2]) == (1, True)
    some = await cluster.dateline("replay", "kafka:", "--offsets", f"{partition}:0-2", *target)
    assert (some[0], "offsets 0 to 1 were deleted by retention" in some[1]) == (0, True)
