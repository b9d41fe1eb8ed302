"""What a comparison found, as it is written with ``--json``."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from streams.compare.changes import FIELDS, codes
from streams.records import Event, Span

_LONGEST = 1000


@dataclass(slots=True, kw_only=True)
class Group:
    """Counts of one class, type, country or site; a changed event counts in its old and its new group."""

    name: str
    a: int = 0
    b: int = 0
    same: int = 0
    changed: int = 0
    gone: int = 0
    added: int = 0

    @property
    def differing(self) -> int:
        """Events that are not the same."""
        return self.changed + self.gone + self.added

    @property
    def share(self) -> float:
        """Their share of all events of either run, 0 to 1."""
        every = self.same + self.differing
        return self.differing / every if every else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One of the two runs."""

    name: str
    coder: str | None
    #: Records read; ``events`` are the different ids among them.
    records: int
    events: int
    #: Records of other coder versions than ``coder``.
    left_out: int
    coder_versions: dict[str, int]
    unknown_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How often a value became another."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """In how many events a field changed, and its most frequent moves."""

    name: str
    changed: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """One event as a person reads it."""

    event_class: str
    type: str
    source: str
    target: str
    confidence: float
    #: ``[start, end, what]`` in code points of the example's evidence, without overlaps.
    marks: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of an event that changed."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An event that is gone, added or changed."""

    kind: str
    event_ids: tuple[str | None, str | None]
    evidence: str
    headline: str | None
    site: str
    url: str
    a: Coding | None
    b: Coding | None
    changes: tuple[Change, ...] = ()

    @classmethod
    def of(cls, a: Event | None, b: Event | None, fields: tuple[str, ...]) -> Example:
        """Show an event of one run, or of both with what changed."""
        event = b or a
        assert event is not None
        changes = (
            Change(field=name, before=_cut(FIELDS[name](a)), after=_cut(FIELDS[name](b)))
            for name in fields
            if a and b
        )
        return cls(
            kind="changed" if a and b else "gone" if a else "added",
            event_ids=(a.event_id if a else None, b.event_id if b else None),
            evidence=_cut(event.evidence),
            headline=event.headline and _cut(event.headline),
            site=event.site,
            url=event.page_url,
            a=_coding(a, event),
            b=_coding(b, event),
            changes=tuple(changes),
        )


def _coding(event: Event | None, shown: Event) -> Coding | None:
    if event is None:
        return None
    return Coding(
        event_class=event.event_class,
        type=event.type,
        source=codes(event.source),
        target=codes(event.target),
        confidence=event.confidence,
        # Marks point into the evidence that is shown, which is that of the second run.
        marks=_marks(event) if event.evidence == shown.evidence else (),
    )


def _marks(event: Event) -> tuple[tuple[int, int, str], ...]:
    spans = event.spans
    named: list[tuple[Span, str]] = [(spans.trigger, "trigger")]
    named += [(span, "source") for span in spans.source] + [(span, "target") for span in spans.target]
    found: list[tuple[int, int, str]] = []
    first = spans.evidence.start
    for span, what in sorted(named, key=lambda n: (n[0].start, n[0].end)):
        start, end = span.start - first, span.end - first
        if 0 <= start < end <= min(len(event.evidence), _LONGEST - 1) and (
            not found or found[-1][1] <= start
        ):
            found.append((start, end, what))
    return tuple(found)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit that was asked for, and what was found."""

    what: str
    limit: str
    found: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that a comparison found."""

    a: Source
    b: Source
    totals: Group
    fields: tuple[Field, ...]
    groups: dict[str, tuple[Group, ...]]
    examples: tuple[Example, ...]
    limits: tuple[Limit, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether no limit is exceeded."""
        return all(limit.passed for limit in self.limits)


def as_json(report: Report) -> str:
    """Return the report as indented JSON, with its verdict first."""
    body = {
        "passed": report.passed,
        "differing": report.totals.differing,
        "share": round(report.totals.share, 6),
    } | {name: getattr(report, name) for name in Report.__dataclass_fields__}
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
