"""``dateline lexicon``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from streams import checking, corrections
from streams import settings as settings_module
from streams.classify import coder_version


@click.group("lexicon", short_help="Check the lexicon and the gazetteer, and your own additions")
def command() -> None:
    """Check the tables that say which words report which act, and which names mean whom.

    \b
    Example:
      dateline lexicon check
      DATELINE_LEXICON_DIR=tables dateline lexicon check
    """


@command.command("check")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines.")
def check(folder: Path | None, *, as_json: bool) -> None:
    """Check every shipped table and those of FOLDER (unless given, of DATELINE_LEXICON_DIR).

    Columns, codes, types, modes, duplicates, names and phrases that can never match. Exit status 1 when
    anything is wrong, with file and line.

    \b
    Example:
      dateline lexicon check tables
    """
    folder = folder or settings_module.load().lexicon_dir
    own = corrections.read(folder)
    found = [*checking.shipped_problems(), *_own(own, folder)]
    for problem in found:
        click.echo(orjson.dumps(problem._asdict()).decode() if as_json else str(problem))
    files = f", {len(own.files)} of {folder}" if folder else ""
    click.echo(f"{len(found)} problems; coder {coder_version(own)}{files}", err=True)
    sys.exit(1 if found else 0)


def _own(own: corrections.Corrections, folder: Path | None) -> list[checking.Problem]:
    base = folder or Path()
    return [problem._replace(file=str(base / problem.file)) for problem in checking.problems(own)]
