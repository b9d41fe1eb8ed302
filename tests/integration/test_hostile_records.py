"""Records that no Dateline program writes, but any client can: one dead letter each, the rest flows."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams import headers as h
from streams.verify.topics import verify
from tests.batches import Raw, batch, put
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, Expected, by_key, headers_of, page

GOOD = page("one.example", "good")
KNOWN = [(name.encode(), value) for name, value in headers_of(GOOD)]
LARGE = 900_000


def raw_page(name: str) -> Raw:
    one = page("one.example", name)
    return (b"one.example", one.body, [(key.encode(), value) for key, value in headers_of(one)])


async def test_odd_records_become_dead_letters_and_those_beside_them_documents(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    odd: dict[str, Raw] = {
        "no text as a header's name": (b"k", b"odd name", [(b"\xff\xfebad", b"\x00")]),
        "no key, no value, no headers": (None, None, []),
        "no value with a page's headers": (b"", None, KNOWN),
        "a header without value": (b"k", b"none", [(b"url", None)]),
        "a huge header": (b"k", b"huge", [(b"url", b"u" * LARGE)]),
        "a huge name": (b"k", b"huge name", [(b"n" * LARGE, b"")]),
        "many headers": (b"k", b"many", [(b"x", b"")] * 20_000),
        "a huge key": (b"k" * LARGE, b"huge key", []),
        "names of ours": (
            b"k",
            b"ours",
            [(b"dl_attempts", b"--1"), (b"dl_topic", b"\x1b"), (b"dl_\xff", b"")],
        ),
        "its own lineage": (b"k", b"own", [(b"dateline_lineage", b"x/0/0"), (b"dateline_damaged", b"\x9b")]),
    }
    around = [raw_page(f"beside{n}") for n in range(2)]
    await put(cluster.settings, "pages.raw", 3, batch([around[0], *odd.values(), around[1]]))
    await put(cluster.settings, "pages.raw", 3, batch([raw_page("beside2")], zipped=True))
    worker = make_worker()
    await worker.start_ready()
    await cluster.finished()

    letters = await cluster.records("dead-letters")
    assert sorted(r.value or b"" for r in letters) == sorted(value or b"" for _, value, _ in odd.values())
    assert {h.DeadLetter.from_headers(r.headers).error for r in letters} == {"InvalidPage", "InvalidRecord"}
    (strange,) = (dict(r.headers) for r in letters if r.value == b"odd name")
    assert strange["\\xff\\xfebad"] == b"\x00", "shown, and kept"
    through = Expected.of(page("one.example", name) for name in ("beside0", "beside1", "beside2"))
    assert by_key(await cluster.records("documents")).keys() == through.documents.keys()
    assert worker.stop() == 0
    report = await verify(cluster.settings)
    assert (report.pages, report.dead_lettered, report.lost) == (len(odd) + 3, len(odd), 0)


def _damage(folder: Path, partition: str, mark: bytes) -> None:
    """Change one letter of it in the log, beneath the running broker."""
    (log,) = folder.rglob(f"{partition}/*.log")
    with log.open("r+b") as file:
        file.seek(log.read_bytes().index(mark))
        file.write(mark[:1].upper())


@pytest.mark.parametrize("address", [pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True)
async def test_pages_of_a_batch_damaged_on_the_brokers_disk_become_dead_letters(
    cluster: Cluster, make_worker: MakeWorker, kafka_folder: Path
) -> None:
    good, mark = [raw_page("before"), raw_page("after")], b"this will be damaged"
    # The first has no time.
    for one in (batch(good[:1], timestamp=-1), batch([(b"k", mark, KNOWN), *good]), batch(good[1:])):
        await put(cluster.settings, "pages.raw", 5, one)
    _damage(kafka_folder, f"{cluster.settings.topic('pages.raw')}-5", mark)
    worker = make_worker()
    await worker.start_ready()
    await cluster.finished()

    letters = sorted(
        await cluster.records("dead-letters"), key=lambda r: h.DeadLetter.from_headers(r.headers).offset
    )
    said = [h.DeadLetter.from_headers(r.headers) for r in letters]
    assert [(s.offset, s.error) for s in said] == [(offset, "InvalidRecord") for offset in (1, 2, 3)]
    assert "offsets 1 to 3 is damaged: its checksum does not fit" in said[0].message
    assert b"This will be damaged" in (letters[0].value or b""), "the batch's bytes, for whoever mends it"
    assert [r.value for r in letters[1:]] == [b"", b""]
    through = Expected.of(page("one.example", name) for name in ("before", "after"))
    assert by_key(await cluster.records("documents")).keys() == through.documents.keys()
    assert worker.stop() == 0
    report = await verify(cluster.settings)
    assert (report.pages, report.dead_lettered, report.lost) == (5, 3, 0)
