"""``dateline tail``."""

from __future__ import annotations

import asyncio
import contextlib
import sys

import click
from rich.console import Console
from rich.text import Text

from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import reader, wait_for_broker
from streams.cli.events import event_line
from streams.cli.output import write_json
from streams.errors import InvalidRecord
from streams.headers import one_line
from streams.records import EVENT_CLASSES, Event, decode
from streams.settings import Settings


@click.command("tail", short_help="Events as they come")
@click.option(
    "--class", "classes", multiple=True, type=click.Choice(EVENT_CLASSES), help="Only these classes."
)
@click.option("--from-start", is_flag=True, help="Begin with the oldest event, not with the next one.")
@click.option("--limit", type=click.IntRange(1), help="Stop after this many events.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on a terminal too.")
def command(classes: tuple[str, ...], limit: int | None, *, from_start: bool, as_json: bool) -> None:
    """Print events as they come: readable on a terminal, JSON Lines when piped. Ctrl-C ends it.

    \b
    Example:
      dateline tail --class trade | jq -r .headline
    """
    settings = settings_module.load()
    readable = sys.stdout.isatty() and not as_json
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            _tail(settings, classes or EVENT_CLASSES, limit, from_start=from_start, readable=readable)
        )


async def _tail(
    settings: Settings, classes: tuple[str, ...], limit: int | None, *, from_start: bool, readable: bool
) -> None:
    names = [f"events.{c}" for c in classes]
    await wait_for_broker(settings)
    await topics.require(settings, *names)
    console = Console()
    shown = 0
    async with reader(settings, *names, from_start=from_start) as client:
        async for message in client:
            if message.value is None:
                continue
            if readable:
                console.print(_readable(message.value))
            else:
                write_json(message.value)
            shown += 1
            if shown == limit:
                return


def _readable(value: bytes) -> Text:
    try:
        return event_line(decode(value, Event))
    except InvalidRecord as error:
        return Text(one_line(f"(not an event of this version: {error})"))
