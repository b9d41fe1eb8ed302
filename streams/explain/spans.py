"""A text cut where the spans of an explanation begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

from streams.explain.records import Explanation
from streams.records import Span

#: What a piece of text can be; where several hold, the first of them is shown.
KINDS = ("trigger", "source", "target", "place", "date", "entity")


def marked(explanation: Explanation) -> list[tuple[Span, str]]:
    """Return every span of a document with its kind: those of its events, then what was found besides."""
    found: list[tuple[Span, str]] = []
    for one in explanation.events:
        spans = one.event.spans
        found.append((spans.trigger, "trigger"))
        found += [(span, "source") for span in spans.source]
        found += [(span, "target") for span in spans.target]
        found += [(span, "place") for span in (spans.place,) if span]
    found += [(date.span, "date") for date in explanation.dates]
    found += [(entity.span, "entity") for entity in explanation.entities]
    return found


def pieces(text: str, spans: list[tuple[Span, str]]) -> Iterator[tuple[str, str]]:
    """Yield the text in pieces, each with the kind that is shown; empty where none holds."""
    cuts = sorted({0, len(text), *(edge for span, _ in spans for edge in (span.start, span.end))})
    for kind, run in groupby(pairwise(cuts), key=lambda cut: _kind(cut, spans)):
        yield "".join(text[start:end] for start, end in run), kind


def _kind(cut: tuple[int, int], spans: list[tuple[Span, str]]) -> str:
    held = {kind for span, kind in spans if span.start <= cut[0] and cut[1] <= span.end}
    return next((kind for kind in KINDS if kind in held), "")
