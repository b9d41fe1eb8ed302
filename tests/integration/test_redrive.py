"""Dead letters go back to their topic, count their attempts, and are deleted when they are old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson

from streams import headers as h
from streams.broker import dead_letters
from streams.broker.client import producer
from tests.integration import faulty
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, page


async def dateline(cluster: Cluster, *arguments: str) -> tuple[int, str, str]:
    return await cluster.dateline("dead-letters", *arguments)


async def letters(cluster: Cluster, *arguments: str) -> list[dict[str, object]]:
    status, out, err = await dateline(cluster, "list", *arguments)
    assert (status, err) == (0, "")
    return [orjson.loads(line) for line in out.splitlines()]


async def test_a_page_comes_back_until_it_has_failed_too_often(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    bad = page("one.example", "bad", text=f"A page with {faulty.RAISE.decode()} in it.")
    worker = make_worker(faulty=True)
    await worker.start_ready()
    await cluster.send([bad, page("two.example", "good")])
    await cluster.finished()

    (first,) = await letters(cluster)
    assert (first["attempts"], first["url"]) == (1, bad.url)
    status, out, err = await dateline(cluster, "redrive", "--site", "one.example")
    assert (status, "to send: 1" in out, "--yes" in err) == (0, True, True)
    assert len(await letters(cluster)) == 1, "a dry run sends nothing"
    status, out, _ = await dateline(cluster, "redrive", "--site", "two.example", "--yes")
    assert (status, "to send: 0" in out) == (0, True)

    status, _, err = await dateline(cluster, "redrive", "--max-attempts", "2", "--rate", "100", "--yes")
    assert (status, err.strip()) == (0, "1 sent")
    await cluster.finished()
    again = await letters(cluster)
    assert sorted(int(str(row["attempts"])) for row in again) == [1, 2]
    assert {row["first_at"] for row in again} == {first["first_at"]}

    status, out, _ = await dateline(cluster, "redrive", "--max-attempts", "2", "--yes")
    assert (status, "to send: 0" in out) == (0, True)
    assert "it failed 2 times" in out
    assert "a later letter holds the same record" in out

    # The bug is mended: the page goes through, as what it always was.
    assert worker.stop() == 0
    await make_worker().start_ready()
    status, _, err = await dateline(cluster, "redrive", "--yes")
    assert (status, err.strip()) == (0, "1 sent")
    await cluster.finished()
    assert len(await letters(cluster)) == 2
    assert bad.url in {document["page_url"] for document in await documents(cluster)}


async def documents(cluster: Cluster) -> list[dict[str, object]]:
    return [orjson.loads(record.value) for record in await cluster.records("documents") if record.value]


async def test_a_letter_that_is_not_there_cannot_go_back(cluster: Cluster) -> None:
    status, out, err = await dateline(cluster, "redrive", "0/999", "--yes")
    assert (status, out) == (1, "")
    assert "there is no dead letter 0/999" in err


async def test_a_letter_that_goes_while_it_is_fetched_is_not_waited_for(cluster: Cluster) -> None:
    said = h.DeadLetter(
        stage="parse", error="Odd", message="", traceback="", attempts=1, first_at="", last_at="",
        topic=cluster.settings.topic("pages.raw"), partition=0, offset=0,
    )  # fmt: skip
    async with producer(cluster.settings) as client:
        for number in range(3):
            await client.send_and_wait(
                cluster.settings.topic("dead-letters"), b"%d" % number, headers=said.to_headers(), partition=0
            )
    found = [letter async for letter in dead_letters.read(cluster.settings)]
    await dead_letters.purge(cluster.settings, {0: (0, 2)})
    sent = [letter.id async for letter in dead_letters.redrive(found, cluster.settings, None)]
    assert sent == ["0/2"]
    await dead_letters.purge(cluster.settings, {0: (2, 3)})
    assert [letter async for letter in dead_letters.redrive(found, cluster.settings, None)] == []


async def test_old_letters_are_deleted_and_later_ones_stay(cluster: Cluster, make_worker: MakeWorker) -> None:
    await make_worker().start_ready()
    await cluster.send_raw([(b"one.example", b"", [("url", b"https://one.example/a")])])
    await cluster.finished()
    (row,) = await letters(cluster)
    status, _, err = await dateline(cluster, "purge", "--before", "2020-01-01", "--yes")
    assert (status, err.startswith("0 dead letters")) == (0, True)
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    status, _, err = await dateline(cluster, "purge", "--before", later)
    assert (status, "--yes" in err) == (0, True)
    assert [found["id"] for found in await letters(cluster)] == [row["id"]]
    status, _, err = await dateline(cluster, "purge", "--before", later, "--yes")
    assert (status, err.strip()) == (0, "1 deleted")
    assert await letters(cluster) == []
