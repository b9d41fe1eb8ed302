"""``dateline worker``."""

from __future__ import annotations

import sys

import click

from streams import settings as settings_module
from streams.agents import forkserver


@click.command("worker", short_help="Run the agents")
@click.option("--slot", type=click.IntRange(0), help="Number of this worker; two workers never share one.")
def command(slot: int | None) -> None:
    """Run the agents against the Kafka named in the settings, until SIGTERM or Ctrl-C.

    \b
    Example:
      DATELINE_BROKERS=kafka:9092 dateline worker --slot 0
    """
    settings = settings_module.load(slot=slot)
    forkserver.start()
    from streams.agents.worker import run_worker  # noqa: PLC0415  (Faust is slow to load)

    sys.exit(run_worker(settings))
