"""``dateline verify``."""

from __future__ import annotations

import asyncio
import dataclasses
import sys

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streams import settings as settings_module
from streams.cli.output import write_record
from streams.headers import one_line
from streams.verify import Fate, Report, verify

EXIT_WAITING = 3
_SHOWN = 10
_MEANING = {
    Fate.PROCESSED: "documents of its own, and all their events",
    Fate.SEEN: "nothing new on it",
    Fate.DEAD_LETTERED: "it, or a document of it, is a dead letter",
    Fate.WAITING: "not finished by the group",
    Fate.LOST: "must have become something that stands nowhere",
}


@click.command("verify", short_help="Account for every page: processed, seen, dead-lettered, lost")
@click.option("--wait", type=click.FloatRange(0), default=0.0, help="Seconds for the group to finish first.")
@click.option("--json", "as_json", is_flag=True, help="The report as one line of JSON.")
def command(*, wait: float, as_json: bool) -> None:
    """Account for every page on pages.raw by what stands on the other topics.

    Reads every topic and runs the stages again on what it finds, so it takes about as long as the work
    itself. Exit status: 0 all accounted for, 1 lost or doubled, 3 the group has not finished.

    \b
    Example:
      dateline verify --wait 60
      dateline verify --json
    """
    report = asyncio.run(verify(settings_module.load(), wait=wait))
    if as_json:
        write_record({"holds": report.holds} | dataclasses.asdict(report))
    else:
        _print(report, Console())
    sys.exit(1 if not report.holds else EXIT_WAITING if report.waiting else 0)


def _print(report: Report, console: Console) -> None:
    table = Table("", "pages", "", box=None, pad_edge=False, header_style="bold")
    for fate, meaning in _MEANING.items():
        count = getattr(report, fate.value)
        style = "bold red" if fate is Fate.LOST and count else "dim" if not count else ""
        table.add_row(fate.value.replace("_", "-"), f"{count:,}", meaning, style=style)
    console.print(table)
    console.print(
        f"{report.pages:,} pages, {report.documents:,} documents, {report.events:,} event ids, "
        f"{report.letters:,} dead letters; doubled event ids: {report.doubled:,}"
    )
    for name, count in report.repeats.items():
        console.print(f"{name}: {count:,} records were sent again, the same id", style="dim")
    if report.lost_earlier:
        console.print(f"{report.lost_earlier:,} losses of pages that have left pages.raw", style="bold red")
    if report.unexplained:
        console.print(
            f"{report.unexplained:,} events whose document has left documents.enriched", style="dim"
        )
    if len(report.coder_versions) > 1:
        versions = ", ".join(report.coder_versions)
        console.print(Text(one_line(f"several coders: {versions}"), style="yellow"))
    for loss in report.losses[:_SHOWN]:
        console.print(Text(one_line(f"lost: page {loss.page} at {loss.stage} {loss.id}: {loss.why}")))
    for double in report.doubles[:_SHOWN]:
        console.print(Text(one_line(f"doubled: event {double.event_id} {double.why}")))
    console.print("holds" if report.holds else "DOES NOT HOLD", style="green" if report.holds else "bold red")
