"""Server-sent events: each client has a place in the store, and nothing is kept for a client that is slow.

Source: WHATWG HTML, server-sent events. A message's id is ``<boot>-<number>``, so a browser that
connects again says how far it came.
"""

from __future__ import annotations

import asyncio
import re

from aiohttp import hdrs, web

from streams.web.store import Entry, EventStore

_PLACE = re.compile(r"([0-9a-f]{8})-(\d{1,15})")
_AT_A_TIME = 200


class Streams:
    """The clients that follow a store."""

    def __init__(
        self,
        store: EventStore,
        *,
        most: int = 64,
        heartbeat: float = 15.0,
        patience: float = 10.0,
        gather: float = 0.1,
    ) -> None:
        """Serve at most so many clients; drop one that takes nothing for ``patience`` seconds."""
        self._store, self._most = store, most
        self._heartbeat, self._patience, self._gather = heartbeat, patience, gather
        self._open: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Return how many clients follow."""
        return len(self._open)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one client until it goes, or is too slow."""
        if len(self._open) >= self._most:
            raise web.HTTPServiceUnavailable(headers={hdrs.RETRY_AFTER: "10"}, text="too many clients\n")
        response = web.StreamResponse(
            headers={
                hdrs.CONTENT_TYPE: "text/event-stream; charset=utf-8",
                hdrs.CACHE_CONTROL: "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        task = asyncio.create_task(self._follow(request, response))
        self._open.add(task)
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            self._open.discard(task)
        return response

    def close(self) -> None:
        """Send every client away."""
        for task in self._open:
            task.cancel()

    async def _follow(self, request: web.Request, response: web.StreamResponse) -> None:
        try:
            number = await self._begin(request, response)
            while True:
                entries = self._store.since(number, _AT_A_TIME)
                if entries:
                    number = entries[-1].number
                    await self._write(response, self._frame(entries))
                    # What comes close together goes out together.
                    await asyncio.sleep(self._gather)
                elif not await self._news(number):
                    await self._write(response, b": still here\n\n")
        except TimeoutError:
            if request.transport:
                request.transport.abort()
        except ConnectionError:
            pass

    async def _begin(self, request: web.Request, response: web.StreamResponse) -> int:
        """Return the number to go on from; a place in another store's order means: begin anew."""
        said = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        place = _PLACE.fullmatch(said)
        if place and place[1] == self._store.boot:
            await self._write(response, b"retry: 2000\n\n")
            return int(place[2])
        last = self._store.last
        await self._write(response, b"retry: 2000\nevent: reset\nid: %s\ndata: {}\n\n" % self._id(last))
        return last

    def _frame(self, entries: list[Entry]) -> bytes:
        data = b",".join(entry.body for entry in entries)
        return b"event: events\nid: %s\ndata: [%s]\n\n" % (self._id(entries[-1].number), data)

    def _id(self, number: int) -> bytes:
        return f"{self._store.boot}-{number}".encode()

    async def _news(self, number: int) -> bool:
        try:
            await asyncio.wait_for(self._store.wait(number), self._heartbeat)
        except TimeoutError:
            return False
        return True

    async def _write(self, response: web.StreamResponse, data: bytes) -> None:
        await asyncio.wait_for(response.write(data), self._patience)
