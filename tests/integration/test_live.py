"""The live page's server beside a broker: what stands on the topics, what comes, and what goes."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from streams.broker.client import producer
from streams.broker.topics import schemas_dir
from streams.records import Event, decode, encode
from streams.web.server import serve
from tests.integration.harness import PATIENCE, Cluster, until

EXAMPLE = decode(next((schemas_dir() / "events" / "examples").rglob("*.json")).read_bytes(), Event)


async def send(cluster: Cluster, *events: Event) -> None:
    async with producer(cluster.settings) as client:
        for event in events:
            topic = cluster.settings.topic(f"events.{event.event_class}")
            await client.send_and_wait(topic, encode(event), key=event.event_id.encode())


async def take_away(cluster: Cluster, event: Event) -> None:
    async with producer(cluster.settings) as client:
        topic = cluster.settings.topic(f"events.{event.event_class}")
        await client.send_and_wait(topic, None, key=event.event_id.encode())


def event(number: int, **fields: Any) -> Event:
    return dataclasses.replace(EXAMPLE, event_id=f"{number:032x}", **fields)


@pytest.fixture
async def page(cluster: Cluster) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of a server that has read what stands on the topics: three events, one twice, one broken."""
    await send(cluster, event(1), event(2), event(2), event(3))
    async with producer(cluster.settings) as client:
        await client.send_and_wait(cluster.settings.topic("events.trade"), b"{", key=b"broken")
    async with serve(cluster.settings, port=0) as address, aiohttp.ClientSession(address) as session:

        async def read() -> bool:
            told = await get(session, "/api/status")
            return bool(told["events"] == 3 and told["unreadable"] == 1)

        await until(read, "the server to have read the topics")
        yield session


async def get(session: aiohttp.ClientSession, path: str) -> Any:
    async with session.get(path) as answer:
        assert answer.status == 200
        return orjson.loads(await answer.read())


async def messages(stream: aiohttp.ClientResponse) -> AsyncIterator[dict[str, str]]:
    """The messages of an event stream; a comment is none."""
    message: dict[str, str] = {}
    async with asyncio.timeout(PATIENCE):
        async for line in stream.content:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                message[name] = value
            elif "data" in message:
                yield message
                message = {}
            else:
                message = {}


async def test_what_stands_there_is_paged_newest_first(page: aiohttp.ClientSession) -> None:
    first = await get(page, "/api/events?limit=2")
    assert first["more"]
    rest = await get(page, f"/api/events?limit=2&before={first['events'][-1]['n']}")
    assert not rest["more"]
    assert sorted(int(e["id"], 16) for e in first["events"] + rest["events"]) == [1, 2, 3]


async def test_what_comes_is_streamed_and_a_second_client_goes_on_where_it_was(
    page: aiohttp.ClientSession, cluster: Cluster
) -> None:
    start = await get(page, "/api/events")
    place = f"{start['boot']}-{start['last']}"
    async with page.get(f"/api/stream?after={place}") as stream:
        told = messages(stream)
        await send(cluster, event(4, headline="first"))
        message = await anext(told)
        assert message["event"] == "events"
        assert [e["headline"] for e in orjson.loads(message["data"])] == ["first"]
        await take_away(cluster, event(4))
        assert orjson.loads((await anext(told))["data"])[0]["gone"] == event(4).event_id
    await send(cluster, event(5))
    async with page.get("/api/stream", headers={"Last-Event-ID": message["id"]}) as stream:
        seen: list[dict[str, Any]] = []
        async for later in messages(stream):
            seen += orjson.loads(later["data"])
            if any(item.get("id") == event(5).event_id for item in seen):
                break
    assert any(item.get("gone") == event(4).event_id for item in seen)


async def test_a_place_in_another_server_begins_anew(page: aiohttp.ClientSession) -> None:
    async with page.get("/api/stream", headers={"Last-Event-ID": "00000000-9999"}) as stream:
        assert (await anext(messages(stream)))["event"] == "reset"


async def test_the_status_says_what_waits(page: aiohttp.ClientSession, cluster: Cluster) -> None:
    told = await get(page, "/api/status")
    assert told["state"] == "ok"
    await cluster.send_raw(
        [(b"site.example", b"a page that nobody takes", [("url", b"https://site.example/")])]
    )

    async def behind() -> bool:
        told = await get(page, "/api/status")
        return bool(told["state"] == "behind" and told["lag"][0]["records"] == 1)

    await until(behind, "the page to wait")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/api/events", 405),
        ("DELETE", "/", 405),
        ("GET", "/static/../server.py", 404),
        ("GET", "/static/%2e%2e%2fserver.py", 404),
        ("GET", "/api/events?limit=-1", 400),
        ("GET", "/api/events?before=x", 400),
    ],
)
async def test_nothing_else_is_answered(
    page: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    async with page.request(method, path) as answer:
        assert answer.status == status
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_name_that_was_made_to_point_here_is_refused(page: aiohttp.ClientSession) -> None:
    async with page.get("/api/events", headers={"Host": "attacker.example"}) as answer:
        assert answer.status == 421
    async with page.get("/api/events", headers={"Host": "localhost:1"}) as answer:
        assert answer.status == 200
