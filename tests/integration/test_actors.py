"""What documents teach of persons: noted once whatever happens, coded with when an operator takes it."""

from __future__ import annotations

from pathlib import Path

import orjson

from streams.classify import coder_version
from streams.cli import actors
from streams.corrections import read
from streams.parse import Page
from streams.records import Event, decode
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, page, until


def pages(first: int, number: int) -> list[Page]:
    """Pages that name one minister in full, each in a document of its own."""
    return [
        page(
            f"site{n % 3}.example",
            f"m{n}",
            text=f"Zimbabwean Foreign Minister Tendai Moyo met Chinese Foreign Minister Wang Yi for talks on "
            f"matter {n} in Beijing on Tuesday. The two ministers signed an agreement, the ministry said.",
        )
        for n in range(first, first + number)
    ]


async def learned(cluster: Cluster) -> dict[str, int]:
    """How often the changelog says that a person was named, by name."""
    # By position: the changelog is compacted, and then it has gaps.
    return {one.name: one.documents for one in await actors._learned(cluster.settings)}


async def test_a_person_is_counted_once_for_each_document_also_over_kills(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    worker = make_worker(page_deadline=30.0)
    await worker.start_ready()
    await cluster.send(pages(0, 12))
    async with cluster.following("documents.enriched") as at_least:
        await at_least(4)
        worker.kill()
    await worker.start_ready()
    await cluster.finished()
    await cluster.send(pages(12, 4))
    await cluster.send(pages(0, 16))  # seen before: no document, nothing to count
    await cluster.finished()

    async def counted() -> bool:
        # A kill may let a document stand on its topic twice, as two records; each record counts once.
        return (await learned(cluster)).get("Tendai Moyo") == len(await cluster.records("documents"))

    await until(counted, "every document to be counted, and none twice")
    documents = len(await cluster.records("documents"))
    assert documents >= 16
    assert await cluster.records("dead-letters") == []
    status, out, words = await cluster.dateline("actors", "list", "--json")
    assert status == 0, words
    (one,) = (line for line in map(orjson.loads, out.splitlines()) if line["name"] == "Tendai Moyo")
    assert (one["country"], one["role"], one["documents"], one["table"]) == ("ZWE", "GOV", documents, None)
    assert worker.stop() == 0


async def test_what_an_operator_takes_over_codes_the_next_documents(
    cluster: Cluster, make_worker: MakeWorker, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    worker = make_worker(lexicon_dir=folder, page_deadline=30.0)
    await worker.start_ready()
    await cluster.send(pages(0, 2))
    await cluster.finished()

    async def noted() -> bool:
        return "Tendai Moyo" in await learned(cluster)

    await until(noted, "the minister to be noted")
    tables = {"DATELINE_LEXICON_DIR": str(folder)}
    status, _, words = await cluster.dateline("actors", "set", "Tendai Moyo", **tables)
    assert status == 0, words

    async def taken() -> bool:
        return "tables taken" in worker.log.read_text()

    await until(taken, "the worker to take the table")
    teasers = [
        (
            f"Tendai Moyo condemns Russia over attack {n} on Odesa",
            f"Talks must go on, said report {n}.",
        )
        for n in range(4)
    ]
    await cluster.send([page("site9.example", "alone", teasers=teasers)])
    await cluster.finished()
    events = [decode(record.value or b"", Event) for record in await cluster.events()]
    told = [e for e in events if "Odesa" in e.evidence]
    assert all("Tendai Moyo" in {actor.name for actor in e.source} for e in told)
    assert told
    assert {e.coder_version for e in told} == {coder_version(read(folder))}
    assert {actor.country for e in told for actor in e.source} == {"ZWE"}
    assert worker.stop() == 0
