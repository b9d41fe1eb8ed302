"""The sections of the page, from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable

from streams.compare.limits import percent
from streams.compare.report import Field, Group, Report, Source
from streams.compare.webpage.cards import card
from streams.markup import Safe, el

KINDS = ("same", "changed", "gone", "added")
_ROWS, _MOVES = 200, 30
_OPEN_ROWS = 12


def header(report: Report) -> Safe:
    """Say what was compared."""
    return el(
        "header",
        el("h1", "Coding differences"),
        el("table", el("tbody", _source("A", report.a), _source("B", report.b)), class_="runs"),
    )


def _source(name: str, source: Source) -> Safe:
    versions = [source.coder] if source.coder else list(source.coder_versions)
    more = f" and {len(versions) - 5} more" if len(versions) > 5 else ""  # noqa: PLR2004  (room for five)
    repeats = source.records - source.events
    return el(
        "tr",
        el("th", name, scope="row"),
        el("td", el("bdi", source.name), class_="name"),
        el("td", f"{source.events:,} events", f", {repeats:,} repeats" if repeats else ""),
        el("td", "coder ", ", ".join(versions[:5]) + more, class_="quiet"),
    )


def totals(report: Report) -> Safe:
    """Show the four counts as one bar."""
    t = report.totals
    every = t.same + t.differing
    tiles = (
        el(
            "li",
            el("b", f"{getattr(t, kind):,}"),
            el("span", kind),
            el("span", percent(getattr(t, kind), every), class_="quiet"),
            class_=kind,
        )
        for kind in KINDS
    )
    return el("section", _bar(t), el("ul", tiles, class_="tiles"), aria_label="Totals")


def _bar(group: Group) -> Safe:
    every = group.same + group.differing
    parts = (
        el("i", class_=kind, style=f"width:{100 * getattr(group, kind) / every:.3f}%")
        for kind in KINDS
        if every and getattr(group, kind)
    )
    words = ", ".join(f"{getattr(group, kind):,} {kind}" for kind in KINDS)
    return el("div", parts, class_="bar", role="img", aria_label=words, title=words)


def verdict(report: Report) -> Safe:
    """Say whether the limits hold."""
    every = report.totals.same + report.totals.differing
    share = percent(report.totals.differing, every)
    if not report.limits:
        return el(
            "p", el("strong", share), f" of {every:,} events differ. No limit was set.", class_="verdict"
        )
    rows = (
        el(
            "tr",
            el("td", "✓ passed" if limit.passed else "✗ failed", class_="pass" if limit.passed else "fail"),
            el("td", "every difference" if limit.what == "all" else limit.what),
            el("td", limit.found, class_="n"),
            el("td", f"at most {limit.limit}", class_="n"),
        )
        for limit in report.limits
    )
    word = "Passed" if report.passed else "Failed"
    return el(
        "section",
        el("p", el("strong", word), f": {share} of {every:,} events differ."),
        el("table", el("tbody", rows)),
        class_=f"verdict {'pass' if report.passed else 'fail'}",
    )


def groups(report: Report) -> Safe:
    """Show the counts by class, type, country and site."""
    return el("section", el("h2", "Where"), (_groups(name, rows) for name, rows in report.groups.items()))


def _groups(name: str, rows: tuple[Group, ...]) -> Safe:
    shown = rows[:_ROWS]
    columns = ("A", "B", *KINDS, "differs")
    head = (el("th", el("button", c, type="button"), scope="col", class_="n") for c in columns)
    table = el(
        "table",
        el("caption", f"By {name}"),
        el("thead", el("tr", el("th", el("button", name, type="button"), scope="col"), head, el("td"))),
        el("tbody", (_group(row, hidden=n >= _OPEN_ROWS) for n, row in enumerate(shown))),
        class_="groups",
    )
    notes: list[Safe] = []
    if len(shown) > _OPEN_ROWS:
        notes.append(el("button", f"Show all {len(shown)}", type="button", class_="more"))
    if len(rows) > _ROWS:
        notes.append(
            el("p", f"{len(rows) - _ROWS:,} more with fewer differences: --json has them.", class_="quiet")
        )
    return el("div", table, notes, class_="block")


def _group(g: Group, *, hidden: bool) -> Safe:
    every = g.same + g.differing
    counts = (
        el("td", f"{n:,}", class_=f"n {kind}" if n else "n zero", data_n=str(n))
        for kind, n in (("", g.a), ("", g.b), *((kind, getattr(g, kind)) for kind in KINDS))
    )
    return el(
        "tr",
        el("th", el("bdi", g.name), scope="row"),
        counts,
        el("td", percent(g.differing, every), class_="n", data_n=f"{g.share:.6f}"),
        el("td", _bar(g), class_="barcell"),
        class_="extra" if hidden else None,
    )


def fields(report: Report) -> Safe | str:
    """Show which fields changed, and from what to what."""
    if not report.fields:
        return ""
    most = report.fields[0].changed
    return el(
        "section",
        el("h2", "What changed"),
        el("p", "Fields of the events that both runs have; one event may count in several.", class_="quiet"),
        el("div", (_field(field, most) for field in report.fields), class_="fields"),
    )


def _field(field: Field, most: int) -> Safe:
    meter = el("i", class_="changed", style=f"width:{100 * field.changed / most:.2f}%")
    line = (
        el("span", field.name, class_="name"),
        el("span", f"{field.changed:,}", class_="n"),
        el("span", meter, class_="bar"),
    )
    if not field.moves:
        return el("div", line, class_="field")
    rows = (
        el(
            "tr",
            el("td", el("bdi", m.before)),
            el("td", "→"),
            el("td", el("bdi", m.after)),
            el("td", f"{m.count:,}", class_="n"),
        )
        for m in field.moves[:_MOVES]
    )
    return el("details", el("summary", line, class_="field"), el("table", el("tbody", rows), class_="moves"))


def examples(report: Report) -> Safe | str:
    """Show examples, with what to find them by."""
    if not report.examples:
        return ""
    kinds = [kind for kind in KINDS if any(e.kind == kind for e in report.examples)]
    names = [
        field.name for field in report.fields if any(_has(e.changes, field.name) for e in report.examples)
    ]
    tools = el(
        "form",
        (
            el("button", kind, type="button", data_kind=kind, aria_pressed="true", class_=kind)
            for kind in kinds
        ),
        el("select", _options("any class", sorted(_classes(report))), name="class", aria_label="Class"),
        el("select", _options("any field", names), name="field", aria_label="Changed field"),
        el("input", type="search", name="words", placeholder="Search (/)", aria_label="Search"),
        el("output", f"{len(report.examples):,}"),
        class_="tools",
    )
    return el(
        "section",
        el("h2", "Examples"),
        el(
            "p",
            "A sample: the same number for each class and type that is gone or added, and for each field.",
            class_="quiet",
        ),
        tools,
        el("div", (card(example) for example in report.examples), class_="cards"),
    )


def _has(changes: Iterable[object], name: str) -> bool:
    return any(getattr(change, "field", None) == name for change in changes)


def _classes(report: Report) -> set[str]:
    return {coding.event_class for e in report.examples for coding in (e.a, e.b) if coding}


def _options(first: str, names: Iterable[str]) -> list[Safe]:
    return [el("option", first, value=""), *(el("option", name, value=name) for name in names)]


def footer() -> Safe:
    """Name the keys."""
    keys = (
        ("j", "next example"),
        ("k", "previous"),
        ("1–3", "changed, gone, added"),
        ("/", "search"),
        ("Esc", "all"),
    )
    return el("footer", (el("span", el("kbd", key), f" {what}") for key, what in keys))
