"""The ``actors`` table: what the stream teaches of persons, for an operator to look at.

Partitioned as ``documents``: each partition counts the documents it holds. It is written only after the
broker confirmed what was made of them. What a replay sends was counted when it came first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import faust

from streams.actors import Entry, Sighting, entry_key, noted
from streams.agents.seen import is_replayed, on_partition_of, page_day
from streams.agents.store import store_errors
from streams.agents.tables import make_table
from streams.settings import MIB, Settings

#: Days after which a person whom the stream names no more is forgotten; as long as its topic keeps them.
DAYS = 400


class ActorsTable:
    """Counts in how many documents a person is named with a state and a sector."""

    def __init__(self, app: faust.App, settings: Settings, *, partitions: int) -> None:
        """Declare the table and its changelog topic on the app."""
        # Some thousand names: next to nothing for each partition.
        self._table = make_table(
            app, settings, "actors", partitions=partitions, days=DAYS, buffer=MIB, cache=MIB, open_files=32
        )

    def note(self, event: faust.EventT[Any], told: Iterable[Sighting]) -> None:
        """Count what a document says, once the broker has confirmed what was made of it."""
        if is_replayed(event):
            return
        for one in told:
            key = entry_key(one.name, one.country, one.role)
            with on_partition_of(event), store_errors():
                value = self._table.get(key)
                entry = noted(
                    Entry.from_bytes(value) if value else None, one, page_day(event), event.message.offset
                )
                self._table[key] = entry.to_bytes()
