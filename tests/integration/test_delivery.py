"""Every page ends as its events, as nothing new, or as one dead letter."""

from __future__ import annotations

import orjson

from streams import headers as h
from streams.records import Document, Event, decode
from tests.integration import faulty
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, Expected, by_key, headers_of, page

TEASERS = [
    (f"China raises duties on imports from country {n}", f"The new tariff of {n} percent takes effect in May")
    for n in range(20)
]


async def test_pages_become_the_documents_and_events_that_the_stages_give(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    pages = [page(f"site{n % 3}.example", f"a{n}", teasers=TEASERS[n : n + 3]) for n in range(12)]
    expected = Expected.of(pages)
    await make_worker().start_ready()
    await cluster.send(pages)
    await cluster.finished()

    documents = by_key(await cluster.records("documents"))
    assert documents.keys() == expected.documents.keys()
    assert by_key(await cluster.records("documents.enriched")).keys() == expected.documents.keys()
    events = by_key(await cluster.events())
    assert events.keys() == expected.events.keys()
    assert events, "the pages report events"
    for key, values in events.items():
        # A teaser on two sites gives one event id; only the page that it names differs.
        for value in values:
            event = decode(value, Event)
            assert (event.event_id, event.source, event.target) == (key, *_sides(expected.events[key]))
    assert await cluster.records("dead-letters") == []


def _sides(event: Event) -> tuple[object, object]:
    return event.source, event.target


async def test_a_document_is_emitted_once_for_a_site_also_after_a_restart(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    first = [page("one.example", f"a{n}", teasers=TEASERS) for n in range(3)]
    worker = make_worker()
    await worker.start_ready()
    await cluster.send(first)
    await cluster.finished()
    before = len(await cluster.records("documents"))
    assert before == len(Expected.of(first).documents)
    assert worker.stop() == 0

    await worker.start_ready()
    again = page("one.example", "new", teasers=TEASERS)
    other = page("two.example", "other", teasers=TEASERS[:5])
    await cluster.send([*first, again, other])
    await cluster.finished()
    documents = (await cluster.records("documents"))[0:]
    sites = [decode(r.value or b"", Document).site for r in documents]
    assert len(documents) == before + 1 + 6, "one new article, and all of the other site"
    assert sites.count("two.example") == 6


async def test_a_lost_table_is_rebuilt_from_its_changelog(cluster: Cluster, make_worker: MakeWorker) -> None:
    pages = [page("one.example", f"a{n}", teasers=TEASERS) for n in range(3)]
    worker = make_worker()
    await worker.start_ready()
    await cluster.send(pages)
    await cluster.finished()
    before = len(await cluster.records("documents"))
    assert worker.stop() == 0

    fresh = make_worker(data_dir=cluster.settings.data_dir / "elsewhere")
    await fresh.start_ready()
    await cluster.send(pages)
    await cluster.finished()
    assert len(await cluster.records("documents")) == before


async def test_records_carry_cloudevents_headers_and_their_lineage(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    trace = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    one = page("one.example", "traced", teasers=TEASERS[:3])
    await make_worker().start_ready()
    await cluster.send_raw([(b"one.example", one.body, [*headers_of(one), ("traceparent", trace)])])
    await cluster.finished()
    (raw,) = await cluster.records("pages.raw")
    records = [*await cluster.records("documents", "documents.enriched"), *await cluster.events()]
    assert len(records) > 8
    for record in records:
        headers = dict(record.headers)
        assert headers["ce_specversion"] == b"1.0"
        assert headers["ce_id"] == record.key
        assert headers["content-type"] == b"application/json"
        assert headers["ce_time"].endswith(b"Z")
        assert headers["dateline_lineage"] == f"{raw.topic}/{raw.partition}/{raw.offset}".encode()
        assert headers["dateline_page_time"] == str(raw.timestamp).encode()
        assert headers["traceparent"] == trace
    lineage = orjson.loads(records[0].value or b"")["lineage"]
    assert (lineage["partition"], lineage["offset"]) == (raw.partition, raw.offset)


async def test_bad_input_becomes_one_dead_letter_each_and_the_rest_flows(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    good = page("one.example", "good", teasers=TEASERS[:3])
    known = headers_of(good)
    large = b"<p>" + b"word " * 10_000_000
    bad: dict[str, tuple[bytes, list[h.Header]]] = {
        "empty": (b"", known),
        "larger": (large, known),
        "JSON": (b'{"url": "https://x.example/", "body": ', []),
        "url": (b'{"body": "<p>text</p>"}', []),
        "headers url": (good.body, []),
        "binary": (bytes(range(256)) * 40, known),
        "no text": (b"<html><body><script>1</script></body></html>", known),
        "base64": (b'{"url": "https://x.example/", "encoding": "base64", "body": "???"}', []),
        "fetched-at": (good.body, [("url", b"https://x.example/"), ("fetched-at", b"yesterday")]),
    }
    await make_worker().start_ready()
    await cluster.send_raw([(b"one.example", value, headers) for value, headers in bad.values()])
    await cluster.send([good])
    await cluster.finished()

    letters = await cluster.records("dead-letters")
    assert sorted(r.value or b"" for r in letters) == sorted(value for value, _ in bad.values())
    for letter in letters:
        said = h.DeadLetter.from_headers(letter.headers)
        assert (said.stage, said.topic) == ("parse", cluster.settings.topic("pages.raw"))
        assert said.error in ("InvalidPage", "InvalidRecord")
        assert letter.key == b"one.example"
        assert said.message
        assert said.attempts == 1
    documents = by_key(await cluster.records("documents"))
    assert documents.keys() == Expected.of([good]).documents.keys()


async def test_a_page_that_hangs_crashes_or_eats_memory_costs_one_dead_letter(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    poison = {
        faulty.HANG: "DeadlineExceeded",
        faulty.DIE: "ComputeCrashed",
        faulty.EAT: "ComputeCrashed",
        faulty.RAISE: "Unexpected",
    }
    good = [page(f"site{n}.example", f"a{n}") for n in range(10)]
    sent = [(one.url.split("/")[2].encode(), one.body, headers_of(one)) for one in good]
    sent[3:3] = [(b"site3.example", b"<p>" + word, headers_of(good[0])) for word in poison]
    # A deadline that a busy machine meets: the memory cap must come first.
    worker = make_worker(faulty=True, compute_memory=512 * 1024 * 1024, page_deadline=12.0)
    await worker.start_ready()
    await cluster.send_raw(sent)
    await cluster.finished()

    letters = await cluster.records("dead-letters")
    errors = {(r.value or b"")[3:]: h.DeadLetter.from_headers(r.headers).error for r in letters}
    assert errors == poison
    assert len(letters) == len(poison)
    documents = by_key(await cluster.records("documents"))
    assert documents.keys() == Expected.of(good).documents.keys()
    assert worker.get("/livez")[0] == 200


async def test_too_many_dead_letters_stop_the_worker_before_they_are_acknowledged(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    worker = make_worker(dead_letter_count=20, page_batch=8)
    await worker.start_ready()
    await cluster.send_raw([(b"one.example", b"not a page", []) for _ in range(60)])
    assert worker.process is not None
    assert worker.process.wait(timeout=60) == 3
    words = worker.log.read_text()
    for word in ("too many dead letters", "DATELINE_DEAD_LETTER_COUNT", "neither a RawPage"):
        assert word in words, "it says why, which setting, and what the last one was"
    assert len(await cluster.records("dead-letters")) < 20
