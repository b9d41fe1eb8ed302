"""A page of the past, and which of them are meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from streams import headers as h
from streams.archive.record import Archived

#: Headers that are the copy's own, not the page's.
_OF_THE_COPY = frozenset({h.REPLAY, h.LINEAGE, h.PAGE_TIME, h.TRACEPARENT, h.TRACESTATE})
#: Why pages are left out that an earlier replay sent.
COPIES = "copies of earlier replays"
#: Where a source goes on: for each of its parts the number of the next record.
Position = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One page as it was received."""

    where: str
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes | None], ...]
    site: str
    #: topic/partition/offset of its first record; empty where it never stood on a topic.
    origin: str = ""
    #: Of that record, milliseconds since 1970.
    timestamp: int | None = None
    #: Whether an earlier replay sent it.
    is_copy: bool = False
    #: Why it can never be sent; empty when it can.
    unfit: str = ""
    #: Part of the source, and the number to go on with after this page.
    part: str = ""
    following: int = 0

    @classmethod
    def of(cls, record: Archived, where: str, *, part: str = "", following: int = 0) -> Past:
        """Take over a record of ``pages.raw``."""
        return cls(
            where=where,
            key=record.key,
            value=record.value or b"",
            headers=record.headers,
            site=record.site,
            origin=record.place,
            timestamp=record.timestamp,
            is_copy=any(name == h.REPLAY for name, _ in record.headers),
            part=part,
            following=following,
        )

    def marked(self, replay_id: str) -> list[tuple[str, bytes | None]]:
        """Return the headers of the copy that a replay sends: the page's own, and whose copy it is."""
        own = [(name, value) for name, value in self.headers if name not in _OF_THE_COPY]
        marks: list[tuple[str, bytes | None]] = [(h.REPLAY, replay_id.encode())]
        if self.origin:
            marks.append((h.LINEAGE, self.origin.encode()))
        if self.timestamp is not None:
            marks.append((h.PAGE_TIME, str(self.timestamp).encode()))
        return own + marks

    @property
    def record_key(self) -> bytes:
        """The key it goes under: all pages of a site must meet."""
        return self.key if self.key is not None else self.site.encode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which pages of a source are meant; what is empty does not count. Times are those of the records."""

    since: datetime | None = None
    until: datetime | None = None
    sites: frozenset[str] = frozenset()
    partitions: frozenset[int] = frozenset()
    #: For a partition the offsets ``[start, end)``.
    offsets: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    #: Lineages, topic/partition/offset.
    pages: frozenset[str] = frozenset()
    #: Whether pages that an earlier replay sent are meant, too.
    copies: bool = False

    def left_out(self, page: Past) -> str:
        """Return why a page is not meant; empty when it is."""
        reasons = (
            (bool(page.unfit), page.unfit),
            (page.is_copy and not self.copies, COPIES),
            (not self._at(page.timestamp), "outside the time range"),
            (not self._placed(page.origin), "other partitions or offsets"),
            (bool(self.pages) and page.origin not in self.pages, "other pages"),
            (bool(self.sites) and page.site not in self.sites, "other sites"),
        )
        return next((why for found, why in reasons if found), "")

    def _placed(self, origin: str) -> bool:
        if not self.partitions and not self.offsets:
            return True
        place = h.place(origin.encode())
        partition, offset = place[1:] if place else (-1, -1)
        start, end = self.offsets.get(partition, (0, 0)) if self.offsets else (offset, offset + 1)
        return (not self.partitions or partition in self.partitions) and start <= offset < end

    def _at(self, timestamp: int | None) -> bool:
        if self.since is None and self.until is None:
            return True
        if timestamp is None:
            return False
        return (self.since is None or timestamp >= _milliseconds(self.since)) and (
            self.until is None or timestamp < _milliseconds(self.until)
        )

    def may_hold(self, first: int, last: int) -> bool:
        """Whether records between two timestamps may be meant."""
        return (self.since is None or last >= _milliseconds(self.since)) and (
            self.until is None or first < _milliseconds(self.until)
        )

    def words(self) -> dict[str, str]:
        """Return what was chosen, for people and for the record of the replay."""
        said = {
            "since": h.timestamp(self.since.astimezone(UTC)) if self.since else "",
            "until": h.timestamp(self.until.astimezone(UTC)) if self.until else "",
            "sites": " ".join(sorted(self.sites)),
            "partitions": " ".join(map(str, sorted(self.partitions))),
            "offsets": " ".join(f"{p}:{start}-{end}" for p, (start, end) in sorted(self.offsets.items())),
            "pages": " ".join(sorted(self.pages)),
            "copies": "yes" if self.copies else "",
        }
        return {name: words for name, words in said.items() if words}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
