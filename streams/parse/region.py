"""Where on the page the article stands: one element, or several beside one another."""

from __future__ import annotations

from dataclasses import dataclass

from streams.parse.facts import Facts
from streams.parse.marks import Mark
from streams.parse.titles import key
from streams.parse.tree import HEADINGS, Block, Node, Tree

_AGAINST = (
    Mark.NAVIGATION
    | Mark.FOOTER
    | Mark.ASIDE
    | Mark.CAPTION
    | Mark.CONTROL
    | Mark.RELATED
    | Mark.BYLINE
    | Mark.TAGS
)
_STRONGLY_AGAINST = Mark.COMMENTS | Mark.NOTICE | Mark.HIDDEN
_FOR = Mark.BODY | Mark.ARTICLE
_DECAY = 0.82
_SAME_TEXT = 60  # characters that tell whether a paragraph is in the metadata's copy of the body
_MIN_EXTRA = 0.2
_MIN_KIN = 0.03
_BELOW_ANOTHER = 0.1
_MIN_ARTICLE_WORDS = 30
_MAX_CLIMB = 5  # levels that hold more than the one below


@dataclass(frozen=True, slots=True)
class Region:
    """The element that holds the article, with the blocks it covers."""

    node: Node
    first: int
    last: int


def best_region(tree: Tree, taken: set[int], heading: Block | None, facts: Facts) -> Region | None:
    """Return the element that holds the article; None where nothing reads like one."""
    copy = key(facts.body[:100_000]) if facts.body else ""
    values = {}
    around = ancestors(heading.node if heading else None)
    end = _next_article(tree, heading) if heading is not None else len(tree.blocks)
    for block in tree.blocks:
        if block.weight and block.index not in taken and block is not heading:
            values[block.index] = block.weight * _factor(block, heading, copy) * _nearness(block, around)
            if block.index >= end:
                values[block.index] *= _BELOW_ANOTHER
    if not values:
        return None
    scores: dict[Node, float] = {}
    for index, value in values.items():
        node: Node | None = tree.blocks[index].node
        share = value
        while node is not None and share > 0.01 * value:
            share *= _DECAY
            scores[node] = scores.get(node, 0.0) + share
            node = node.parent
    best = max(scores, key=lambda n: (scores[n], n.index))
    return _climb(best, values, tree, heading)


def article_around(block: Block) -> Node | None:
    """Return the ``<article>`` that a block stands in."""
    node: Node | None = block.node
    while node is not None and node.tag != "article":
        node = node.parent
    return node


def opens_another(block: Block, heading: Block) -> bool:
    """Whether a heading opens another article of an endless page, in an ``<article>`` of its own.

    One that is no main heading does so only where both elements are of one form.
    """
    if block.tag != heading.tag or block.tag not in ("h1", "h2"):
        return False
    mine, other = article_around(heading), article_around(block)
    if mine is None or other is None or mine is other:
        return False
    return block.tag == "h1" or (mine.depth == other.depth and _first_name(mine) == _first_name(other))


def _first_name(node: Node) -> str:
    return node.names.partition(" ")[0].rstrip("0123456789")


def _next_article(tree: Tree, heading: Block) -> int:
    """Return where the next article of an endless page begins, if there is text enough before it."""
    if article_around(heading) is None:
        return len(tree.blocks)
    text = 0.0
    for block in tree.blocks[heading.index + 1 :]:
        if opens_another(block, heading):
            return block.index if text >= _MIN_ARTICLE_WORDS else len(tree.blocks)
        if not block.marks & (_AGAINST | _STRONGLY_AGAINST):
            text += block.weight
    return len(tree.blocks)


def _factor(block: Block, heading: Block | None, copy: str) -> float:
    marks = block.marks
    factor = 1.0
    if marks & _STRONGLY_AGAINST:
        factor = 0.15
    elif marks & _AGAINST:
        factor = 0.3
    if marks & _FOR:
        factor *= 1.3
    if block.tag in HEADINGS:
        factor *= 0.5
    if heading is not None and block.index < heading.index:
        factor *= 0.3
    if copy and key(block.text[:_SAME_TEXT]) in copy:
        factor *= 2.5
    return factor


def ancestors(node: Node | None) -> dict[Node, int]:
    """Return an element and those around it with their depth."""
    found: dict[Node, int] = {}
    while node is not None:
        found[node] = node.depth
        node = node.parent
    return found


def _nearness(block: Block, around: dict[Node, int]) -> float:
    """Return how closely block and headline stand together in the tree; a cookie notice stands far off."""
    if not around:
        return 1.0
    node: Node | None = block.node
    while node is not None and node not in around:
        node = node.parent
    shared = node.depth if node is not None else 0
    return 0.4 + 0.6 * min(1.0, shared / max(1, len(around) - 3))


def _form(block: Block) -> tuple[str, str, str] | None:
    """Return how a text is dressed; None where nothing tells it from others."""
    parent = block.node.parent
    return (block.tag, parent.tag, parent.names) if parent is not None and parent.names else None


def _climb(best: Node, values: dict[int, float], tree: Tree, heading: Block | None) -> Region:
    """Go up while an element around holds more of the same: an article split over containers.

    Much more, or some that is dressed just like what is there.
    """
    inside = {i: v for i, v in values.items() if best.first <= i < best.last}
    forms = {_form(tree.blocks[i]) for i in inside} - {None}
    inner = sum(inside.values())
    above = heading.index if heading is not None and heading.index < best.first else -1
    bars = (_AGAINST | _STRONGLY_AGAINST) & ~best.marks  # what stands around it says nothing against the rest
    node, levels = best, 0
    while node.parent is not None and node.parent.parent is not None:
        within, node = node, node.parent
        if (node.first, node.last) == (within.first, within.last):
            continue  # page builders wrap one element in half a dozen that hold nothing more
        levels += 1
        if levels > _MAX_CLIMB:
            break
        end = _another(tree, node, best, heading)
        if end < best.last:
            break
        outer = kin = 0.0
        for i, value in values.items():
            if max(node.first, above) <= i < end and not tree.blocks[i].marks & bars:
                outer += value
                if not best.first <= i < best.last and _form(tree.blocks[i]) in forms:
                    kin += value
        grows = outer - inner > _MIN_EXTRA * inner
        if grows or kin > _MIN_KIN * inner:
            best = node
            inner = outer if grows else inner
            if end < node.last:
                return Region(node, node.first, end)
    return Region(best, best.first, best.last)


def _another(tree: Tree, node: Node, best: Node, heading: Block | None) -> int:
    """Return where in the element a second article begins: one with a main heading of its own."""
    begin = heading.index if heading else node.first
    for block in tree.blocks[begin : node.last]:
        if block.tag == "h1" and block is not heading and not best.first <= block.index < best.last:
            return block.index
    return node.last
