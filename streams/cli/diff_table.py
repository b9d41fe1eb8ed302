"""A comparison on the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from streams.compare.limits import percent
from streams.compare.report import Coding, Example, Group, Report, Source
from streams.headers import one_line

_ROWS, _MOVES, _EXAMPLES = 10, 3, 3
_COLOURS = {"same": "dim", "changed": "yellow", "gone": "red", "added": "green"}


def print_report(report: Report, console: Console) -> None:
    """Print totals, the groups that differ most, the fields that changed, examples and the verdict."""
    console.print(_sources(report.a, report.b))
    console.print()
    console.print(_groups("", (report.totals, *report.groups["class"])))
    for name in ("type", "country", "site"):
        differing = [group for group in report.groups[name] if group.differing]
        if differing:
            console.print()
            console.print(_groups(name, differing[:_ROWS]))
            if len(differing) > _ROWS:
                console.print(f"… {len(differing) - _ROWS} more; --json and --html have them", style="dim")
    if report.fields:
        console.print()
        console.print(_fields(report))
    for kind in ("changed", "gone", "added"):
        shown = [e for e in report.examples if e.kind == kind][:_EXAMPLES]
        for example in shown:
            console.print()
            console.print(_example(example))
    console.print()
    _print_verdict(report, console)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        table.add_column(
            name,
            justify="right" if number else "left",
            no_wrap=True,
            overflow="fold" if number else "ellipsis",
        )
    return table


def _sources(*sources: Source) -> Table:
    table = _table("", "events", "records")
    table.add_column("coder")
    for name, source in zip("AB", sources, strict=True):
        versions = [source.coder] if source.coder else list(source.coder_versions)
        table.add_row(
            _text(f"{name}  {source.name}"),
            f"{source.events:,}",
            f"{source.records:,}",
            _text(", ".join(versions[:3]) + (" …" if len(versions) > 3 else "")),  # noqa: PLR2004  (a line's room)
        )
    return table


def _groups(name: str, groups: Iterable[Group]) -> Table:
    table = _table(name, "A", "B", *_COLOURS, "differs")
    for g in groups:
        counts = (
            Text(f"{getattr(g, kind):,}", style=style if getattr(g, kind) else "dim")
            for kind, style in _COLOURS.items()
        )
        share = percent(g.differing, g.same + g.differing)
        table.add_row(_text(g.name), f"{g.a:,}", f"{g.b:,}", *counts, share)
    return table


def _fields(report: Report) -> Table:
    table = _table("field", "changed")
    table.add_column("most often", overflow="ellipsis", no_wrap=True)
    for field in report.fields:
        moves = (f"{m.before} → {m.after} {m.count:,}" for m in field.moves[:_MOVES])
        table.add_row(field.name, f"{field.changed:,}", _text(" · ".join(moves)))
    return table


def _example(example: Example) -> Text:
    text = Text()
    text.append(f"{example.kind:<8}", style=_COLOURS[example.kind])
    before, after = example.a, example.b
    text.append(" ⇒ ".join(dict.fromkeys(_coding(c) for c in (before, after) if c)), style="bold")
    text.append(f"\n        {one_line(example.evidence[:300])}")
    for change in example.changes:
        if change.field not in ("evidence", "spans"):
            text.append(f"\n        {change.field}: ", style="dim")
            text.append(one_line(f"{change.before[:100]} → {change.after[:100]}"))
    return text


def _coding(coding: Coding) -> str:
    return one_line(
        f"{coding.event_class} {coding.type} {coding.source} → {coding.target} ({coding.confidence:.2f})"
    )


def _print_verdict(report: Report, console: Console) -> None:
    every = report.totals.same + report.totals.differing
    console.print(f"{percent(report.totals.differing, every)} of {every:,} events differ", style="bold")
    for limit in report.limits:
        words, style = ("passed", "green") if limit.passed else ("FAILED", "bold red")
        console.print(Text.assemble((words, style), f"  {limit.what}: {limit.found}, at most {limit.limit}"))


def _text(words: str) -> Text:
    # Names come from pages: never markup.
    return Text(one_line(words))
