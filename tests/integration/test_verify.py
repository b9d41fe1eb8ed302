"""``dateline verify`` accounts for honest work, and finds what a harmful worker did."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import orjson

from streams.broker.client import producer
from streams.settings import as_environment
from streams.verify import verify
from tests.faults.lossy import Harm, harm
from tests.integration.conftest import MakeWorker
from tests.integration.harness import ROOT, Cluster, Expected, WorkerProcess, by_key, headers_of, page

PAGES = [
    page(f"site{n % 5}.example", f"a{n}", teasers=[(f"Iran tests missile number {n // 2}", "Tehran said so")])
    for n in range(80)
]


async def test_honest_work_is_accounted_for_page_by_page(cluster: Cluster, make_worker: MakeWorker) -> None:
    await make_worker().start_ready()
    await cluster.send(PAGES[:20])
    await cluster.send(PAGES[:5])
    await cluster.send_raw([(b"site1.example", b"", headers_of(PAGES[0])), (b"x", b"{", [])])
    await cluster.finished()
    report = await verify(cluster.settings)
    assert (report.pages, report.processed, report.seen, report.dead_lettered) == (27, 20, 5, 2)
    assert (report.lost, report.doubled, report.waiting, report.unexplained) == (0, 0, 0, 0)
    assert report.holds
    assert report.events == len(Expected.of(PAGES[:20]).events)


async def test_what_others_wrote_onto_the_topics_is_accounted_for(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    await make_worker().start_ready()
    await cluster.send(PAGES[:3])
    async with producer(cluster.settings) as client:
        for name in ("documents", "documents.enriched", "events.trade"):
            for value in (b"{", b"[]", b'{"site": "\xff"}', b'{"site": 1, "coder_version": 1}', None):
                await client.send_and_wait(cluster.settings.topic(name), value, key=b"odd")
    await cluster.finished()
    report = await verify(cluster.settings)
    assert (report.pages, report.processed, report.lost, report.lost_earlier) == (3, 3, 0, 0)
    assert report.holds


async def test_pages_that_no_worker_took_wait(cluster: Cluster) -> None:
    await cluster.send(PAGES[:3])
    report = await verify(cluster.settings, processes=1)
    assert (report.pages, report.waiting, report.holds) == (3, 3, True)
    status, said, _ = await _command(cluster)
    assert (status, orjson.loads(said)["waiting"]) == (3, 3)


async def test_every_loss_and_double_of_a_harmful_worker_is_found(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    worker: WorkerProcess = make_worker()
    worker.program = ("-m", "tests.faults.lossy")
    await worker.start_ready()
    await cluster.send(PAGES)
    await cluster.finished()
    report = await verify(cluster.settings)

    expected = Expected.of(PAGES)
    prefix = cluster.settings.topic_prefix
    documents = {d for d in expected.documents if harm(f"{prefix}documents", d) is Harm.DROP_DOCUMENT}
    enriched = {d for d in expected.documents if harm(f"{prefix}documents.enriched", d) is Harm.DROP_ENRICHED}
    assert documents
    assert enriched
    assert {loss.id for loss in report.losses if loss.stage == "parse"} == documents
    assert {loss.id for loss in report.losses if loss.stage == "enrich"} == enriched - documents
    done = {e: harm(f"{prefix}events.{v.event_class}", e) for e, v in expected.events.items()}
    reached = {e for e in done if expected.events[e].document_id not in documents | enriched}
    dropped = {expected.events[e].document_id for e in reached if done[e] is Harm.DROP_EVENT}
    doubled = {e for e in reached if done[e] in (Harm.SECOND_PLACE, Harm.OTHER_BYTES)}
    assert dropped
    assert {harm_ for e in doubled if (harm_ := done[e])} == {Harm.SECOND_PLACE, Harm.OTHER_BYTES}
    assert {loss.id for loss in report.losses if loss.stage == "classify"} == dropped
    assert {double.event_id for double in report.doubles} == doubled
    assert report.doubled == len(doubled)
    assert report.lost == len({loss.page for loss in report.losses})
    assert not report.holds
    assert len(by_key(await cluster.events())) == report.events

    status, _, table = await _command(cluster)
    assert status == 1
    assert table == ""


async def _command(cluster: Cluster) -> tuple[int, bytes, str]:
    """Run the command as a user would."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "streams", "verify", "--json"],
        env=os.environ | as_environment(cluster.settings),
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr.decode()
