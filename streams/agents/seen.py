"""The ``seen`` table: which documents of a site were already emitted.

Partitioned as ``pages.raw``, so all pages of a site meet the same entries. It is written only
after the broker confirmed the documents; a crash in between emits them again, with the same ids.
The rule is :class:`streams.seen.SeenRule`. Its days are those of the pages' records, not of the
wall clock, so a replay of a topic decides as the first run did.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import faust
import faust.streams

from streams import headers as h
from streams.agents.store import store_errors
from streams.agents.tables import make_table
from streams.seen import Entry, SeenRule, day_of
from streams.settings import MIB, Settings


def entry_key(site: str, document_id: str) -> bytes:
    """Return the table's key: a document is remembered for each site."""
    return f"{site}|{document_id}".encode("utf-8", "backslashreplace")


def is_replayed(event: faust.EventT[Any]) -> bool:
    """Whether a replay sent the page."""
    return h.REPLAY in dict(event.message.headers or ())


def page_day(event: faust.EventT[Any]) -> date:
    """Return the UTC day of a page: of its record, or of the first one where a replay sent it."""
    if is_replayed(event):
        written = h.whole_number(h.text(dict(event.message.headers or ()).get(h.PAGE_TIME)))
        if written is not None:
            return day_of(written / 1000)
    return day_of(event.message.timestamp)


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
        self._days = settings.seen_days
        self.coded_by(coder_version)
        self._table = make_table(
            app,
            settings,
            "seen",
            partitions=partitions,
            days=settings.seen_days,
            buffer=4 * MIB,
            cache=16 * MIB,
            open_files=64,
        )

    def coded_by(self, coder_version: str) -> None:
        """Remember documents as coded by this version from now on."""
        self._rule = SeenRule(days=self._days, coder=coder_version)

    def is_seen(self, event: faust.EventT[Any], key: bytes) -> bool:
        """Tell whether the key was emitted in the last days, as of the page's time."""
        return self._rule.is_seen(self._entry(event, key), page_day(event), replayed=is_replayed(event))

    def remember(self, event: faust.EventT[Any], keys: Iterator[bytes], emitted: Collection[bytes]) -> None:
        """Write the keys, once the broker has confirmed the documents of those that were emitted."""
        day = page_day(event)
        for key in keys:
            entry = self._rule.renewed(self._entry(event, key), day, emitted=key in emitted)
            if entry:
                with on_partition_of(event), store_errors():
                    self._table[key] = entry.to_bytes()

    def _entry(self, event: faust.EventT[Any], key: bytes) -> Entry | None:
        with on_partition_of(event), store_errors():
            value = self._table.get(key)
        return Entry.from_bytes(value) if value else None
