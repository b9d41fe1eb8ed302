"""The one tree of a page: elements that group text, and the blocks of text in them.

A plain-text dump gives the same blocks without elements, so that what reads teasers and articles
need not know which kind of page it has.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from streams.parse.attributes import attribute
from streams.parse.marks import Mark

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What a page has hundreds of is a Struct: made in less than half of a dataclass's time, and left out of
# garbage collection, since none refers to what holds it.


class Node(Struct, eq=False, gc=False):
    """An element that groups text: a block element, a table cell, a marked span."""

    tag: str
    parent: Node | None
    index: int
    depth: int
    names: str = ""
    own: int = 0
    marks: int = 0  # own and inherited, set once the tree is built
    first: int = 0  # blocks[first:last] are the blocks within
    last: int = 0


class Link(Struct, eq=False, gc=False):
    """A link with its attributes as written; ``chars`` is how much of its block's text it covers."""

    written: str
    chars: int

    @property
    def href(self) -> str:
        """Where it leads, as written; '' for a link to nowhere."""
        return attribute(self.written, "href")

    @property
    def rel(self) -> str:
        """What the page says of where it leads."""
        return attribute(self.written, "rel")


class Block(Struct, eq=False, gc=False):
    """A run of text that a reader sees as one: a paragraph, a heading, a cell, a line of a dump."""

    text: str
    start: int
    end: int
    node: Node
    index: int
    links: tuple[Link, ...] = ()
    gap: bool = False  # in a dump: an empty line stands before it
    weight: float = 0.0  # how much it reads like running text
    linked: int = 0  # characters of the text that are links

    @property
    def tag(self) -> str:
        """Tag of the element it stands in; its node may be another once the marks are settled."""
        return self.node.tag

    @property
    def marks(self) -> int:
        """What the elements around it are for."""
        return self.node.marks


class TimeTag(Struct, eq=False, gc=False):
    """A ``<time>`` element."""

    datetime: str
    node: Node
    block: int  # index of the block it stands in or before
    names: str = ""
    text: str = ""


class MetaTag(Struct, eq=False, gc=False):
    """A ``<meta itemprop>`` element among the page's text: it speaks of the element that it stands in."""

    name: str
    content: str
    node: Node
    block: int  # index of the block it stands before


@dataclass(slots=True, eq=False)
class Head:
    """What a page says of itself where no reader looks."""

    title: str = ""
    language: str = ""
    base: str = ""
    canonical: str = ""
    metas: dict[str, list[str]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)  # JSON-LD, unparsed


@dataclass(slots=True, eq=False)
class Tree:
    """A page, read once."""

    source: str
    nodes: list[Node]
    blocks: list[Block]
    head: Head
    times: list[TimeTag]
    metas: list[MetaTag] = field(default_factory=list)  # those of the page as a whole are the head's
    plain: bool = False

    def settle_marks(self) -> None:
        """Hand marks down to descendants, leaving out those that most of the page's text contradicts."""
        weights = [0.0]
        for block in self.blocks:
            weights.append(weights[-1] + block.weight)
        total = weights[-1] or 1.0
        for node in self.nodes:
            if node.tag in HEADINGS:
                self._gather(node)
            own = node.own
            if own & _SOFT and (weights[node.last] - weights[node.first]) / total > _MOST:
                own &= ~_SOFT
            node.marks = own | (node.parent.marks if node.parent else 0)

    def _gather(self, heading: Node) -> None:
        """Let a heading have the one text that stands in an element within it."""
        if heading.last - heading.first == 1:
            block = self.blocks[heading.first]
            if block.node.tag in ("div", "p"):
                block.node = heading


_MOST = 0.5
_SOFT = (
    Mark.NAVIGATION | Mark.HEADER | Mark.FOOTER | Mark.ASIDE | Mark.FIGURE | Mark.CAPTION | Mark.CONTROL
    | Mark.RELATED | Mark.COMMENTS | Mark.BYLINE | Mark.NOTICE | Mark.HIDDEN | Mark.SUMMARY | Mark.DATE | Mark.TAGS  # noqa: E501
)  # fmt: skip
