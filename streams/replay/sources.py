"""Where pages of the past are: a topic, its dead letters, an archive, or files of pages."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

from streams import headers as h
from streams.archive import manifest, reader
from streams.archive.manifest import Frame
from streams.archive.record import Archived
from streams.archive.writer import name_of, site_name
from streams.broker.event_log import Bounds, TimeRange, between, bounds
from streams.broker.records import tolerate_damage
from streams.errors import InvalidRecord
from streams.replay.past import Past, Position, Selection
from streams.settings import Settings

PAGES = "pages.raw"
_AT_ONCE, _BYTES_AT_ONCE = 256, 8 << 20
T = TypeVar("T")


class Source(Protocol):
    """Pages of the past, in an order that is the same each time."""

    name: str
    #: What it says that a person should know before it is replayed.
    remarks: list[str]

    async def open(self, selection: Selection) -> Position:
        """Look what is there, and fix where it ends.

        Raises:
            ConfigurationError: its topic is missing.
            InvalidRecord: it is not there, it is damaged, or it holds nothing of what is asked for.
            BrokerUnavailable: no broker answered.
        """

    def pages(self, selection: Selection, position: Position) -> AsyncIterator[Past]:
        """Yield the pages from a position on; more than the selection means may come.

        Raises:
            InvalidRecord: it is damaged; what came before it was yielded.
            BrokerUnavailable: the broker went away.
        """


class TopicSource:
    """``pages.raw`` of a pipeline, or its dead letters, as they stood when the replay was planned."""

    def __init__(self, settings: Settings, *, letters: bool = False, ends: Position | None = None) -> None:
        """Read the topics of these settings; ``ends`` are those fixed by an earlier plan."""
        self._settings = settings
        self._topic = "dead-letters" if letters else PAGES
        self._letters = letters
        self.name = f"{'dead-letters' if letters else 'kafka'}:{settings.topic_prefix}"
        self.topic = settings.topic(self._topic)
        self.ends = ends
        self.remarks: list[str] = []

    async def open(self, selection: Selection) -> Position:
        """See :meth:`Source.open`; the position has the first offset of each partition."""
        # Of letters the times are those of the pages, which only their headers hold.
        within = TimeRange() if self._letters else TimeRange(since=selection.since, until=selection.until)
        found = await bounds(self._settings, self._topic, within)
        self._check(found, selection)
        ranges = {p: self._range(p, bound, selection) for p, bound in found.items()}
        if not any(start < end for start, end in ranges.values()):
            raise InvalidRecord(f"{self.topic}: nothing there in this range")
        if self.ends is None:
            self.ends = {str(p): end for p, (_, end) in ranges.items()}
        return {str(p): start for p, (start, _) in ranges.items()}

    def _range(self, partition: int, bound: Bounds, selection: Selection) -> tuple[int, int]:
        if self._letters:
            return bound.start, bound.end
        if (selection.partitions and partition not in selection.partitions) or (
            selection.offsets and partition not in selection.offsets
        ):
            return bound.end, bound.end
        start, end = selection.offsets.get(partition, (bound.start, bound.end))
        return max(start, bound.start), min(end, bound.end)

    def _check(self, found: dict[int, Bounds], selection: Selection) -> None:
        """Refuse what is not there, and remark on what retention took."""
        wrong = sorted((selection.partitions | selection.offsets.keys()) - found.keys())
        if wrong and not self._letters:
            raise InvalidRecord(f"{self.topic} has no partition {', '.join(map(str, wrong))}")
        for partition, (start, end) in () if self._letters else sorted(selection.offsets.items()):
            bound = found[partition]
            if end <= bound.first:
                raise InvalidRecord(
                    f"{self.topic}/{partition}: offsets {start:,} to {end - 1:,} were deleted by retention; "
                    f"it begins at {bound.first:,}. An archive may hold them (dateline archive)"
                )
            if start < bound.first:
                deleted = f"offsets {start:,} to {bound.first - 1:,}"
                self.remarks.append(f"{self.topic}/{partition}: {deleted} were deleted by retention")
            if start >= bound.end:
                raise InvalidRecord(f"{self.topic}/{partition} ends at offset {bound.end:,}")

    async def pages(self, selection: Selection, position: Position) -> AsyncIterator[Past]:  # noqa: ARG002
        """See :meth:`Source.pages`."""
        tolerate_damage({self._settings.topic(PAGES)})
        ends = self.ends or {}
        ranges = {int(p): (start, ends.get(p, 0)) for p, start in position.items()}
        async for record in between(self._settings, self._topic, ranges):
            part, following = str(record.partition), record.offset + 1
            if self._letters:
                yield _letter(Archived.of(record), part, following)
            else:
                where = h.lineage(record.topic, record.partition, record.offset).decode()
                yield Past.of(Archived.of(record), where, part=part, following=following)


def _letter(record: Archived, part: str, following: int) -> Past:
    """Return the page of a dead letter, as it was before it failed."""
    pairs = tuple((name, value or b"") for name, value in record.headers)
    said = h.DeadLetter.from_headers(pairs)
    where = f"dead letter {record.partition}/{record.offset}"
    unfit = ""
    if said.stage != "parse":
        unfit = "dead letters of later stages, which `dateline dead-letters redrive` sends"
    elif said.original_bytes or said.cut:
        unfit = "dead letters that were cut to fit"
    if unfit:
        return Past(
            where=where, key=None, value=b"", headers=(), site="", unfit=unfit, part=part, following=following
        )
    page = Archived(
        topic=said.topic,
        partition=said.partition,
        offset=said.offset,
        timestamp=record.timestamp,
        key=record.key,
        headers=tuple(h.original(pairs)),
        value=record.value,
    )
    return Past.of(page, where, part=part, following=following)


class ArchiveSource:
    """An archive of ``pages.raw``; frames that hold nothing of the selection are not read."""

    def __init__(self, folder: Path, *, frames: int | None = None) -> None:
        """Read the archive in a folder; ``frames`` is how many it had when an earlier plan was made."""
        self._folder = folder
        self.frames = frames
        self.name = str(folder)
        self.remarks: list[str] = []

    async def open(self, selection: Selection) -> Position:
        """See :meth:`Source.open`; the position is the number of records read."""
        found = manifest.load(self._folder)
        if not found.about.topic.endswith(PAGES):
            raise InvalidRecord(
                f"{self._folder}: the archive of {found.about.topic}; only pages ({PAGES}) can be replayed"
            )
        for gap in found.gaps:
            self.remarks.append(
                f"{self._folder} never had {found.about.topic}/{gap.partition} offsets {gap.first:,} to "
                f"{gap.next - 1:,}: retention deleted them first"
            )
        if self.frames is None:
            self.frames = len(found.frames)
        frames = found.frames[: self.frames]
        if not any(selection.may_hold(frame.first, frame.last) for frame in frames):
            raise InvalidRecord(f"{self._folder}: nothing there in this range")
        if not any(map(_wanted(selection), frames)):
            sites = ", ".join(sorted(selection.sites))
            raise InvalidRecord(f"{self._folder}: no page of {sites} there in this range")
        return {"records": 0}

    def pages(self, selection: Selection, position: Position) -> AsyncIterator[Past]:
        """See :meth:`Source.pages`."""
        return in_thread(self._read(selection, position["records"]))

    def _read(self, selection: Selection, skip: int) -> Iterator[Past]:
        wanted = _wanted(selection)
        found = reader.records(self._folder, frames=self.frames, wanted=wanted, skip=skip)
        for number, record in enumerate(found, skip + 1):
            yield Past.of(record, f"{self.name}: {record.place}", part="records", following=number)


def _wanted(selection: Selection) -> Callable[[Frame], bool]:
    """Return which frames of an archive may hold pages that are meant: by their file's site and times."""
    names = {name_of(site) for site in selection.sites}

    def wanted(frame: Frame) -> bool:
        named = not names or site_name(frame.file) in names
        return named and selection.may_hold(frame.first, frame.last)

    return wanted


