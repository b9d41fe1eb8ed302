"""Event streams: a client too many is refused, a silent line is kept open, a slow client is dropped."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from streams.web.store import EventStore
from streams.web.stream import Streams


@asynccontextmanager
async def client(streams: Streams) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    app.router.add_get("/", streams.serve)
    async with TestClient(TestServer(app)) as found:
        yield found
        streams.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_client_too_many_is_told_to_come_again() -> None:
    streams = Streams(EventStore(10), most=1)
    async with client(streams) as http, http.get("/"), http.get("/") as refused:
        assert refused.status == 503
        assert refused.headers["Retry-After"] == "10"


async def test_a_silent_line_is_kept_open_and_a_client_that_went_is_forgotten() -> None:
    streams = Streams(EventStore(10), heartbeat=0.01)
    async with client(streams) as http:
        async with http.get("/") as stream:
            async for line in stream.content:
                if line.startswith(b": "):
                    break
            assert len(streams) == 1
        await until(lambda: len(streams) == 0)


@pytest.mark.parametrize("place", ["", "x", "00000000-1", "../-1"])
async def test_whoever_does_not_know_this_store_begins_anew(place: str) -> None:
    async with client(Streams(EventStore(10))) as http, http.get("/", params={"after": place}) as stream:
        assert await stream.content.readline() == b"retry: 2000\n"
        assert await stream.content.readline() == b"event: reset\n"


async def test_a_client_that_takes_nothing_is_dropped() -> None:
    store = EventStore(1000)
    streams = Streams(store, patience=0.05, gather=0.0)
    async with client(streams) as http:
        with socket.create_connection(("127.0.0.1", http.port or 0)) as slow:
            place = f"{store.boot}-0"
            slow.sendall(f"GET /?after={place} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            await until(lambda: len(streams) == 1)
            for number in range(200):
                store.put(str(number), b'{"x":"' + b"y" * 200_000 + b'"}', 0)
            store.announce()
            await until(lambda: len(streams) == 0)
