"""Teasers as cards: elements of the same form, each around one link with a headline."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urldefrag, urljoin

from streams.parse.dates import is_date_line
from streams.parse.marks import Mark
from streams.parse.parts import Unit
from streams.parse.tree import HEADINGS, Block, Node, Tree
from streams.parse.units import Shape, make_unit
from streams.parse.weigh import linked_share, words

_MIN_HEADLINE_WORDS = 4
_MIN_HEADING_WORDS = 3
_MAX_HEADLINE_CHARS = 250
_MIN_LINKED = 0.6
_MAX_CARD_WORDS = 150
_MAX_TEXT_WORDS = 60  # of what follows a bare heading
_MAX_CARD_BLOCKS = 14
_MIN_ALIKE = 3
_MAX_HEADS = 2_000
_BARRED = (
    Mark.NAVIGATION
    | Mark.FOOTER
    | Mark.CAPTION
    | Mark.CONTROL
    | Mark.COMMENTS
    | Mark.BYLINE
    | Mark.NOTICE
    | Mark.TAGS
)


def find_cards(tree: Tree, page_url: str, base: str, taken: set[int]) -> list[Unit]:
    """Return the teasers that are cards of a repeated form; blocks in ``taken`` belong to others."""
    heads = _heads(tree, page_url, base, taken)
    cards = [
        (head, node, *_range(tree, heads, i, node))
        for i, head in enumerate(heads)
        if (node := _card(tree, heads, i))
    ]
    alike = Counter(_form(head[0], node) for head, node, _, _ in cards)
    runs = [
        (head[0], tree.blocks[first:last])
        for head, node, first, last in cards
        if alike[_form(head[0], node)] >= _MIN_ALIKE
    ]
    shape = Shape(headline=0, summary=0, stops=0)
    units = [_unit(head, [b for b in run if b.index not in taken], shape) for head, run in runs]
    return [unit for unit in units if unit is not None]


Head = tuple[Block, str]  # headline block and the address it leads to


def _heads(tree: Tree, page_url: str, base: str, taken: set[int]) -> list[Head]:
    """Return the blocks that are a linked headline, one for each run of blocks with one address."""
    here = urldefrag(page_url).url
    heads: list[Head] = []
    for block in tree.blocks:
        if len(heads) >= _MAX_HEADS:
            break
        if not block.links or block.index in taken or not _like_headline(block):
            continue
        href = block.links[0].href
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "whatsapp:")):
            continue
        try:
            href = urldefrag(urljoin(base, href)).url
        except ValueError:
            continue
        if href == here:
            continue
        if heads and heads[-1][1] == href:
            if block.tag in HEADINGS and heads[-1][0].tag not in HEADINGS:
                heads[-1] = (block, href)
            continue
        heads.append((block, href))
    return heads


def _like_headline(block: Block) -> bool:
    if block.marks & _BARRED or len(block.text) > _MAX_HEADLINE_CHARS or linked_share(block) < _MIN_LINKED:
        return False
    least = _MIN_HEADING_WORDS if block.tag in HEADINGS else _MIN_HEADLINE_WORDS
    return words(block.text) >= least and not is_date_line(block.text)


def _card(tree: Tree, heads: list[Head], i: int) -> Node | None:
    """Return the largest element around the headline that holds no other headline."""
    block = heads[i][0]
    before = heads[i - 1][0].index if i else -1
    after = heads[i + 1][0].index if i + 1 < len(heads) else len(tree.blocks)
    card: Node | None = None
    node: Node | None = block.node
    while node is not None and node.parent is not None and before < node.first and node.last <= after:
        if node.last - node.first > _MAX_CARD_BLOCKS:
            break
        card = node
        node = node.parent
    return card


def _range(tree: Tree, heads: list[Head], i: int, node: Node) -> tuple[int, int]:
    """Return the blocks of a card; a bare heading takes the texts that follow it beside it."""
    first, last = node.first, node.last
    if node.last - node.first == 1 and node.tag in HEADINGS and node.parent is not None:
        end = heads[i + 1][0].index if i + 1 < len(heads) else node.parent.last
        end = min(end, node.parent.last, last + 2)
        while (
            last < end
            and tree.blocks[last].tag not in HEADINGS
            and words(tree.blocks[last].text) < _MAX_TEXT_WORDS
        ):
            last += 1
    return first, last


def _form(block: Block, node: Node) -> tuple[str, str, int, str]:
    return node.tag, node.names.partition(" ")[0], node.depth, block.tag


def _unit(head: Block, run: list[Block], shape: Shape) -> Unit | None:
    if not run or sum(words(block.text) for block in run) > _MAX_CARD_WORDS:
        return None
    start = next((i for i, block in enumerate(run) if block is head), 0)
    unit = make_unit(run[start:], [], shape)
    if unit is not None:
        unit.blocks = run
    return unit
