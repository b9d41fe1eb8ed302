"""Explanations as one HTML file: it asks nobody, has no script, is dark where its reader is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files

from streams.explain.records import Act, ClassVerdict, EventExplained, Explanation, Found, Value, Weight
from streams.explain.spans import KINDS, marked, pieces
from streams.markup import Safe, el, link

# Whatever a text could smuggle in, nothing runs and nothing is loaded.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
#: More documents than this are shown closed.
_OPEN = 12


def webpage(explanations: Sequence[Explanation]) -> str:
    """Return the page; texts of news pages stand in it as text only."""
    style = (files(__name__) / "explain.css").read_text("utf-8")
    events = sum(len(one.events) for one in explanations)
    title = f"{events} events of {len(explanations)} documents, explained"
    head = (
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", title),
        el("style", Safe(style)),
    )
    key = el("p", (el("mark", kind, class_=kind) for kind in KINDS), class_="key")
    body = el("main", el("h1", title), key, (_document(one, explanations) for one in explanations))
    return f"<!doctype html>\n{el('html', el('head', *head), el('body', body), lang='en')}\n"


def _document(told: Explanation, every: Sequence[Explanation]) -> Safe:
    return el(
        "details",
        el(
            "summary",
            el("bdi", told.headline or told.document_id),
            el("span", told.verdict, class_="verdict" if told.events else "verdict none"),
        ),
        _text(told),
        (_event(one, number) for number, one in enumerate(told.events, 1)),
        _classes(told.classes, told.model),
        _acts(told.acts) if told.acts else None,
        _found((*told.entities, *told.dates)) if told.entities or told.dates else None,
        el("footer", f"coder {told.coder_version}, document {told.document_id} ", _address(told)),
        open=len(every) <= _OPEN,
    )


def _address(told: Explanation) -> Safe | None:
    return link(told.url, "the page") if told.url else None


def _text(told: Explanation) -> Safe:
    inside = (
        el("mark", el("bdi", piece), class_=kind, title=kind) if kind else piece
        for piece, kind in pieces(told.text, marked(told))
    )
    more = None
    if told.read < len(told.text):
        more = el("p", f"Class and acts are read from the first {told.read} characters.", class_="quiet")
    return el("div", el("p", inside, class_="text", dir="auto"), more)


def _table(title: str, names: Iterable[str], rows: Iterable[Safe], class_: str) -> Safe:
    head = el("thead", el("tr", (el("th", name, scope="col") for name in names)))
    return el("table", el("caption", title), head, el("tbody", rows), class_=class_)


def _row(name: str, *cells: str | Safe | None, class_: str | None = None) -> Safe:
    return el("tr", el("th", el("bdi", name), scope="row"), (el("td", cell) for cell in cells), class_=class_)


def _event(one: EventExplained, number: int) -> Safe:
    rows = (
        _row(value.field, el("bdi", value.value), _why(value), _list(value.instead)) for value in one.values
    )
    return _table(f"Event {number}: {one.event.event_id}", ("", "value", "why", "instead"), rows, "event")


def _why(value: Value) -> Safe:
    return el("div", el("bdi", value.why), _weights(value.weights))


def _list(words: Iterable[str]) -> Safe:
    return el("ul", (el("li", el("bdi", one)) for one in words))


def _weights(weights: Iterable[Weight]) -> Safe:
    return el(
        "ul",
        (el("li", _amount(weight.value), " ", el("bdi", weight.what)) for weight in weights),
        class_="weights",
    )


def _amount(value: float) -> Safe:
    return el("b", f"{value:+.2f}", class_="for" if value > 0 else "against")


def _classes(classes: Iterable[ClassVerdict], model: str) -> Safe:
    rows = (
        _row(
            one.name,
            f"{one.probability:.3f} {'≥' if one.reported else '<'} {one.threshold:.3f}",
            _weights(one.speaks_for),
            _weights(one.speaks_against),
            class_="taken" if one.reported else None,
        )
        for one in classes
    )
    return _table(f"Classes, by {model}", ("", "probability", "for", "against"), rows, "classes")


def _acts(acts: Iterable[Act]) -> Safe:
    rows = (
        _row(
            act.words,
            act.reading,
            act.sides,
            el("div", el("bdi", act.fate), _weights(act.weights)),
            class_="taken" if act.chosen else None,
        )
        for act in acts
    )
    return _table("Acts beside an actor", ("words", "reading", "by rule", "became"), rows, "acts")


def _found(found: Iterable[Found]) -> Safe:
    rows = (_row(one.words, one.is_a, el("bdi", one.means), one.why) for one in found)
    return _table("Names and dates", ("words", "is a", "means", "found by"), rows, "found")
