"""``dateline dead-letters``."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from collections.abc import AsyncIterator

import click
from aiokafka import ConsumerRecord, TopicPartition
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streams import headers as h
from streams import settings as settings_module
from streams.broker.client import reader, wait_for_broker
from streams.broker.progress import offsets
from streams.cli.output import write_record
from streams.settings import Settings

_PREVIEW = 2000


@click.group("dead-letters", short_help="List and show what could not be processed")
def command() -> None:
    r"""List and show dead letters: the original bytes of what a stage could not process, and why.

    \b
    Example:
      dateline dead-letters list --stage parse
      dateline dead-letters show 2/17 --raw > page.html
    """


@command.command("list")
@click.option("--stage", type=click.Choice(["parse", "enrich", "classify"]), help="Only of this stage.")
@click.option("--error", help="Only this error class, such as InvalidPage.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="The newest N.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on a terminal too.")
def list_letters(stage: str | None, error: str | None, limit: int, *, as_json: bool) -> None:
    """List dead letters, oldest first; the first column is what `show` takes."""
    rows = asyncio.run(_collect(settings_module.load(), stage, error))[-limit:]
    if as_json or not sys.stdout.isatty():
        for row in rows:
            write_record(row)
        return
    table = Table("id", "last", "stage", "error", "message", "bytes", "key", box=None)
    for row in rows:
        cells = ("id", "last_at", "stage", "error", "message", "bytes", "key")
        table.add_row(*(Text(h.printable(str(row[cell]))) for cell in cells))
    Console().print(table)


@command.command("show")
@click.argument("letter_id")
@click.option("--raw", is_flag=True, help="Only the original bytes.")
def show(letter_id: str, *, raw: bool) -> None:
    """Show one dead letter: what went wrong, and the original. ID is PARTITION/OFFSET."""
    partition, _, offset = letter_id.partition("/")
    if not (partition.isdigit() and offset.isdigit()):
        raise click.BadParameter("expected PARTITION/OFFSET, as `dateline dead-letters list` prints it")
    record = asyncio.run(_fetch(settings_module.load(), int(partition), int(offset)))
    if record is None:
        raise click.ClickException(f"there is no dead letter {letter_id}")
    value = record.value or b""
    if raw:
        sys.stdout.buffer.write(value)
        return
    for name, shown in _row(record).items():
        click.echo(f"{name:>14}: {h.printable(str(shown))}")
    for name, given in h.original(record.headers):
        click.echo(f"{'header':>14}: {h.printable(name)} = {h.printable(h.text(given))}")
    trace = h.DeadLetter.from_headers(record.headers).traceback
    if trace:
        click.echo(h.printable(trace))
    click.echo(f"\n{h.printable(value[:_PREVIEW].decode('utf-8', 'backslashreplace'))}")
    if len(value) > _PREVIEW:
        click.echo(f"… ({len(value):,} bytes in all; --raw gives them)", err=True)


def _row(record: ConsumerRecord) -> dict[str, object]:
    letter = dataclasses.asdict(h.DeadLetter.from_headers(record.headers))
    del letter["traceback"]
    return {
        "id": f"{record.partition}/{record.offset}",
        **letter,
        "url": h.text(dict(record.headers).get(h.URL)),
        "key": h.text(record.key),
        "bytes": len(record.value or b""),
    }


async def _collect(settings: Settings, stage: str | None, error: str | None) -> list[dict[str, object]]:
    await wait_for_broker(settings)
    found = [(record.timestamp, _row(record)) async for record in _all(settings)]
    wanted = [
        (at, row)
        for at, row in found
        if (stage is None or row["stage"] == stage) and (error is None or row["error"] == error)
    ]
    return [row for _, row in sorted(wanted, key=lambda pair: (pair[0], str(pair[1]["id"])))]


async def _all(settings: Settings) -> AsyncIterator[ConsumerRecord]:
    """Yield what stands on the topic now, then end."""
    async with reader(settings, "dead-letters", from_start=True) as client:
        first, end = await offsets(client, settings.topic("dead-letters"))
        left = {p for p in end if end[p] > first[p]}
        while left:
            for tp, records in (await client.getmany(timeout_ms=500)).items():
                for record in records:
                    if record.offset < end[tp.partition]:
                        yield record
            for partition in list(left):
                position = await client.position(TopicPartition(settings.topic("dead-letters"), partition))
                if position >= end[partition]:
                    left.discard(partition)


async def _fetch(settings: Settings, partition: int, offset: int) -> ConsumerRecord | None:
    await wait_for_broker(settings)
    topic = settings.topic("dead-letters")
    async with reader(settings, "dead-letters") as client:
        first, end = await offsets(client, topic)
        if not first.get(partition, 0) <= offset < end.get(partition, 0):
            return None
        tp = TopicPartition(topic, partition)
        client.assign([tp])
        client.seek(tp, offset)
        record: ConsumerRecord = await client.getone()
        return record if record.offset == offset else None
