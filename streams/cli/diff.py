"""``dateline diff``."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from streams.cli.diff_table import print_report
from streams.cli.runs import Origin, OriginParam, check_filled, fill
from streams.compare import Options, Report, Run, compare
from streams.compare.changes import FIELDS
from streams.compare.limits import Allowed, judge
from streams.compare.report import as_json as report_json
from streams.compare.spill import PARTITIONS
from streams.compare.webpage import webpage


class AllowedParam(click.ParamType):
    """A limit, such as ``1%``."""

    name = "limit"

    def convert(
        self, value: str | Allowed, param: click.Parameter | None, ctx: click.Context | None
    ) -> Allowed:
        if isinstance(value, Allowed):
            return value
        try:
            return Allowed.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command("diff", short_help="Compare the events of two runs")
@click.argument("origin_a", metavar="A", type=OriginParam())
@click.argument("origin_b", metavar="[B]", type=OriginParam(), required=False)
@click.option(
    "--coder", "coders", multiple=True, metavar="VERSION", help="Only of this version; twice: of A, of B."
)
@click.option(
    "--fail-over",
    "allowed",
    multiple=True,
    type=AllowedParam(),
    metavar="LIMIT",
    help="Exit with 1 when more differs: 1%, 20, or gone=0.5% for one kind or field.",
)
@click.option(
    "--ignore", multiple=True, type=click.Choice(list(FIELDS)), metavar="FIELD", help="Leave a field out."
)
@click.option("--tolerance", type=click.FloatRange(0, 1), default=0.0, help="Confidence may move by so much.")
@click.option(
    "--examples", type=click.IntRange(0, 100), default=5, show_default=True, help="Kept of each kind."
)
@click.option("--json", "as_json", is_flag=True, help="The whole report as JSON.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a report to read to this file."
)
def command(
    origin_a: Origin,
    origin_b: Origin | None,
    coders: tuple[str, ...],
    allowed: tuple[Allowed, ...],
    ignore: tuple[str, ...],
    tolerance: float,
    examples: int,
    html: Path | None,
    *,
    as_json: bool,
) -> None:
    """Compare the events of two runs: which are the same, changed, gone and added.

    A run is a file of events as JSON Lines (plain, gzip or zstd), a folder of them, what `dateline code`
    wrote, `-` for standard input, or `kafka:PREFIX@FROM..TO` for the event topics under a prefix.
    Without B, two --coder versions of A are compared.

    \b
    Example:
      dateline diff before.jsonl.zst after.jsonl.zst --fail-over 1% --html diff.html
      dateline diff kafka: kafka:shadow. --fail-over gone=0.1%
      dateline diff kafka:@2026-03-01..2026-03-08 --coder 0.1.0+2a4bb118 --coder 0.1.0+91c3f0aa
    """
    second = _second(origin_a, origin_b, coders)
    coder_a, coder_b = (coders * 2)[:2] if coders else (None, None)
    if html:
        _check_writable(html)
    with _no_cycles(), Run(origin_a.given, coder=coder_a) as a, Run(second.given, coder=coder_b) as b:
        if second.same_as(origin_a):
            fill(origin_a, (a, b))
        else:
            fill(origin_a, (a,))
            fill(second, (b,))
        check_filled(a, b)
        report = judge(
            _compare(a, b, Options(ignore=ignore, tolerance=tolerance, examples=examples)), allowed
        )
    if html:
        html.write_text(webpage(report), encoding="utf-8")
        click.echo(f"report written to {html}", err=True)
    if as_json:
        click.echo(report_json(report))
    else:
        print_report(report, Console())
    sys.exit(0 if report.passed else 1)


@contextlib.contextmanager
def _no_cycles() -> Iterator[None]:
    """Millions of records have no cycle among them; looking for one would take a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _second(a: Origin, b: Origin | None, coders: tuple[str, ...]) -> Origin:
    """Return the second origin.

    Raises:
        click.UsageError: there are not two runs to compare.
    """
    if len(coders) > 2:  # noqa: PLR2004  (one for each side)
        raise click.UsageError("--coder is given twice at most: for A and for B")
    two_coders = len(set(coders)) == 2  # noqa: PLR2004
    if b is None and not two_coders:
        raise click.UsageError("B is missing: name a second run, or two --coder versions of A")
    if b is not None and b.same_as(a) and not two_coders:
        raise click.UsageError(f"A and B are the same: {a.given}. Name two --coder versions to compare these")
    return a if b is None else b


def _check_writable(path: Path) -> None:
    """Find out before the work, not after it.

    Raises:
        click.FileError: the file cannot be written.
    """
    try:
        with path.open("a"):
            pass
    except OSError as error:
        raise click.FileError(str(path), error.strerror or str(error)) from error


def _compare(a: Run, b: Run, options: Options) -> Report:
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("comparing", total=PARTITIONS)
        return compare(a, b, options, progress=lambda: bar.advance(task))
