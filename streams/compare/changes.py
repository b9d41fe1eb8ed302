"""What two codings of one event have otherwise: the fields that are compared, and how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from streams.records import Actor, Event, Span

NOTHING = "–"


def _actors(side: Iterable[Actor]) -> str:
    shown = (" ".join(dict.fromkeys(filter(None, (a.country, a.role, a.name)))) for a in side)
    return ", ".join(shown) or NOTHING


def codes(side: Iterable[Actor]) -> str:
    """Return one side of an event in a few characters: codes where known, else names."""
    return ", ".join(dict.fromkeys(a.country or a.name for a in side)) or NOTHING


def _place(event: Event) -> str:
    place = event.place
    return NOTHING if place is None else f"{place.name} ({place.country or NOTHING}, {place.precision})"


def _date(event: Event) -> str:
    date = event.date
    if date is None:
        return NOTHING
    days = date.start if date.start == date.end else f"{date.start} to {date.end}"
    return f"{days} ({date.precision}, {date.method})"


def _spans(event: Event) -> str:
    def one(span: Span | None) -> str:
        return NOTHING if span is None else f"{span.start}-{span.end}"

    s = event.spans
    sides = (" ".join(map(one, side)) or NOTHING for side in (s.source, s.target))
    names = ("trigger", "source", "target", "place", "date", "evidence")
    shown = (one(s.trigger), *sides, one(s.place), one(s.date), one(s.evidence))
    return ", ".join(f"{name} {value}" for name, value in zip(names, shown, strict=True) if value != NOTHING)


def _published(event: Event) -> str:
    at = event.published_at
    return NOTHING if at is None else f"{at.value.isoformat()} ({at.precision}, {at.source})"


def _plain(name: str) -> Callable[[Event], str]:
    def show(event: Event) -> str:
        value = getattr(event, name)
        return NOTHING if value is None else str(value)

    return show


#: The fields that are compared, each with how a person reads its value. Where the record came from
#: (addresses, site, lineage, times of fetching, coder version) is not coding: runs over the same
#: pages may differ there.
FIELDS: dict[str, Callable[[Event], str]] = {
    "event_class": _plain("event_class"),
    "type": _plain("type"),
    "mode": _plain("mode"),
    "contexts": lambda event: ", ".join(event.contexts) or NOTHING,
    "cameo": _plain("cameo"),
    "intensity": _plain("intensity"),
    "source": lambda event: _actors(event.source),
    "target": lambda event: _actors(event.target),
    "place": _place,
    "date": _date,
    "modality": _plain("modality"),
    "confidence": _plain("confidence"),
    "evidence": _plain("evidence"),
    "spans": _spans,
    "headline": _plain("headline"),
    "language": _plain("language"),
    "published_at": _published,
    "document_id": _plain("document_id"),
}

#: Fields whose values say most when they are counted: from what to what.
COUNTED: dict[str, Callable[[Event], str]] = {
    name: FIELDS[name] for name in ("event_class", "type", "mode", "cameo", "modality", "language")
} | {
    "source": lambda event: codes(event.source),
    "target": lambda event: codes(event.target),
    "place": lambda event: NOTHING if event.place is None else event.place.country or event.place.name,
    "date": lambda event: NOTHING if event.date is None else event.date.method,
}


def changed(a: Event, b: Event, *, ignore: Collection[str] = (), tolerance: float = 0.0) -> tuple[str, ...]:
    """Return the names of the fields that differ, in the order of :data:`FIELDS`.

    A confidence that moved by no more than ``tolerance`` is the same. Spans count only in the same
    document: in a changed text all of them move.
    """
    found = []
    for name in FIELDS:
        if name in ignore:
            continue
        before: Any = getattr(a, name)
        after: Any = getattr(b, name)
        if before == after:
            continue
        if name == "confidence" and abs(before - after) <= tolerance + 1e-9:
            continue
        if name == "spans" and a.document_id != b.document_id:
            continue
        found.append(name)
    return tuple(found)
