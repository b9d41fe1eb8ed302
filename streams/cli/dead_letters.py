"""``dateline dead-letters``."""

from __future__ import annotations

import asyncio
import dataclasses
import heapq
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import click
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streams import headers as h
from streams import settings as settings_module
from streams.broker import dead_letters
from streams.broker.dead_letters import Filter, Letter, Plan
from streams.cli.output import write_record
from streams.settings import Settings

_PREVIEW = 2000
_SHOWN = 20
MAX_ATTEMPTS = 3


class Moment(click.ParamType):
    """A date or a time in ISO 8601; UTC where it names no zone."""

    name = "time"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no ISO 8601 time, such as 2026-03-04 or 2026-03-04T08:00Z", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def _filters(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that choose letters."""
    for option in (
        click.option("--until", type=Moment(), help="Older than this."),
        click.option("--since", type=Moment(), help="From this time on."),
        click.option("--site", help="Only pages of this site; the record's key where no address is known."),
        click.option("--error", help="Only this error class, such as InvalidPage."),
        click.option(
            "--stage", type=click.Choice(["parse", "enrich", "classify"]), help="Only of this stage."
        ),
    ):
        function = option(function)
    return function


@click.group("dead-letters", short_help="List, show and redrive what could not be processed")
def command() -> None:
    """What a stage could not process: the original bytes, and why.

    \b
    Example:
      dateline dead-letters list --stage parse --since 2026-03-04
      dateline dead-letters show 2/17 --raw > page.html
      dateline dead-letters redrive --error DeadlineExceeded --yes
    """


@command.command("list")
@_filters
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="The newest N.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on a terminal too.")
def list_letters(
    stage: str | None,
    error: str | None,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    *,
    as_json: bool,
) -> None:
    """List dead letters, oldest first; the first column is what `show` and `redrive` take."""
    wanted = Filter(stage=stage, error=error, site=site, since=since, until=until)
    rows = [_row(letter) for letter in asyncio.run(_newest(settings_module.load(), wanted, limit))]
    if as_json or not sys.stdout.isatty():
        for row in rows:
            write_record(row)
        return
    table = Table("id", "last", "stage", "error", "message", "bytes", "key", box=None)
    for row in rows:
        cells = ("id", "last_at", "stage", "error", "message", "bytes", "key")
        table.add_row(*(Text(h.one_line(str(row[cell]))) for cell in cells))
    Console().print(table)


@command.command("show")
@click.argument("letter_id")
@click.option("--raw", is_flag=True, help="Only the original bytes.")
def show(letter_id: str, *, raw: bool) -> None:
    """Show one dead letter: what went wrong, and the original. ID is PARTITION/OFFSET."""
    partition, offset = _place(letter_id)
    record = asyncio.run(dead_letters.fetch(settings_module.load(), partition, offset))
    if record is None:
        raise click.ClickException(f"there is no dead letter {letter_id}")
    value = record.value or b""
    if raw:
        sys.stdout.buffer.write(value)
        return
    _describe(record, value)


@command.command("redrive")
@click.argument("letter_ids", nargs=-1, metavar="[ID]...")
@_filters
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="At most so many a second.")
@click.option(
    "--max-attempts",
    type=click.IntRange(1),
    default=MAX_ATTEMPTS,
    show_default=True,
    help="Leave what has failed so often.",
)
@click.option("--yes", is_flag=True, help="Do it; without, only say what would be done.")
def redrive(
    letter_ids: tuple[str, ...],
    stage: str | None,
    error: str | None,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    rate: float | None,
    max_attempts: int,
    *,
    yes: bool,
) -> None:
    """Send dead letters back to the topics they came from, original bytes, key and headers unchanged.

    Without --yes it only prints what it would send and what it would leave. A record that fails
    again becomes a letter with its attempts counted on; one that was cut to fit is left. A second
    redrive of the same letter is harmless: documents and events have the same ids, and what was seen
    is not emitted again.

    \b
    Example:
      dateline dead-letters redrive --stage parse --site press.example
      dateline dead-letters redrive 2/17 2/18 --rate 10 --yes
    """
    for letter_id in letter_ids:
        _place(letter_id)
    settings = settings_module.load()
    wanted = Filter(stage=stage, error=error, site=site, since=since, until=until, ids=frozenset(letter_ids))
    letters = asyncio.run(_collect(settings))
    missing = set(letter_ids) - {letter.id for letter in letters}
    if missing:
        raise click.ClickException(f"there is no dead letter {', '.join(sorted(missing))}")
    plan = dead_letters.plan(letters, wanted, settings, max_attempts)
    _print(plan)
    if not yes:
        if plan.send:
            click.echo("nothing was sent; --yes sends", err=True)
        return
    try:
        sent = asyncio.run(_redrive(plan, settings, rate))
    except KafkaError as failure:
        raise click.ClickException(f"the broker did not confirm: {failure!r}; run it again") from failure
    gone = len(plan.send) - sent
    click.echo(f"{sent} sent" + (f", {gone} no longer there" if gone else ""), err=True)


