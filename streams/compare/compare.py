"""The comparison itself: three rounds over partitions, each over what the one before left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import msgspec

from streams.compare import match
from streams.compare.changes import changed
from streams.compare.heads import Kept, Left, alike, keep
from streams.compare.report import Report
from streams.compare.run import Run
from streams.compare.spill import Spill
from streams.compare.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What counts as a change, and how much is shown of it."""

    ignore: tuple[str, ...] = ()
    #: A confidence that moved by no more than this is the same.
    tolerance: float = 0.0
    #: Examples kept for each class and type that is gone or added, and for each field that changed.
    examples: int = 5


class _Id(msgspec.Struct, gc=False):
    event_id: str
    page_url: str


_ID = msgspec.json.Decoder(_Id)


def compare(a: Run, b: Run, options: Options, *, progress: Callable[[], None] = lambda: None) -> Report:
    """Compare two runs; ``progress`` is called once for each of 256 partitions.

    Raises:
        OSError: the temporary folder is full.
    """
    tally = Tally(options.examples)
    with ExitStack() as stack:
        documents, pages = ((stack.enter_context(Spill()), stack.enter_context(Spill())) for _ in range(2))
        rounds = _Rounds(options, tally, documents, pages)
        for lines_a, lines_b in zip(a.spill, b.spill, strict=True):
            rounds.same_id(_standing(lines_a), _standing(lines_b))
            progress()
        for lines_a, lines_b in zip(*documents, strict=True):
            rounds.same_document(lines_a, lines_b)
        for lines_a, lines_b in zip(*pages, strict=True):
            rounds.same_page(lines_a, lines_b)
    return tally.report(a, b)


def _standing(lines: list[bytes]) -> dict[str, dict[str, bytes]]:
    """Return the records that stand, by id and page address: the last of each, unless taken away later."""
    found: dict[str, dict[str, bytes]] = {}
    for line in lines:
        if line.startswith(b'"'):
            found.pop(msgspec.json.decode(line, type=str), None)
            continue
        given = _ID.decode(line)
        records = found.get(given.event_id)
        if records is None:
            found[given.event_id] = {given.page_url: line}
        else:
            records[given.page_url] = line
    return found


Sides = tuple[list[Left], list[Left]]


def _by_group(a: list[bytes], b: list[bytes], group: Callable[[Left], bytes]) -> tuple[Sides, Sides]:
    """Return what stands in a group that only one side has, and the rest: only that needs to be read."""
    left_a, left_b = [*map(Left.read, a)], [*map(Left.read, b)]
    common = {*map(group, left_a)} & {*map(group, left_b)}
    apart: Sides = [], []
    together: Sides = [], []
    for number, side in enumerate((left_a, left_b)):
        for left in side:
            (together if group(left) in common else apart)[number].append(left)
    return apart, together


@dataclass(frozen=True, slots=True)
class _Rounds:
    options: Options
    tally: Tally
    documents: tuple[Spill, Spill]
    pages: tuple[Spill, Spill]

    def same_id(self, a: dict[str, dict[str, bytes]], b: dict[str, dict[str, bytes]]) -> None:
        """Compare what has the same id; leave the rest to the next round."""
        for event_id, records in a.items():
            others = b.pop(event_id, None)
            if others is None:
                self._leave(records, self.documents[0])
                continue
            # Of a document on several pages, the page that both runs have is compared.
            page = min(records.keys() & others.keys(), default=None)
            line = records[min(records) if page is None else page]
            self._compare(keep(line), others[min(others) if page is None else page])
        for records in b.values():
            self._leave(records, self.documents[1])

    @staticmethod
    def _leave(records: dict[str, bytes], spill: Spill) -> None:
        left = Left.of(keep(records[min(records)]))
        spill.add(left.document, left.record())

    def _compare(self, a: Kept, line_b: bytes) -> None:
        if alike(a.line, line_b):
            self.tally.same(a.head)
            return
        b = keep(line_b)
        before, after = a.event(), b.event()
        fields = changed(before, after, ignore=self.options.ignore, tolerance=self.options.tolerance)
        if fields:
            self.tally.changed(before, after, fields)
        else:
            self.tally.same(a.head)

    def same_document(self, records_a: list[bytes], records_b: list[bytes]) -> None:
        """Pair what stands in the same document; leave the rest to the next round."""
        apart, together = _by_group(records_a, records_b, lambda left: left.document)
        paired = self._pair(together, match.in_document)
        for lone, kept, spill in zip(apart, paired, self.pages, strict=True):
            for left in (*lone, *map(Left.of, kept)):
                spill.add(left.page, left.record())

    def same_page(self, records_a: list[bytes], records_b: list[bytes]) -> None:
        """Pair what stands in the same sentence of the same page; the rest is gone or added."""
        apart, together = _by_group(records_a, records_b, lambda left: left.page)
        gone, added = self._pair(together, match.on_page)
        for kept in (*(keep(left.line) for left in apart[0]), *gone):
            self.tally.gone(kept)
        for kept in (*(keep(left.line) for left in apart[1]), *added):
            self.tally.added(kept)

    def _pair(self, both: Sides, keys: match.Keys) -> tuple[list[Kept], list[Kept]]:
        kept_a, kept_b = ([keep(left.line) for left in side] for side in both)
        pairs, *left = match.pair(kept_a, kept_b, keys)
        for before, after in pairs:
            self._compare(before, after.line)
        return left[0], left[1]