class FilesSource:
    """Pages in files, as ``dateline ingest`` reads them."""

    def __init__(self, name: str, read: Callable[[], Iterator[Past]]) -> None:
        """Read the pages that ``read`` yields, the same each time."""
        self.name = name
        self._read = read
        self.remarks: list[str] = []

    async def open(self, selection: Selection) -> Position:
        """See :meth:`Source.open`; the position is the number of pages read."""
        if selection.partitions or selection.offsets or selection.pages:
            raise InvalidRecord(f"{self.name}: files have no partitions, offsets or lineages")
        return {"records": 0}

    def pages(self, selection: Selection, position: Position) -> AsyncIterator[Past]:  # noqa: ARG002
        """See :meth:`Source.pages`."""
        numbered = (
            dataclasses.replace(page, part="records", following=number)
            for number, page in enumerate(self._read(), 1)
        )
        return in_thread(itertools.islice(numbered, position["records"], None))


async def in_thread(items: Iterator[Past]) -> AsyncIterator[Past]:
    """Yield what an iterator yields, which runs in a thread: reading and unpacking never hold up the loop."""

    def take() -> list[Past]:
        found: list[Past] = []
        held = 0
        for item in items:
            found.append(item)
            held += len(item.value)
            if len(found) >= _AT_ONCE or held >= _BYTES_AT_ONCE:
                break
        return found

    while found := await asyncio.to_thread(take):
        for item in found:
            yield item
