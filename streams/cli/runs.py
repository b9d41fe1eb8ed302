"""Runs as arguments: files, folders, standard input, or the event topics; and how they are read."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import click
from rich.console import Console
from rich.progress import Progress

from streams import jsonl
from streams import settings as settings_module
from streams.broker.event_log import ALL_TIMES, TimeRange, standing_events
from streams.cli.dead_letters import Moment
from streams.compare import Run
from streams.compare.run import events_of
from streams.errors import InvalidRecord

_KAFKA = "kafka:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a run is read: a file, a folder or ``-``, or else the event topics under a prefix."""

    given: str
    prefix: str | None = None
    within: TimeRange = ALL_TIMES

    def same_as(self, other: Origin) -> bool:
        """Whether both are one file, folder or range."""
        if self.prefix is not None or other.prefix is not None:
            return (self.prefix, self.within) == (other.prefix, other.within)
        if jsonl.STDIN in (self.given, other.given):
            return self.given == other.given
        return os.path.realpath(self.given) == os.path.realpath(other.given)


def _moment(given: str) -> datetime | None:
    return Moment().convert(given, None, None) if given else None


class OriginParam(click.ParamType):
    """``PATH``, ``-`` or ``kafka:PREFIX@FROM..TO``."""

    name = "run"

    def convert(
        self, value: str | Origin, param: click.Parameter | None, ctx: click.Context | None
    ) -> Origin:
        if isinstance(value, Origin):
            return value
        if not value.startswith(_KAFKA):
            return Origin(given=value)
        prefix, at, times = value.removeprefix(_KAFKA).partition("@")
        since, dots, until = times.partition("..")
        if at and not dots:
            self.fail(f"{value!r}: a time range is FROM..TO; either may be left out", param, ctx)
        try:
            within = TimeRange(since=_moment(since), until=_moment(until))
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)
        # `kafka:` alone means the topics of the settings.
        return Origin(given=value, prefix=prefix or settings_module.load().topic_prefix, within=within)


def fill(origin: Origin, runs: Sequence[Run]) -> None:
    """Read all events of an origin into each of the runs.

    Raises:
        InvalidRecord: a line is no event, or the origin cannot be read to its end.
        BrokerUnavailable: the broker is not there.
    """
    if origin.prefix is None:
        _from_files(origin.given, runs)
    else:
        asyncio.run(_from_topics(origin.prefix, origin.within, runs))


def _from_files(given: str, runs: Sequence[Run]) -> None:
    total = None if given == jsonl.STDIN else sum(path.stat().st_size for path in jsonl.files(given))
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(given, total=total)
        for where, line in jsonl.lines(given, lambda size: bar.advance(task, size)):
            for event in events_of(line):
                for run in runs:
                    run.add(event, where)


async def _from_topics(prefix: str, within: TimeRange, runs: Sequence[Run]) -> None:
    settings = settings_module.load(topic_prefix=prefix)
    async for record in standing_events(settings, within):
        where = f"{record.topic}/{record.partition}/{record.offset}"
        for run in runs:
            if record.value is not None:
                run.add(record.value, where)
            elif record.key is not None:
                run.remove(record.key.decode("utf-8", "replace"))


def check_filled(a: Run, b: Run) -> None:
    """Refuse runs that cannot be compared: two empty ones agree, and a check that passes on nothing is none.

    Raises:
        InvalidRecord: neither has an event, or the coder version asked for is not among those read.
    """
    for run in (a, b):
        if run.coder is not None and run.coder not in run.versions:
            found = ", ".join(sorted(run.versions)) or "no events at all"
            raise InvalidRecord(f"{run.name}: nothing was coded by {run.coder}; found: {found}")
    if not (a.records or b.records):
        raise InvalidRecord(f"no events, neither in {a.name} nor in {b.name}: nothing to compare")
    for run in (a, b):
        if not run.records:
            click.echo(f"dateline: {run.name} has no events", err=True)
        if run.unknown:
            fields = ", ".join(sorted(run.unknown))
            click.echo(f"dateline: {run.name}: this version does not know, or compare: {fields}", err=True)
