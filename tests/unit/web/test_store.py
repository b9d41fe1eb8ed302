"""The store of the live page: unique by id, bounded, in order, and told apart from another one."""

from __future__ import annotations

import asyncio

import orjson
from hypothesis import given
from hypothesis import strategies as st

from streams.web.store import EventStore


def put(store: EventStore, event_id: str, **fields: object) -> bool:
    return store.put(event_id, orjson.dumps({"id": event_id, **fields}), 7)


def ids(store: EventStore) -> list[str]:
    return [orjson.loads(e.body)["id"] for e in store.before(None, 1000)]


def test_an_event_is_kept_once_with_its_number_and_time() -> None:
    store = EventStore(10)
    assert put(store, "a", headline="100 %d %s")
    assert not put(store, "a", headline="100 %d %s")
    (entry,) = store.before(None, 10)
    assert orjson.loads(entry.body) == {"n": 1, "at": 7, "id": "a", "headline": "100 %d %s"}
    assert len(store) == store.last == 1


def test_an_event_that_comes_with_another_content_is_new_again() -> None:
    store = EventStore(10)
    put(store, "a")
    put(store, "b")
    assert put(store, "a", type="AID")
    assert ids(store) == ["a", "b"]
    assert [e.number for e in store.since(1, 10)] == [2, 3]


def test_what_was_taken_away_is_told_and_no_longer_listed() -> None:
    store = EventStore(10)
    put(store, "a")
    store.remove("a")
    store.remove("never there")
    assert ids(store) == []
    assert [orjson.loads(e.body) for e in store.since(0, 10)] == [{"n": 2, "gone": "a"}]
    assert put(store, "a")
    assert ids(store) == ["a"]


def test_pages_go_back_without_gap_or_repeat() -> None:
    store = EventStore(100)
    for number in range(25):
        put(store, f"{number}")
    pages = []
    before = None
    while page := store.before(before, 10):
        pages += [e.number for e in page]
        before = page[-1].number
    assert pages == list(range(25, 0, -1))


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 2)), max_size=60))
def test_a_reader_that_follows_has_what_the_store_has(changes: list[tuple[str, int]]) -> None:
    store, known, number = EventStore(5), dict[str, int](), 0
    for event_id, what in changes:
        if what:
            put(store, event_id, what=what)
        else:
            store.remove(event_id)
        for entry in store.since(number, 100):
            fields = orjson.loads(entry.body)
            number = entry.number
            known.pop(fields.get("gone", fields.get("id")), None)
            if not entry.gone:
                known[fields["id"]] = fields["n"]
    assert len(store) <= 5
    kept = {orjson.loads(e.body)["id"]: e.number for e in store.before(None, 10)}
    assert kept.items() <= known.items()
    assert number == store.last


async def test_waiting_ends_with_the_announcement() -> None:
    store = EventStore(5)
    waiting = asyncio.create_task(store.wait(0))
    await asyncio.sleep(0)
    put(store, "a")
    store.announce()
    await asyncio.wait_for(waiting, 5)


def test_two_stores_have_two_names() -> None:
    assert EventStore(5).boot != EventStore(5).boot
