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
    around = _ancestors(heading)
    for block in tree.blocks:
        if block.weight and block.index not in taken and block is not heading:
            values[block.index] = block.weight * _factor(block, heading, copy) * _nearness(block, around)
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
    best = _climb(best, values, tree, heading)
    return Region(best, best.first, best.last)


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


def _ancestors(heading: Block | None) -> dict[Node, int]:
    """Return the elements around the headline with their depth."""
    found: dict[Node, int] = {}
    node = heading.node if heading else None
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


def _climb(best: Node, values: dict[int, float], tree: Tree, heading: Block | None) -> Node:
    """Go up while an element around holds much more of the same: an article split over containers."""
    inner = sum(v for i, v in values.items() if best.first <= i < best.last)
    node, levels = best, 0
    while node.parent is not None and node.parent.parent is not None:
        inside, node = node, node.parent
        if (node.first, node.last) == (inside.first, inside.last):
            continue  # page builders wrap one element in half a dozen that hold nothing more
        levels += 1
        if levels > _MAX_CLIMB:
            break
        if _holds_another(tree, node, best, heading):
            break
        outer = sum(
            v
            for i, v in values.items()
            if node.first <= i < node.last and not tree.blocks[i].marks & (_AGAINST | _STRONGLY_AGAINST)
        )
        if outer - inner > _MIN_EXTRA * inner:
            best, inner = node, outer
    return best


def _holds_another(tree: Tree, node: Node, best: Node, heading: Block | None) -> bool:
    """Whether going up would take in a second article: one with a main heading of its own."""
    return any(
        block.tag == "h1" and block is not heading and not best.first <= block.index < best.last
        for block in tree.blocks[(heading.index if heading else node.first) : node.last]
    )
