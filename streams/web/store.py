"""The last events, each encoded once, in the order they came. Used from one event loop only."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from itertools import islice
from typing import NamedTuple

import orjson


class Entry(NamedTuple):
    """An event, or the word that an event is gone, as a JSON object with its number."""

    number: int
    gone: bool
    body: bytes


class EventStore:
    """The last ``limit`` events, unique by event id.

    Numbers grow with each change; an event that comes again with another content gets a new one.
    ``boot`` names this store: a number means nothing to another one.
    """

    def __init__(self, limit: int) -> None:
        """Start empty."""
        self.limit = limit
        self.boot = secrets.token_hex(4)
        self.last = 0
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._contents: dict[str, bytes] = {}
        self._more = asyncio.Event()

    def __len__(self) -> int:
        """Return how many events are kept."""
        return len(self._contents)

    def put(self, event_id: str, content: bytes, at: int) -> bool:
        """Take an event's JSON object and when it came, in milliseconds; return False for what is known."""
        if self._contents.get(event_id) == content:
            return False
        self._contents[event_id] = content
        self._add(event_id, b'"at":%d,%s' % (at, content[1:]), gone=False)
        return True

    def remove(self, event_id: str) -> None:
        """Forget an event whose key was taken away, and say so to whoever has it."""
        if self._contents.pop(event_id, None) is not None:
            self._add(event_id, b'"gone":%s}' % orjson.dumps(event_id), gone=True)

    def _add(self, event_id: str, body: bytes, *, gone: bool) -> None:
        self.last += 1
        self._entries[event_id] = Entry(self.last, gone, b'{"n":%d,%s' % (self.last, body))
        self._entries.move_to_end(event_id)
        while len(self._entries) > self.limit:
            oldest, _ = self._entries.popitem(last=False)
            self._contents.pop(oldest, None)

    def announce(self) -> None:
        """Wake whoever waits for what was added: once for each batch."""
        self._more.set()
        self._more = asyncio.Event()

    async def wait(self, after: int) -> None:
        """Return when there is something newer than a number."""
        while self.last <= after:
            await self._more.wait()

    def since(self, number: int, limit: int) -> list[Entry]:
        """Return the first entries after a number, oldest first.

        What was dropped between is left out: a reader who keeps ``limit`` events would have dropped it, too.
        """
        newer: list[Entry] = []
        for entry in reversed(self._entries.values()):
            if entry.number <= number:
                break
            newer.append(entry)
        newer.reverse()
        return newer[:limit]

    def before(self, number: int | None, limit: int) -> list[Entry]:
        """Return the last events before a number, or of all, newest first."""
        events = (e for e in reversed(self._entries.values()) if not e.gone)
        if number is not None:
            events = (e for e in events if e.number < number)
        return list(islice(events, limit))
