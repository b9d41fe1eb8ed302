"""``dateline archive``."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import Progress

from streams import settings as settings_module
from streams.archive import forms, manifest
from streams.archive.collect import Collected, collect
from streams.archive.reader import EXAMPLES, check
from streams.broker import topics
from streams.cli.output import write_record
from streams.errors import BrokerUnavailable
from streams.settings import Settings

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group("archive", short_help="Keep topics in files, exactly as they are, and check such files")
def command() -> None:
    """Keep the records of a topic in files: key, headers, value, time and place, byte for byte.

    An archive is a folder: files for each day and site (JSON Lines, WARC or Parquet) and manifest.jsonl,
    which holds counts and hashes. `dateline replay` reads it.

    \b
    Example:
      dateline archive add pages/
      dateline archive verify pages/
    """


@command.command("add")
@click.argument("folder", type=_FOLDER)
@click.option("--topic", default="pages.raw", show_default=True, help="Its name without the prefix.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(forms.FORMS)),
    help=f"Of a new archive's files; {forms.DEFAULT} where it is not given.",
)
@click.option("--json", "as_json", is_flag=True, help="The result as one line of JSON.")
def add(folder: Path, topic: str, form: str | None, *, as_json: bool) -> None:
    """Add what stands on the topic up to where it ends now; run it again for what came since.

    It may be killed at any moment and run again: what a checkpoint covers is kept, the rest is
    taken anew. Exit status 1 when retention has deleted records before they were archived.

    Files are JSON Lines by zstd (jsonl), WARC for other tools that read pages (warc), or Parquet with
    columns for events (parquet). Each gives back every record byte for byte.

    \b
    Example:
      dateline archive add pages/
      dateline archive add --format warc crawl/
      dateline archive add --topic events.trade --format parquet events-trade/
    """
    if topic not in topics.load().topics:
        raise click.BadParameter(f"{topic}: not one of {', '.join(topics.load().topics)}")
    try:
        collected = asyncio.run(_add(settings_module.load(), topic, folder, form))
    except (BrokerUnavailable, OSError) as error:
        raise click.ClickException(
            f"{folder}: {error}\nwhat the last checkpoint covers is kept; when that is mended, run it again"
        ) from error
    if as_json:
        write_record(msgspec.to_builtins(collected))
    click.echo(f"{collected.records:,} records added; {folder} holds {collected.total:,}", err=True)
    for gap in collected.gaps:
        click.echo(
            f"dateline: {collected.topic}/{gap.partition}: offsets {gap.first:,} to {gap.next - 1:,} were "
            "deleted by retention before they were archived; the manifest says so",
            err=True,
        )
    sys.exit(1 if collected.gaps else 0)


async def _add(settings: Settings, topic: str, folder: Path, form: str | None) -> Collected:
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(settings.topic(topic), total=None)
        return await collect(
            settings,
            topic,
            folder,
            form=form,
            expect=lambda total: bar.update(task, total=total),
            heard=lambda: bar.advance(task),
        )


@command.command("verify")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The result as one line of JSON.")
def verify(folder: Path, *, as_json: bool) -> None:
    """Read every byte of an archive against its manifest: counts, sizes, SHA-256, and each record.

    Exit status: 0 it is whole, 1 something is missing or changed.

    \b
    Example:
      dateline archive verify pages/
    """
    total = sum(frame.bytes for frame in manifest.load(folder).frames)
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(str(folder), total=total)
        checked = check(folder, lambda size: bar.advance(task, size))
    if as_json:
        write_record({"holds": checked.holds} | msgspec.to_builtins(dataclasses.asdict(checked)))
    for problem in checked.problems[:EXAMPLES]:
        click.echo(f"dateline: {problem}", err=True)
    if len(checked.problems) > EXAMPLES:
        click.echo(f"dateline: and {len(checked.problems) - EXAMPLES:,} more", err=True)
    click.echo(
        f"{checked.topic}: {checked.records:,} records in {checked.files:,} files, {checked.bytes:,} bytes "
        f"({checked.plain_bytes:,} unpacked): {'whole' if checked.holds else 'DAMAGED'}",
        err=True,
    )
    for gap in checked.gaps:
        click.echo(
            f"it never had {checked.topic}/{gap.partition} offsets {gap.first:,} to {gap.next - 1:,}: "
            "retention deleted them first",
            err=True,
        )
    if checked.unfinished_bytes:
        click.echo(
            f"{checked.unfinished_bytes:,} bytes belong to no checkpoint; "
            "`dateline archive add` removes them",
            err=True,
        )
    sys.exit(0 if checked.holds else 1)
