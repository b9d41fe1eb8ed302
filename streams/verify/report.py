"""What an account says: counts, and examples of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: So many losses and doubles are named; all are counted.
EXAMPLES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something that a page must have become and that stands nowhere."""

    page: str
    stage: Literal["parse", "enrich", "classify"]
    id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """An event id that a reader of the compacted topics sees twice, or with two values for one page."""

    event_id: str
    why: str


@dataclass(slots=True, kw_only=True)
class Report:
    """The account of all pages that stand on ``pages.raw``."""

    pages: int = 0
    processed: int = 0
    seen: int = 0
    dead_lettered: int = 0
    waiting: int = 0
    lost: int = 0
    doubled: int = 0
    #: Losses of pages that no longer stand on ``pages.raw``.
    lost_earlier: int = 0
    documents: int = 0
    events: int = 0
    letters: int = 0
    #: Records that were sent again after a crash, the same id and bytes: allowed, and compacted away.
    repeats: dict[str, int] = field(default_factory=dict)
    #: Events that no enriched document on the topics explains; their documents may have left the topic.
    unexplained: int = 0
    coder_versions: list[str] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    doubles: list[Double] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing doubled."""
        return not (self.lost or self.lost_earlier or self.doubled)
