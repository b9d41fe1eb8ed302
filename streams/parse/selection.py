"""Which blocks of the article's region a reader would call its text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import zip_longest

from streams.parse.dates import is_date_line
from streams.parse.marks import Mark
from streams.parse.region import Region
from streams.parse.tree import HEADINGS, Block, Node, Tree
from streams.parse.weigh import linked_share, words

_BARRED = (
    Mark.NAVIGATION | Mark.FOOTER | Mark.ASIDE | Mark.CAPTION | Mark.CONTROL | Mark.RELATED | Mark.COMMENTS
    | Mark.BYLINE | Mark.NOTICE | Mark.HIDDEN | Mark.TAGS
)  # fmt: skip
_BARRED_ANYWAY = Mark.FOOTER | Mark.CAPTION | Mark.COMMENTS | Mark.HIDDEN
_MAX_LINKED = 0.5
_RIGHTS = re.compile(
    r"©|ⓒ|copyright|all rights reserved|alle rechte vorbehalten|無断転載|무단 ?전재", re.IGNORECASE
)
_MAX_LEAD_LINKED = 0.3
_MIN_LOOSE_WORDS = 4
_MAX_LEADS = 4
_MIN_SHARE = 0.3  # of the region's running text; with less, the marks are not to be believed
_TEXT_TAGS = frozenset({"p", "li", "blockquote", "pre", "dd", "dt", "line"})


def select(tree: Tree, region: Region, taken: set[int], heading: Block | None) -> list[Block]:
    """Return the blocks of the body in page order."""
    kept = _select(tree, region, taken, heading, _BARRED)
    whole = sum(b.weight for b in tree.blocks[region.first : region.last] if b.index not in taken)
    if sum(block.weight for block in kept) < _MIN_SHARE * whole:
        kept = _select(tree, region, taken, heading, _BARRED_ANYWAY)
    return _trim(kept)


def _select(tree: Tree, region: Region, taken: set[int], heading: Block | None, bar: int) -> list[Block]:
    within = _marks_within(tree, region)
    kept: list[Block] = []
    begin = region.first
    if heading is not None and heading.index < region.last:
        begin = max(begin, heading.index + 1) if heading.index >= region.first else begin
        kept += _leads(tree, heading, region, taken)
    for block in tree.blocks[begin : region.last]:
        if _another_begins(block, heading):
            break
        if block.index in taken or block is heading or _barred(within[block.node], bar):
            continue
        if _is_text(block):
            kept.append(block)
    return kept


def _marks_within(tree: Tree, region: Region) -> dict[Node, int]:
    """Return each node's marks as far as they stand within the region."""
    found: dict[Node, int] = {region.node: 0}
    for node in tree.nodes[region.node.index + 1 :]:
        if node.parent not in found:
            break
        found[node] = found[node.parent] | node.own
    return found


def _leads(tree: Tree, heading: Block, region: Region, taken: set[int]) -> list[Block]:
    """Return the texts between the headline and a body that stands apart from it.

    Few stand there as a rule; many are an offer to subscribe, of which only the marked lead is kept.
    """
    often = Counter(block.text for block in tree.blocks if block.weight)
    found = [
        block
        for block in tree.blocks[heading.index + 1 : region.first]
        if block.weight
        and block.index not in taken
        and block.tag != "li"
        and often[block.text] == 1
        and linked_share(block) < _MAX_LEAD_LINKED
        and (is_lead(block) or not block.marks & _BARRED & ~Mark.CONTROL)
    ]
    return found if len(found) <= _MAX_LEADS else [block for block in found if is_lead(block)][:_MAX_LEADS]


def is_lead(block: Block) -> bool:
    """Whether the block or one of the two elements around it is called a summary."""
    node: Node | None = block.node
    for _ in range(3):
        if node is None:
            return False
        if node.own & Mark.SUMMARY:
            return True
        node = node.parent
    return False


def _another_begins(block: Block, heading: Block | None) -> bool:
    """Whether a main heading opens a second article below the first, as endless pages have it."""
    return (
        heading is not None
        and block.tag == heading.tag == "h1"
        and block.index > heading.index
        and _article_around(block) is not _article_around(heading)
    )


def _article_around(block: Block) -> Node | None:
    node: Node | None = block.node
    while node is not None and node.tag != "article":
        node = node.parent
    return node


def _barred(marks: int, bar: int) -> bool:
    if marks & Mark.SUMMARY:
        marks &= ~Mark.RELATED  # "teaser-text" inside an article is its lead
    return bool(marks & bar)


def _is_text(block: Block) -> bool:
    if block.weight:
        return True
    if block.tag in HEADINGS:
        return linked_share(block) <= _MAX_LINKED
    if linked_share(block) > _MAX_LINKED or is_date_line(block.text):
        return False
    return block.tag in _TEXT_TAGS or words(block.text) >= _MIN_LOOSE_WORDS


def _trim(kept: list[Block]) -> list[Block]:
    """Cut headings without text below them, and what trails the last paragraph."""
    while kept and (not kept[-1].weight or _RIGHTS.search(kept[-1].text[:80])):
        kept.pop()
    return [
        block
        for block, after in zip_longest(kept, kept[1:])
        if block.tag not in HEADINGS or (after is not None and after.tag not in HEADINGS) or block.weight
    ]
