"""The article of a page: which blocks are its headline, summary and paragraphs.

Every paragraph gives its weight to the elements around it, less with each level; the element that
gathers most holds the article. Marks such as "related" count against a paragraph there, but bar
it only where they stand *within* that element: a page whose outermost element is called
"page-with-sidebar" is still read.
"""

from __future__ import annotations

from streams.parse.dateline import read_dateline
from streams.parse.facts import Facts
from streams.parse.headline import find_headline, title_of, with_kicker
from streams.parse.parts import Article, Piece
from streams.parse.region import best_region
from streams.parse.selection import is_lead, select
from streams.parse.tree import Block, Tree
from streams.parse.weigh import words

_MIN_WORDS = 25
_MIN_WORDS_UNDER_HEADLINE = 12
_MAX_SUMMARY_WORDS = 60


def find_article(tree: Tree, taken: set[int], facts: Facts) -> Article | None:
    """Return the article, or None on a page that has only teasers; blocks in ``taken`` are theirs."""
    if tree.plain:
        return _plain(tree, taken)
    heading = find_headline(tree, facts, taken)
    region = best_region(tree, taken, heading, facts)
    if region is None:
        return None
    body = select(tree, region, taken, heading)
    least = _MIN_WORDS if heading is None else _MIN_WORDS_UNDER_HEADLINE
    if sum(words(block.text) for block in body) < least:
        return None
    headline = with_kicker(tree, heading, facts) if heading else None
    if headline is None and (title := title_of(facts)):
        headline = Piece(text=title)
    lead = body[0] if len(body) > 1 and _is_summary(body[0], body[1]) else None
    return Article(
        headline=headline,
        summary=Piece.of(lead) if lead else None,
        body=[Piece.of(block) for block in body if block is not lead],
        first=heading.index if heading and heading.index < body[0].index else body[0].index,
        begin=body[0].index,
        last=body[-1].index,
    )


def _is_summary(first: Block, second: Block) -> bool:
    """Whether the first text is the line under the headline: marked so, or above the dateline."""
    if words(first.text) > _MAX_SUMMARY_WORDS or read_dateline(first.text):
        return False
    return is_lead(first) or read_dateline(second.text) is not None


def _plain(tree: Tree, taken: set[int]) -> Article | None:
    """Read a dump: its first line is the headline, and the line before a dateline the summary."""
    lines: list[Block] = []
    for block in tree.blocks:
        if block.index in taken:
            if lines:
                break
            continue
        lines.append(block)
    if not lines or sum(b.weight for b in lines) < _MIN_WORDS:
        return None
    head, rest = lines[0], lines[1:]
    summary = None
    if len(rest) > 1 and _is_summary(rest[0], rest[1]):
        summary, rest = Piece.of(rest[0]), rest[1:]
    if not rest:
        return None
    return Article(
        headline=Piece.of(head),
        summary=summary,
        body=[Piece.of(b) for b in rest],
        first=head.index,
        begin=rest[0].index,
        last=rest[-1].index,
    )
