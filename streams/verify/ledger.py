"""The ledger: takes what stands on the topics, and tells for each page what became of it.

No Kafka here. A page is known by its lineage, ``topic/partition/offset``, which every record made
from it carries. Of each record only ids and digests are kept: some hundred bytes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from enum import StrEnum

from streams.headers import whole_number
from streams.verify.expected import ExpectedEvents, ExpectedPage
from streams.verify.report import EXAMPLES, Double, Loss, Report


class Fate(StrEnum):
    """What became of a page; a page with several counts as the last of them here."""

    SEEN = "seen"
    PROCESSED = "processed"
    DEAD_LETTERED = "dead_lettered"
    WAITING = "waiting"
    LOST = "lost"


_WORST_LAST = list(Fate)
#: A document of one page: lineage and document id.
_Made = tuple[str, str]


class Ledger:
    """Collects records in any order; :meth:`report` accounts for them."""

    def __init__(self, *, coder_version: str, remembers: bool = False) -> None:
        """Expect events of this coder. ``remembers``: the oldest documents have left their topic."""
        self._coder = coder_version
        self._remembers = remembers
        self._pages: dict[str, ExpectedPage | None] = {}
        self._letters: Counter[tuple[str, str, str]] = Counter()
        self._documents: dict[_Made, bool] = {}
        self._first: dict[tuple[int, str, str], int] = {}
        self._seen: set[tuple[int, str]] = set()
        self._enriched: dict[_Made, tuple[ExpectedEvents, bool]] = {}
        self._events: dict[tuple[str, str], dict[bytes, str]] = defaultdict(dict)
        self._places: dict[str, set[str]] = defaultdict(set)
        self._other_coder: set[_Made] = set()
        self._repeats: Counter[str] = Counter()
        self._coders: set[str] = {coder_version}

    def add_page(self, lineage: str, expected: ExpectedPage | None) -> None:
        """Add a page and what it must become; None where the group has not finished it."""
        self._pages[lineage] = expected

    def add_letter(self, stage: str, lineage: str, document_id: str = "") -> None:
        """Add a dead letter: of a page, or of a document of it."""
        self._repeats["dead-letters"] += (stage, lineage, document_id) in self._letters
        self._letters[stage, lineage, document_id] += 1

    def add_document(self, lineage: str, document_id: str, *, site: str, finished: bool) -> None:
        """Add a record of ``documents``; ``finished`` when the group has committed beyond it."""
        made = (lineage, document_id)
        self._repeats["documents"] += made in self._documents
        # Repeats are later records: the page is through when any of them is.
        self._documents[made] = self._documents.get(made, False) or finished
        partition, offset = _place(lineage)
        key = (partition, site, document_id)
        self._first[key] = min(offset, self._first.get(key, offset))

    def add_seen(self, partition: int, key: str) -> None:
        """Add an entry of the seen table."""
        self._seen.add((partition, key))

    def add_enriched(
        self, lineage: str, document_id: str, expected: ExpectedEvents, *, finished: bool
    ) -> None:
        """Add a record of ``documents.enriched`` and the events it must become."""
        made = (lineage, document_id)
        self._repeats["documents.enriched"] += made in self._enriched
        before = self._enriched.get(made)
        self._enriched[made] = (expected, finished or (before is not None and before[1]))

    def add_event(
        self, lineage: str, event_id: str, *, document_id: str, place: str, value: bytes, coder: str
    ) -> None:
        """Add a record of an event topic; ``place`` is topic/partition, ``value`` the digest of its bytes."""
        self._coders.add(coder)
        if coder != self._coder:
            self._other_coder.add((lineage, document_id))
        self._places[event_id].add(place)
        values = self._events[event_id, lineage]
        self._repeats["events"] += value in values
        values[value] = coder

    def knows_letter(self, lineage: str) -> bool:
        """Whether a page became a dead letter when it was parsed."""
        return ("parse", lineage, "") in self._letters

    def report(self) -> Report:
        """Account for everything that was added."""
        report = Report(
            pages=len(self._pages),
            documents=len(self._documents),
            events=len(self._places),
            letters=len(self._letters),
            repeats={name: count for name, count in sorted(self._repeats.items()) if count},
            coder_versions=sorted(self._coders),
        )
        fates: Counter[Fate] = Counter()
        for lineage, expected in self._pages.items():
            losses: list[Loss] = []
            found = {Fate.SEEN, *self._fates(lineage, expected, losses)}
            fates[max(found, key=_WORST_LAST.index)] += 1
            report.losses += losses[: EXAMPLES - len(report.losses)]
        for fate in Fate:
            setattr(report, fate.value, fates[fate])
        earlier: list[Loss] = []
        for made in self._documents:
            if made[0] not in self._pages:
                list(self._follow(made, earlier))
        report.lost_earlier = len(earlier)
        report.losses += earlier[: EXAMPLES - len(report.losses)]
        doubles = list(self._doubles())
        report.doubled = len({double.event_id for double in doubles})
        report.doubles = doubles[:EXAMPLES]
        report.unexplained = self._unexplained()
        return report

    def _fates(self, lineage: str, expected: ExpectedPage | None, losses: list[Loss]) -> Iterator[Fate]:
        if self.knows_letter(lineage):
            yield Fate.DEAD_LETTERED
            # What an earlier try has sent on must go through, too.
            expected = ExpectedPage()
        if expected is None:
            yield Fate.WAITING
            return
        if expected.error:
            losses.append(
                Loss(page=lineage, stage="parse", id="", why=f"no dead letter for {expected.error}")
            )
            yield Fate.LOST
        partition, offset = _place(lineage)
        for document_id in expected.documents:
            made = (lineage, document_id)
            if made in self._documents:
                yield Fate.PROCESSED
                yield from self._follow(made, losses)
            elif not self._emitted_before(partition, offset, expected.site, document_id):
                why = f"neither emitted nor seen before on {expected.site}"
                losses.append(Loss(page=lineage, stage="parse", id=document_id, why=why))
                yield Fate.LOST

    def _emitted_before(self, partition: int, offset: int, site: str, document_id: str) -> bool:
        first = self._first.get((partition, site, document_id))
        if first is not None and first < offset:
            return True
        return self._remembers and (partition, f"{site}|{document_id}") in self._seen

    def _follow(self, made: _Made, losses: list[Loss]) -> Iterator[Fate]:
        """Follow a document that was emitted to its events."""
        lineage, document_id = made
        if made not in self._enriched:
            if ("enrich", *made) in self._letters:
                yield Fate.DEAD_LETTERED
                return
            if not self._documents[made]:
                yield Fate.WAITING
                return
            why = "not on documents.enriched and no dead letter"
            losses.append(Loss(page=lineage, stage="enrich", id=document_id, why=why))
            yield Fate.LOST
            return
        expected, finished = self._enriched[made]
        # By id alone: compaction keeps an event's last record, which another page may have brought.
        missing = [e for e, _ in expected.events if e not in self._places]
        if expected.error:
            missing = [f"no dead letter for {expected.error}"]
        if missing and ("classify", *made) in self._letters:
            yield Fate.DEAD_LETTERED
        elif missing and not finished:
            yield Fate.WAITING
        elif missing and made not in self._other_coder:
            why = f"{len(missing)} of {len(expected.events)} events are missing: {missing[0]}"
            losses.append(Loss(page=lineage, stage="classify", id=document_id, why=why))
            yield Fate.LOST

    def _doubles(self) -> Iterator[Double]:
        for event_id, places in self._places.items():
            if len(places) > 1:
                yield Double(event_id=event_id, why=f"stands on {' and '.join(sorted(places))}")
        right = {
            (event_id, lineage): value
            for (lineage, _), (expected, _) in self._enriched.items()
            for event_id, value in expected.events
        }
        for (event_id, lineage), values in self._events.items():
            ours = {value for value, coder in values.items() if coder == self._coder}
            wanted = right.get((event_id, lineage))
            if len(ours | ({wanted} if wanted and ours else set())) > 1:
                yield Double(event_id=event_id, why=f"differs from what page {lineage} gives")

    def _unexplained(self) -> int:
        explained = {
            (event_id, lineage)
            for (lineage, _), (expected, _) in self._enriched.items()
            for event_id, _ in expected.events
        }
        return sum(
            1
            for which, values in self._events.items()
            if which not in explained and self._coder in values.values()
        )


def _place(lineage: str) -> tuple[int, int]:
    """Return partition and offset of a page; a lineage that is none stands nowhere."""
    _, _, rest = lineage.rpartition("/")
    partition, offset = whole_number(lineage.rpartition("/")[0].rpartition("/")[2]), whole_number(rest)
    return (-1, -1) if partition is None or offset is None else (partition, offset)
