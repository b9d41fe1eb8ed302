"""Workers are replaced by newer ones, one after the other, while pages come: nothing is lost or doubled."""

from __future__ import annotations

import pytest

from streams.classify import CODER_VERSION
from streams.records import Event, decode
from streams.verify.topics import verify
from tests.integration.conftest import MakeWorker
from tests.integration.harness import NEWER_VERSION, Cluster, Expected, by_key, page

# Where several workers are meant to run.
pytestmark = pytest.mark.parametrize(
    "address", [pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True
)
_SOME = 15


async def test_a_rolling_upgrade_with_two_coders_in_one_group(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    pages = [page(f"site{n % 9}.example", f"a{n}") for n in range(5 * _SOME)]
    parts = [pages[n : n + _SOME] for n in range(0, len(pages), _SOME)]
    old = [make_worker(slot=slot, page_batch=2) for slot in (0, 1)]
    for worker in old:
        worker.start()
    for worker in old:
        await worker.ready()
    await cluster.send(parts.pop())
    for slot, worker in enumerate(old):
        await cluster.send(parts.pop())  # under way while it stops
        assert worker.stop() == 0
        await make_worker(newer=True, slot=slot).start_ready()
        await cluster.send(parts.pop())
    await cluster.finished()

    expected = Expected.of(pages)
    assert by_key(await cluster.records("documents")).keys() == expected.documents.keys()
    events = await cluster.events()
    assert by_key(events).keys() == expected.events.keys(), "an event's id does not hang on who coded it"
    coders = {decode(record.value or b"", Event).coder_version for record in events}
    assert coders == {CODER_VERSION, NEWER_VERSION}
    report = await verify(cluster.settings)
    assert (report.pages, report.waiting, report.lost, report.doubled) == (len(pages), 0, 0, 0)
    assert report.coder_versions == sorted(coders)
