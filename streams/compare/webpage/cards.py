"""One example as a card: the sentence with its words marked, and what was coded before and after."""

from __future__ import annotations

from collections.abc import Iterator

from streams.compare.report import Coding, Example
from streams.markup import Safe, el, link

#: Fields that the card shows otherwise, or that only repeat another.
_ELSEWHERE = ("spans",)


def card(example: Example) -> Safe:
    """Return the card of an example."""
    before, after = example.a, example.b
    shown = after or before
    assert shown is not None
    changes = tuple(change for change in example.changes if change.field not in _ELSEWHERE)
    rows = (
        el(
            "tr",
            el("th", c.field, scope="row"),
            el("td", el("bdi", c.before), class_="gone"),
            el("td", "→"),
            el("td", el("bdi", c.after), class_="added"),
        )
        for c in changes
    )
    codings = [_coding(c, "a" if c is before else "b") for c in (before, after) if c is not None]
    if len(codings) == 2 and _same(before, after):  # noqa: PLR2004  (both runs)
        codings = codings[1:]
    classes = {coding.event_class for coding in (before, after) if coding}
    return el(
        "article",
        el("div", el("span", example.kind, class_=f"kind {example.kind}"), codings, class_="top"),
        el("p", _evidence(example.evidence, shown), dir="auto", class_="evidence"),
        el("table", el("tbody", rows), class_="changes") if changes else None,
        _where(example),
        class_="card",
        tabindex="0",
        data_kind=example.kind,
        data_class=" ".join(sorted(classes)),
        data_field=" ".join(change.field for change in example.changes),
    )


def _same(a: Coding | None, b: Coding | None) -> bool:
    assert a is not None
    assert b is not None
    return (a.event_class, a.type, a.source, a.target, a.confidence) == (
        b.event_class,
        b.type,
        b.source,
        b.target,
        b.confidence,
    )


def _coding(coding: Coding, run: str) -> Safe:
    return el(
        "span",
        el("b", coding.event_class, class_=f"class {coding.event_class}"),
        " ",
        el("b", coding.type),
        " ",
        el("bdi", coding.source),
        " → ",
        el("bdi", coding.target),
        el("span", f" {coding.confidence:.2f}", class_="quiet"),
        class_=f"coding {run}",
    )


def _evidence(text: str, coding: Coding) -> Iterator[str]:
    done = 0
    for start, end, what in coding.marks:
        yield text[done:start]
        yield el("mark", text[start:end], class_=what, title=what)
        done = end
    yield text[done:]


def _where(example: Example) -> Safe:
    ids = dict.fromkeys(i for i in example.event_ids if i)
    return el(
        "p",
        link(example.url, example.site or example.url or "no address"),
        (el("bdi", f" · {example.headline}"),)
        if example.headline and example.headline != example.evidence
        else None,
        (el("code", i) for i in ids),
        class_="where quiet",
    )
