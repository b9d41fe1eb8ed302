"""How ``dateline up`` shows events: a live table on a terminal, JSON Lines elsewhere.

Events go to standard output, words to standard error.
"""

from __future__ import annotations

import sys
from collections import deque
from types import TracebackType
from typing import Protocol, Self

import click
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from streams.cli.events import event_table
from streams.cli.output import write_json
from streams.cli.summary import Summary
from streams.errors import InvalidRecord
from streams.headers import printable
from streams.records import Event, decode

_NOTES = 6


class Display(Protocol):
    """Where a run shows what happens; used as a context manager."""

    def event(self, value: bytes) -> None:
        """Show one event."""

    def note(self, words: str) -> None:
        """Say something."""

    def summary(self, summary: Summary) -> None:
        """Show how the run ended."""


class JsonDisplay:
    """Events as JSON Lines on standard output, everything else on standard error."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()

    def event(self, value: bytes) -> None:
        """Write the event as it stands on its topic."""
        write_json(value)

    def note(self, words: str) -> None:
        """Write a line to standard error."""
        click.echo(printable(words), err=True)

    def summary(self, summary: Summary) -> None:
        """Write the summary to standard error."""
        click.echo(summary.as_text(), err=True)


class TableDisplay:
    """A live table of the last events."""

    def __init__(self) -> None:
        """Prepare the table; it is drawn inside the context."""
        self._console = Console()
        self._events: deque[Event] = deque(maxlen=max(5, self._console.height - _NOTES - 6))
        self._notes: deque[str] = deque(maxlen=_NOTES)
        self._count = 0
        self._live = Live(
            console=self._console, auto_refresh=True, refresh_per_second=8, get_renderable=self._draw
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def _draw(self) -> Group:
        table = event_table(self._events, title=f"{self._count} events")
        return Group(*(Text(printable(note), style="dim") for note in self._notes), table)

    def event(self, value: bytes) -> None:
        """Add the event to the table."""
        self._count += 1
        try:
            self._events.append(decode(value, Event))
        except InvalidRecord as error:
            self.note(f"not an event of this version: {error}")

    def note(self, words: str) -> None:
        """Show a line above the table."""
        self._notes.append(words)

    def summary(self, summary: Summary) -> None:
        """Print the summary under the table."""
        self._live.stop()
        click.echo(summary.as_text(), err=True)
