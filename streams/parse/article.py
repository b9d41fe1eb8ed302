"""The article of a page: which blocks are its headline, summary and paragraphs."""

from __future__ import annotations

from streams.parse.facts import Facts
from streams.parse.marks import Mark
from streams.parse.parts import Article, Piece, Unit
from streams.parse.tree import HEADINGS, Block, Node, Tree

_BARRED = (
    Mark.NAVIGATION | Mark.FOOTER | Mark.ASIDE | Mark.CAPTION | Mark.CONTROL | Mark.RELATED | Mark.COMMENTS
    | Mark.BYLINE | Mark.NOTICE | Mark.HIDDEN | Mark.TAGS
)  # fmt: skip
_DECAY = 0.75
_MIN_WORDS = 25


def find_article(tree: Tree, units: list[Unit], facts: Facts) -> Article | None:
    """Return the article, or None on a page that has only teasers."""
    taken = {block.index for unit in units for block in unit.blocks}
    if tree.plain:
        return _plain(tree, taken)
    good = [b for b in tree.blocks if b.weight and b.index not in taken and not b.marks & _BARRED]
    if sum(b.weight for b in good) < _MIN_WORDS:
        return None
    best = _best(good)
    body = [b for b in tree.blocks[best.first : best.last] if b.index not in taken and not b.marks & _BARRED]
    heading = _heading(tree, body, taken)
    body = [b for b in body if b is not heading and (b.weight or b.tag in HEADINGS)]
    while body and body[-1].tag in HEADINGS:
        body.pop()
    if not body:
        return None
    return Article(
        headline=Piece.of(heading) if heading else None,
        summary=None,
        body=[Piece.of(b) for b in body],
        first=body[0].index,
        last=body[-1].index,
    )


def _best(good: list[Block]) -> Node:
    scores: dict[Node, float] = {}
    for block in good:
        share = block.weight
        node: Node | None = block.node
        while node is not None and share > 0.01:
            share *= _DECAY
            scores[node] = scores.get(node, 0.0) + share
            node = node.parent
    return max(scores, key=lambda n: (scores[n], n.index))


def _heading(tree: Tree, body: list[Block], taken: set[int]) -> Block | None:
    if not body:
        return None
    for block in tree.blocks[: body[-1].index]:
        if block.tag == "h1" and block.index not in taken:
            return block
    return None


def _plain(tree: Tree, taken: set[int]) -> Article | None:
    """Read a dump: its first line is the headline, the next one the summary if it is short and alone."""
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
    return Article(
        headline=Piece.of(head),
        summary=None,
        body=[Piece.of(b) for b in rest],
        first=lines[0].index,
        last=lines[-1].index,
    )
