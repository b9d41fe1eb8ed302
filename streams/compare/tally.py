"""Counting what a comparison finds: totals, groups, fields, and a bounded sample of examples."""

from __future__ import annotations

import bisect
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from streams.compare import report as r
from streams.compare.changes import COUNTED, NOTHING
from streams.compare.heads import Kept
from streams.compare.run import Run
from streams.records import Event

#: Names that one table counts: sites and countries are named by pages, so they are bounded.
_NAMES = 20_000
_OTHER = "(other)"
_ORDER = ("changed", "gone", "added")
DIMENSIONS = ("class", "type", "country", "site")


class _Actor(Protocol):
    @property
    def country(self) -> str | None: ...


class _Coded(Protocol):
    """What an event and its head have in common."""

    @property
    def event_class(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def source(self) -> Sequence[_Actor]: ...
    @property
    def target(self) -> Sequence[_Actor]: ...


#: The groups that an event counts in: class, type and countries; and its site.
Labels = tuple[tuple[str, str, tuple[str, ...]], str]
_NOBODY = (NOTHING,)


def labels_of(event: _Coded) -> Labels:
    """Return an event's groups; it counts once for each country among its actors."""
    known = {a.country for a in event.source if a.country} | {a.country for a in event.target if a.country}
    return (event.event_class, event.type, tuple(sorted(known)) or _NOBODY), event.site or NOTHING


@dataclass(slots=True)
class _Waiting:
    """Counts that are not in their groups yet: most events share their groups with others.

    A key says where an event counts in either run, None where it is not in that run; a value is how many
    of them are the same and how many are not.
    """

    rows_of: Callable[[Any], list[r.Group]]
    counts: dict[tuple[Any, Any], list[int]] = field(default_factory=dict)

    def count(self, a: object, b: object, differs: bool) -> None:
        found = self.counts.get((a, b))
        if found is None:
            if len(self.counts) >= _NAMES:
                self.settle()
            found = self.counts[a, b] = [0, 0]
        found[differs] += 1

    def settle(self) -> None:
        """Put the counts into their groups."""
        for (a, b), (same, differing) in self.counts.items():
            rows_a = self.rows_of(a) if a is not None else []
            rows_b = rows_a if a == b else self.rows_of(b) if b is not None else []
            for row in rows_a:
                row.a += same + differing
            for row in rows_b:
                row.b += same + differing
            # A changed event counts once in each group that it was or is in.
            for row in rows_a if rows_a is rows_b else {id(row): row for row in (*rows_a, *rows_b)}.values():
                row.same += same
                if a is not None and b is not None:
                    row.changed += differing
                elif a is not None:
                    row.gone += differing
                else:
                    row.added += differing
        self.counts.clear()


class _Groups:
    """A row of counts for each name."""

    def __init__(self) -> None:
        self._rows: dict[str, r.Group] = {}

    def row(self, name: str) -> r.Group:
        found = self._rows.get(name)
        if found is None:
            if len(self._rows) >= _NAMES:
                name = _OTHER
            found = self._rows.setdefault(name, r.Group(name=name))
        return found

    def rows(self) -> tuple[r.Group, ...]:
        """Return the rows, those with the most differences first."""
        return tuple(sorted(self._rows.values(), key=lambda g: (-g.differing, -(g.a + g.b), g.name)))


class _Sample:
    """The events with the smallest ids of each stratum.

    Ids are hashes, so this is a random sample, and one that does not depend on the order of the input.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[tuple[str, ...], list[tuple[str, int, r.Example]]] = {}
        self._number = itertools.count()

    def offer(self, stratum: tuple[str, ...], event_id: str, make: Callable[[], r.Example]) -> None:
        kept = self._kept.setdefault(stratum, [])
        if self._size and (len(kept) < self._size or event_id < kept[-1][0]):
            bisect.insort(kept, (event_id, next(self._number), make()))
            del kept[self._size :]

    def examples(self) -> tuple[r.Example, ...]:
        found: dict[tuple[object, ...], r.Example] = {}
        for stratum in sorted(self._kept, key=lambda s: (_ORDER.index(s[0]), s)):
            for event_id, _, example in self._kept[stratum]:
                found.setdefault((example.kind, event_id, example.event_ids), example)
        return tuple(found.values())


class Tally:
    """Counts one comparison; each event, or pair of events, once."""

    def __init__(self, examples: int) -> None:
        """Keep so many examples of each kind."""
        self._totals = r.Group(name="all")
        self._groups = {name: _Groups() for name in DIMENSIONS}
        self._fields: Counter[str] = Counter()
        self._moves: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in COUNTED}
        self._sample = _Sample(examples)
        self._codings = _Waiting(self._coding_rows)
        self._sites = _Waiting(lambda site: [self._groups["site"].row(site)])

    def same(self, event: _Coded) -> None:
        """Count an event that both runs have alike."""
        labels = labels_of(event)
        self._count(labels, labels, differs=False)

    def gone(self, kept: Kept) -> None:
        """Count an event that only the first run has."""
        head = kept.head
        self._count(labels_of(head), None, differs=True)
        stratum = ("gone", head.event_class, head.type)
        self._sample.offer(stratum, head.event_id, lambda: r.Example.of(kept.event(), None, ()))

    def added(self, kept: Kept) -> None:
        """Count an event that only the second run has."""
        head = kept.head
        self._count(None, labels_of(head), differs=True)
        stratum = ("added", head.event_class, head.type)
        self._sample.offer(stratum, head.event_id, lambda: r.Example.of(None, kept.event(), ()))

    def changed(self, a: Event, b: Event, fields: tuple[str, ...]) -> None:
        """Count an event that both runs have, with other values in these fields."""
        self._count(labels_of(a), labels_of(b), differs=True)
        for name in fields:
            self._fields[name] += 1
            self._sample.offer(("changed", name), a.event_id, lambda: r.Example.of(a, b, fields))
            if name in COUNTED:
                self._move(self._moves[name], (COUNTED[name](a), COUNTED[name](b)))

    @staticmethod
    def _move(moves: Counter[tuple[str, str]], move: tuple[str, str]) -> None:
        moves[move if move in moves or len(moves) < _NAMES else (_OTHER, _OTHER)] += 1

    def _count(self, a: Labels | None, b: Labels | None, *, differs: bool) -> None:
        coding_a, site_a = a or (None, None)
        coding_b, site_b = b or (None, None)
        self._codings.count(coding_a, coding_b, differs)
        self._sites.count(site_a, site_b, differs)

    def _coding_rows(self, coding: tuple[str, str, tuple[str, ...]]) -> list[r.Group]:
        event_class, event_type, countries = coding
        by_country = self._groups["country"]
        return [
            self._totals,
            self._groups["class"].row(event_class),
            self._groups["type"].row(event_type),
            *{id(row): row for row in map(by_country.row, countries)}.values(),
        ]

    def report(self, a: Run, b: Run) -> r.Report:
        """Return what was counted."""
        self._codings.settle()
        self._sites.settle()
        return r.Report(
            a=_source(a, self._totals.a),
            b=_source(b, self._totals.b),
            totals=self._totals,
            fields=tuple(
                r.Field(name=name, changed=count, moves=_most(self._moves.get(name, Counter())))
                for name, count in self._fields.most_common()
            ),
            groups={name: groups.rows() for name, groups in self._groups.items()},
            examples=self._sample.examples(),
        )


def _most(moves: Counter[tuple[str, str]], number: int = 100) -> tuple[r.Move, ...]:
    most = sorted(moves.items(), key=lambda move: (-move[1], move[0]))[:number]
    return tuple(r.Move(before=before, after=after, count=count) for (before, after), count in most)


def _source(run: Run, events: int) -> r.Source:
    return r.Source(
        name=run.name,
        coder=run.coder,
        records=run.records,
        events=events,
        left_out=run.left_out,
        coder_versions=dict(sorted(run.versions.items())),
        unknown_fields=tuple(sorted(run.unknown)),
    )
