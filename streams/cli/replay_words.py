"""What ``dateline replay`` says: the plan, how far it is, and what replays there were."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from streams.classify import coder_version
from streams.cli.output import write_record
from streams.corrections import read
from streams.headers import one_line, printable, timestamp
from streams.records import EVENT_CLASSES, Replay
from streams.replay.pace import LEAST_RATE, Limits
from streams.replay.plan import Plan
from streams.replay.request import LIVE, Where
from streams.settings import Settings

_EVERY = 30.0
# Where nobody looks on, a line is a line.
_WIDE = 4_000


def print_plan(plan: Plan, where: Where, settings: Settings, limits: Limits, *, as_json: bool) -> None:
    """Print a plan as a table, or as one line of JSON."""
    coder = coder_version(read(settings.lexicon_dir))
    seconds = plan.seconds(limits.rate, settings.compute_processes)
    if as_json:
        said = dataclasses.asdict(dataclasses.replace(plan, left_out=Counter())) | {
            "target": where.given,
            "topics": _topics(where, settings),
        }
        said["left_out"] = dict(plan.left_out)
        write_record(said | {"seconds": round(seconds, 1), "coder_version": coder})
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    chosen = "; ".join(f"{name} {words}" for name, words in plan.selection.items())
    rows = [
        ("from", plan.source + (f" ({chosen})" if chosen else "")),
        ("to", ", ".join([where.given, *_topics(where, settings)])),
        ("pages", f"{plan.pages:,} of {plan.sites:,} sites, {plan.bytes:,} bytes"),
        ("received", f"{_moment(plan.first)} to {_moment(plan.last)}"),
        ("takes", f"about {_span(seconds)}: {_why(plan, limits, settings)}"),
        ("coder", coder if where.folder else f"that of the workers (here: {coder})"),
        ("overwrites", _overwrites(where)),
        *(("left out", f"{count:,} {reason}") for reason, count in plan.left_out.most_common()),
        *(("note", remark) for remark in (*plan.remarks, *_held_back(limits))),
    ]
    for name, words in rows:
        table.add_row(name, Text(one_line(words)))
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)


def _topics(where: Where, settings: Settings) -> list[str]:
    pipeline = where.pipeline(settings)
    if pipeline is None:
        return []
    return [pipeline.topic("pages.raw"), *(pipeline.topic(f"events.{name}") for name in EVENT_CLASSES)]


def _overwrites(where: Where) -> str:
    if where.folder is not None:
        return "nothing: the folder is new"
    events = "what this coder gives with the id of an event replaces it in the compacted view"
    if where.given == LIVE:
        return f"{events}; events that it no longer gives stay (dateline diff lists them)"
    return f"nothing of the live pipeline; within the shadow, {events}"


def _why(plan: Plan, limits: Limits, settings: Settings) -> str:
    computing = plan.page_seconds * plan.pages / max(1, settings.compute_processes)
    if limits.rate and plan.pages / limits.rate >= computing:
        return f"{limits.rate:g} pages a second"
    return f"{plan.page_seconds * 1000:.0f} ms a page here, on {settings.compute_processes} processes"


def _held_back(limits: Limits) -> Iterator[str]:
    """Say which limits make it take longer by as much as nobody can know."""
    if limits.share is not None:
        yield (
            f"--share {limits.share:g} goes by what comes live meanwhile: {LEAST_RATE:g} pages a second "
            "where nothing does"
        )
    if limits.max_lag is not None:
        yield f"waits while live has more than {limits.max_lag:,} records unfinished"


def _moment(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "unknown"
    try:
        return timestamp(datetime.fromtimestamp(milliseconds / 1000, UTC))
    except (OverflowError, ValueError, OSError):
        return f"{milliseconds} ms"


def _span(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds))) if seconds >= 1 else "a second"


@contextlib.contextmanager
def reading(name: str) -> Iterator[Callable[[], None]]:
    """Show on a terminal how many pages of a source were read."""
    with Progress(
        TextColumn("reading {task.description}: {task.completed:,} pages"),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as bar:
        task = bar.add_task(printable(name), total=None)
        yield lambda: bar.advance(task)


@contextlib.contextmanager
def progress(planned: int, sent: int) -> Iterator[Callable[[int], None]]:
    """Show how far a replay is and what remains: a bar on a terminal, else a line now and then."""
    done, started, told, before = sent, time.monotonic(), time.monotonic(), sent
    with Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as bar:
        task = bar.add_task("replay", total=planned, completed=sent)

        def heard(pages: int) -> None:
            nonlocal done, told
            done += pages
            bar.update(task, completed=done)
            now = time.monotonic()
            if not sys.stderr.isatty() and now - told >= _EVERY:
                rate = (done - before) / (now - started)
                left = _span(max(0, planned - done) / rate) if rate else "unknown"
                click.echo(f"{done:,} of {planned:,} pages, {rate:.1f} a second, {left} to go", err=True)
                told = now

        yield heard


def print_history(records: Sequence[Replay], *, as_json: bool) -> None:
    """Print what replays there were, oldest first."""
    if as_json or not sys.stdout.isatty():
        for record in records:
            write_record(record)
        return
    table = Table("replay", "status", "at", "who", "sent", "from", "to", "reason", box=None)
    for record in records:
        cells = (record.replay_id, record.status, timestamp(record.at), record.who)
        more = (f"{record.sent:,}/{record.planned:,}", record.source, record.target, record.reason)
        table.add_row(*(Text(one_line(cell)) for cell in (*cells, *more)))
    Console().print(table)
