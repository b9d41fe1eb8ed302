"""The ``seen`` table: which documents of a site were already emitted.

Partitioned as ``pages.raw``, so all pages of a site meet the same entries. It is written only
after the broker confirmed the documents; a crash in between emits them again, with the same ids.
An entry's value is the day it was last seen and the coder's version. The day is that of the
page's record, not of the wall clock, so a replay of a topic decides as the first run did.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import faust
import faust.streams

from streams.agents.store import store_errors
from streams.settings import Settings

_EPOCH = date(1970, 1, 1)


def entry_key(site: str, document_id: str) -> bytes:
    """Return the table's key: a document is remembered for each site."""
    return f"{site}|{document_id}".encode("utf-8", "backslashreplace")


def day_of(timestamp: float) -> date:
    """Return the UTC day of a record's timestamp in seconds; an absurd one is the epoch."""
    try:
        return datetime.fromtimestamp(timestamp, UTC).date()
    except (OverflowError, ValueError, OSError):
        return _EPOCH


def entry_value(day: date, coder_version: str) -> bytes:
    """Return an entry's value."""
    return f"{day.isoformat()} {coder_version}".encode()


def entry_day(value: bytes) -> date | None:
    """Return the day of an entry, or None when it is not one."""
    try:
        return date.fromisoformat(value[:10].decode("ascii"))
    except ValueError:
        return None


@contextlib.contextmanager
def on_partition_of(event: faust.EventT[Any]) -> Iterator[None]:
    """Let table reads and writes inside the block go to the event's partition.

    Faust has no current event inside ``take_events``; without one every write raises.
    """
    token = faust.streams._current_event.set(weakref.ref(event))  # noqa: SLF001  (Faust has no public way)
    try:
        yield
    finally:
        faust.streams._current_event.reset(token)  # noqa: SLF001


class SeenTable:
    """Remembers documents for a number of days after they were last seen."""

    def __init__(self, app: faust.App, settings: Settings, *, partitions: int, coder_version: str) -> None:
        """Declare the table and its changelog topic on the app."""
        self._days = timedelta(days=settings.seen_days)
        # A teaser that stays on a site is written again only now and then, not on every page.
        self._refresh = timedelta(days=max(1, settings.seen_days // 4))
        self._coder_version = coder_version
        changelog = app.topic(
            settings.topic("seen"),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
            partitions=partitions,
            compacting=True,
            deleting=True,
            internal=False,
        )
        self._table: Any = app.Table(
            "seen",
            key_type=bytes,
            value_type=bytes,
            partitions=partitions,
            changelog_topic=changelog,
            options={
                "driver": "rocksdict",
                "ttl": int(self._days.total_seconds()),
                # One store for each partition: the defaults are for a single large one.
                "write_buffer_size": 4 * 1024 * 1024,
                "max_write_buffer_number": 2,
                "block_cache_size": 16 * 1024 * 1024,
                "max_open_files": 64,
            },
        )

    def is_seen(self, event: faust.EventT[Any], key: bytes) -> bool:
        """Tell whether the key was emitted in the last days, as of the event's time."""
        day = self._day(event, key)
        return day is not None and abs(day_of(event.message.timestamp) - day) <= self._days

    def remember(self, event: faust.EventT[Any], keys: Iterator[bytes]) -> None:
        """Write the keys, once the broker has confirmed their documents."""
        today = day_of(event.message.timestamp)
        value = entry_value(today, self._coder_version)
        for key in keys:
            day = self._day(event, key)
            if day is None or today - day >= self._refresh:
                with on_partition_of(event), store_errors():
                    self._table[key] = value

    def _day(self, event: faust.EventT[Any], key: bytes) -> date | None:
        with on_partition_of(event), store_errors():
            value = self._table.get(key)
        return entry_day(value) if value else None
