"""What the readers of a tree hand to one another: the article's and the teasers' blocks."""

from __future__ import annotations

from dataclasses import dataclass

from streams.parse.dates import Moment
from streams.parse.tree import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A text with the place it stands at in the source; no place where it came from elsewhere."""

    text: str
    start: int = -1
    end: int = -1

    @classmethod
    def of(cls, block: Block) -> Piece:
        """Return a block's text and place."""
        return cls(text=block.text, start=block.start, end=block.end)


@dataclass(slots=True, eq=False, kw_only=True)
class Unit:
    """One teaser: the blocks it takes up and what they say."""

    blocks: list[Block]
    headline: Piece | None
    summary: Piece | None
    href: str = ""
    date: tuple[Moment | None, str] = (None, "")  # and where it stood: "time" or "text"


@dataclass(slots=True, eq=False, kw_only=True)
class Article:
    """The article's blocks, in page order."""

    headline: Piece | None
    summary: Piece | None
    body: list[Piece]
    first: int  # index of the first block of headline or body
    begin: int  # index of the first block of the body
    last: int
