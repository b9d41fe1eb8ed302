"""``dateline up``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from streams import settings as settings_module


@click.command("up", short_help="Broker, workers and sample pages in one process tree")
@click.option(
    "--pages", "paths", multiple=True, help="Pages to ingest; may be given often. Else the samples."
)
@click.argument("more", nargs=-1)
@click.option("--once", is_flag=True, help="Stop when all is processed, and print a summary.")
@click.option("--json", "as_json", is_flag=True, help="Events and summary as JSON Lines on a terminal too.")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the broker and the tables keep data. [with --pages: DATELINE_DATA_DIR; else a new folder]",
)
@click.option("--fresh", is_flag=True, help="Use a new, empty folder, which is removed at the end.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes.")
def command(
    paths: tuple[str, ...],
    more: tuple[str, ...],
    data_dir: Path | None,
    workers: int | None,
    *,
    once: bool,
    as_json: bool,
    fresh: bool,
) -> None:
    """Start the embedded broker and the workers, ingest pages, and show events as they are emitted.

    Everything runs on loopback and ends with Ctrl-C. The embedded broker is for trying out: use
    `dateline worker` with your own Kafka to keep data.

    \b
    Example:
      dateline up
      dateline up --pages page.html folder/ --once
    """
    from streams.cli.local import Options, run  # noqa: PLC0415  (slow to load)

    if fresh and data_dir:
        raise click.UsageError("--fresh and --data-dir exclude each other")
    given = (*paths, *more)
    if more and not paths:
        raise click.UsageError("pages are named with --pages")
    settings = settings_module.load(data_dir=data_dir, workers=workers)
    keep = bool(given or data_dir) and not fresh
    options = Options(
        paths=given,
        once=once,
        keep=keep,
        as_json=as_json or not sys.stdout.isatty(),
        command_dir=settings.data_dir,
    )
    sys.exit(run(settings, options))
