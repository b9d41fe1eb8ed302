"""An explanation on a terminal; without colours where standard output is none."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console, Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from streams.explain import Explanation
from streams.explain.records import Act, ClassVerdict, EventExplained, Found, Weight
from streams.explain.spans import marked, pieces
from streams.headers import one_line, printable

_STYLES = {
    "trigger": "bold black on yellow", "source": "bold cyan", "target": "bold magenta", "place": "green",
    "date": "blue", "entity": "underline", "": "",
}  # fmt: skip
_BESIDE_A_PIPE = 160


def show(explanations: Iterable[Explanation]) -> None:
    """Print explanations as they come."""
    console = Console(width=None if sys.stdout.isatty() else _BESIDE_A_PIPE, highlight=False)
    for explanation in explanations:
        console.print(_document(explanation))


def _document(told: Explanation) -> Group:
    style = "green" if told.events else "yellow"
    return Group(
        Rule(Text(one_line(told.headline or told.document_id)), align="left"),
        _text(told),
        Text(one_line(told.verdict), style=f"bold {style}"),
        *(_spaced(_event(one, number)) for number, one in enumerate(told.events, 1)),
        _spaced(_classes(told.classes, told.model)),
        *([_spaced(_acts(told.acts))] if told.acts else []),
        *([_spaced(_found(told.entities, told.dates))] if told.entities or told.dates else []),
        Text(f"coder {told.coder_version}, document {told.document_id}\n", style="dim"),
    )


def _spaced(table: Table) -> Padding:
    return Padding(table, (1, 0, 0, 0))


def _text(told: Explanation) -> Text:
    shown = Text()
    for piece, kind in pieces(told.text, marked(told)):
        shown.append(printable(piece), style=_STYLES[kind])
    if told.read < len(told.text):
        shown.stylize("dim", told.read)
        shown.append(f"\n[class and acts are read from the first {told.read} characters]", style="dim")
    return shown


def _table(title: str, *columns: tuple[str, int]) -> Table:
    table = Table(
        title=Text(one_line(title)), title_justify="left", title_style="bold", box=None, expand=True,
        pad_edge=False,
    )  # fmt: skip
    for name, ratio in columns:
        table.add_column(name, ratio=ratio, overflow="fold", header_style="dim")
    return table


def _event(one: EventExplained, number: int) -> Table:
    title = f"event {number}, {one.event.event_id}"
    table = _table(title, ("", 2), ("value", 5), ("why", 9), ("instead", 5))
    for value in one.values:
        why = Text(one_line(value.why))
        if value.weights:
            why.append("\n").append_text(_weights(value.weights))
        table.add_row(
            Text(value.field, style=_STYLES.get(value.field, "") or "bold"),
            Text(one_line(value.value)),
            why,
            Text("\n".join(map(one_line, value.instead)), style="dim"),
        )
    return table


def _weights(weights: Iterable[Weight]) -> Text:
    line = Text()
    for weight in weights:
        line.append(", " if line else "")
        line.append(f"{weight.value:+.2f} ", style="green" if weight.value > 0 else "red")
        line.append(one_line(weight.what), style="dim")
    return line


def _classes(classes: Iterable[ClassVerdict], model: str) -> Table:
    table = _table(f"classes, by {model}", ("", 2), ("probability", 3), ("for", 8), ("against", 8))
    for one in classes:
        beside = "≥" if one.reported else "<"
        table.add_row(
            Text(one.name, style="bold"),
            Text(
                f"{one.probability:.3f} {beside} {one.threshold:.3f}", style="green" if one.reported else ""
            ),
            _weights(one.speaks_for),
            _weights(one.speaks_against),
        )
    return table


def _acts(acts: Iterable[Act]) -> Table:
    table = _table("acts beside an actor", ("words", 3), ("reading", 6), ("by rule", 3), ("became", 7))
    for act in acts:
        table.add_row(
            Text(one_line(act.words), style=_STYLES["trigger"] if act.chosen else "bold"),
            Text(one_line(act.reading)),
            Text(one_line(act.sides)),
            Text(one_line(act.fate)).append("\n").append_text(_weights(act.weights)),
        )
    return table


def _found(entities: Iterable[Found], dates: Iterable[Found]) -> Table:
    table = _table("names and dates", ("words", 4), ("is a", 2), ("means", 5), ("found by", 7))
    for one in (*entities, *dates):
        cells = (one.words, one.is_a, one.means, one.why)
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    return table