@command.command("purge")
@click.option("--before", type=Moment(), required=True, help="Delete what is older than this.")
@click.option("--yes", is_flag=True, help="Do it; without, only say what would be deleted.")
def purge(before: datetime, *, yes: bool) -> None:
    """Delete old dead letters for good. Retention does so as well (schemas/topics.yaml).

    Kafka deletes from the start of a partition only, so there is no other choice than by time.

    \b
    Example:
      dateline dead-letters purge --before 2026-03-01 --yes
    """
    settings = settings_module.load()
    bounds = asyncio.run(dead_letters.purge_bounds(settings, before))
    count = sum(to - first for first, to in bounds.values())
    if not yes or not count:
        click.echo(f"{count} dead letters are older than {h.timestamp(before)}", err=True)
        if count:
            click.echo("nothing was deleted; --yes deletes", err=True)
        return
    try:
        asyncio.run(dead_letters.purge(settings, bounds))
    except KafkaError as failure:
        raise click.ClickException(f"the broker refused to delete: {failure!r}") from failure
    click.echo(f"{count} deleted", err=True)


def _place(letter_id: str) -> tuple[int, int]:
    partition, _, offset = letter_id.partition("/")
    if not (partition.isdecimal() and offset.isdecimal()):
        raise click.BadParameter("expected PARTITION/OFFSET, as `dateline dead-letters list` prints it")
    return int(partition), int(offset)


def _row(letter: Letter) -> dict[str, object]:
    said = dataclasses.asdict(letter.said)
    del said["traceback"]
    return {"id": letter.id, **said, "url": letter.url, "key": h.text(letter.key), "bytes": letter.size}


def _describe(record: ConsumerRecord, value: bytes) -> None:
    letter = Letter.of(record)
    for name, shown in _row(letter).items():
        click.echo(f"{name:>14}: {h.one_line(str(shown))}")
    for name, given in h.original(record.headers):
        click.echo(f"{'header':>14}: {h.one_line(name)} = {h.one_line(h.text(given))}")
    if letter.said.traceback:
        click.echo(h.printable(letter.said.traceback))
    click.echo(f"\n{h.printable(value[:_PREVIEW].decode('utf-8', 'backslashreplace'))}")
    if len(value) > _PREVIEW:
        click.echo(f"… ({len(value):,} bytes in all; --raw gives them)", err=True)


def _print(plan: Plan) -> None:
    """Say what is sent and what is left, in numbers and by letter as far as that can be read."""
    groups = Counter((x.said.topic, x.said.stage, x.said.error) for x in plan.send)
    click.echo(f"to send: {len(plan.send)} ({sum(x.size for x in plan.send):,} bytes)")
    for (topic, stage, error), number in sorted(groups.items()):
        click.echo(h.one_line(f"  {number:6} to {topic}  {stage}  {error}"))
    click.echo(f"left: {len(plan.left)}")
    for letter, reason in plan.left[:_SHOWN]:
        click.echo(h.one_line(f"  {letter.id}  {reason}"))
    if len(plan.left) > _SHOWN:
        click.echo(f"  … and {len(plan.left) - _SHOWN} more")


def _age(letter: Letter) -> tuple[int, int, int]:
    return letter.timestamp, letter.partition, letter.offset


async def _newest(settings: Settings, wanted: Filter, limit: int) -> list[Letter]:
    """Return the newest of those that are wanted, oldest first; of the others nothing is kept."""
    kept: list[tuple[tuple[int, int, int], Letter]] = []
    async for letter in dead_letters.read(settings):
        if wanted(letter):
            (heapq.heappush if len(kept) < limit else heapq.heappushpop)(kept, (_age(letter), letter))
    return [letter for _, letter in sorted(kept)]


async def _collect(settings: Settings) -> list[Letter]:
    return sorted([letter async for letter in dead_letters.read(settings)], key=_age)


async def _redrive(plan: Plan, settings: Settings, rate: float | None) -> int:
    sent = 0
    async for _ in dead_letters.redrive(plan.send, settings, rate):
        sent += 1
    return sent
