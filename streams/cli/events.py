"""How an event is shown to a person."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from streams.headers import one_line
from streams.records import Actor, Event

_COLOURS = {"diplomacy": "cyan", "military": "red", "trade": "yellow"}


def actors(side: Iterable[Actor]) -> str:
    """Return one side of an event in a few characters: codes where known, else names."""
    return ", ".join(dict.fromkeys(a.country or a.name for a in side)) or "–"


def event_line(event: Event) -> Text:
    """Return an event on one line."""
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{event.event_class:<10}", style=_COLOURS[event.event_class])
    line.append(f"{event.type:<10}", style="bold")
    line.append(one_line(f"{actors(event.source)} → {actors(event.target)}").ljust(24))
    line.append(f"{event.confidence:.2f}  ", style="dim")
    line.append(one_line(event.headline or event.evidence))
    return line


def event_table(events: Iterable[Event], *, title: str) -> Table:
    """Return events as a table, one a row."""
    table = Table(title=title, expand=True, title_justify="left", box=None, pad_edge=False)
    for name, ratio in (("class", 2), ("type", 2), ("source → target", 4), ("conf.", 1), ("evidence", 12)):
        table.add_column(name, ratio=ratio, no_wrap=True, overflow="ellipsis")
    for event in events:
        table.add_row(
            Text(event.event_class, style=_COLOURS[event.event_class]),
            event.type,
            Text(one_line(f"{actors(event.source)} → {actors(event.target)}")),
            f"{event.confidence:.2f}",
            Text(one_line(event.headline or event.evidence)),
        )
    return table
