"""``dateline schemas``."""

from __future__ import annotations

import sys

import click

from streams import contracts


@click.group("schemas", short_help="Write and check the JSON Schemas")
def command() -> None:
    """Write the JSON Schemas and the AsyncAPI document from the records, or check those that stand.

    \b
    Example:
      dateline schemas check
    """


@command.command("check")
def check() -> None:
    """Exit with 1 when a schema, an example or the AsyncAPI document disagrees with the records."""
    problems = contracts.check()
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(contracts.documents())} files, {len(problems)} problems", err=True)
    sys.exit(1 if problems else 0)


@command.command("write")
def write() -> None:
    """Write them anew, after a change of the records."""
    for path in contracts.write():
        click.echo(path)
