"""Teasers that end in the same short line: "Read more", whatever the language.

The line is not known beforehand; it is found by standing at short, even distances on the page. That
is what tells it from "Advertisement" between the paragraphs of an article, whose units do not
begin like headlines.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from statistics import median

from streams.parse.dates import is_date_line
from streams.parse.marks import Mark
from streams.parse.parts import Unit
from streams.parse.tree import HEADINGS, Block, Node, Tree
from streams.parse.units import Shape, make_unit
from streams.parse.weigh import ends_sentence, linked_share, words

_MAX_CHARS = 40
_MAX_LINES = 6  # of one teaser
_MIN_UNITS = 3
_MIN_UNITS_PLAIN = 4
_MARKERS_TRIED = 8
_MIN_EVEN = 0.4  # share of units of the commonest form
_MAX_STOPS = 0.4  # share of units whose first line ends like a sentence
_WORDS = (4, 90)  # least and most in the middle unit
_MIN_LINE_WORDS = 4  # in the longest line of the middle unit: names and labels are no headlines
_PARAGRAPH_WORDS = 15
_MIN_LINKED = 0.6
_NO_MARKER = HEADINGS | {"button", "label"}
_CELLS = frozenset({"td", "th"})  # of a table of figures; where a link stands, it may be a layout


def find_marked(tree: Tree) -> list[Unit]:
    """Return the teasers that end in a repeated short line."""
    least = _MIN_UNITS_PLAIN if tree.plain else _MIN_UNITS
    counts = Counter(block.text for block in tree.blocks if _may_mark(block, plain=tree.plain))
    taken: set[int] = set()
    units: list[Unit] = []
    behind: list[tuple[int, int] | None] = []
    for marker, count in counts.most_common(_MARKERS_TRIED):
        if count < least:
            break
        for chain in _chains(tree, marker, least):
            spans = _unit_spans(tree, chain)
            if len(spans) < least or any(i in taken for begin, end in spans for i in range(begin, end + 1)):
                continue
            if _like_teasers(tree.blocks, spans):
                units += _units(tree, spans)
                taken.update(i for begin, end in spans for i in range(begin, end + 1))
                behind.append(_behind(tree, chain[-1], spans))
    for last in behind:  # once every row has its own
        if last and taken.isdisjoint(range(*last)):
            units += _units(tree, [(last[0], last[1] - 1)], closed=False)
            taken.update(range(*last))
    return units


def _may_mark(block: Block, *, plain: bool) -> bool:
    """Whether a block may end a teaser: a short line with words, a link or a date; no counter, no dash."""
    text = block.text
    if len(text) > _MAX_CHARS or block.tag in _NO_MARKER or not (block.links or block.tag not in _CELLS):
        return False
    return plain or bool(block.links) or any(map(str.isalpha, text)) or is_date_line(text)


def _chains(tree: Tree, marker: str, least: int) -> list[list[int]]:
    """Return rows of places of the marker that follow one another at short distances."""
    places = [block.index for block in tree.blocks if block.text == marker]
    chains: list[list[int]] = []
    for place in places:
        if chains and place - chains[-1][-1] <= _MAX_LINES + 1:
            chains[-1].append(place)
        else:
            chains.append([place])
    return [chain for chain in chains if len(chain) >= least]


def _unit_spans(tree: Tree, chain: list[int]) -> list[tuple[int, int]]:
    """Return first block and marker of each unit; the first unit is measured by the others."""
    spans = [(before + 1, place) for before, place in pairwise(chain) if place - before > 1]
    begin = _begin_of_first(tree, chain[0], spans)
    return [(begin, chain[0]), *spans] if begin is not None else spans


def _begin_of_first(tree: Tree, place: int, spans: list[tuple[int, int]]) -> int | None:
    """Go back from the first marker as far as the other units reach.

    In HTML by their tags; in a dump by empty lines, if they stand between the units.
    """
    blocks = tree.blocks
    sizes = Counter(end - begin for begin, end in spans)
    if tree.plain and sum(blocks[begin].gap for begin, _ in spans) > len(spans) / 2:
        begin = place - 1
        while begin > max(0, place - _MAX_LINES) and not blocks[begin].gap:
            begin -= 1
        return begin if begin >= 0 else None
    shapes = {tuple(block.tag for block in blocks[begin:end]) for begin, end in spans}
    for size, _ in sizes.most_common():
        begin = place - size
        if begin < 0 or any(block.gap for block in blocks[begin + 1 : place]):
            continue
        if tuple(block.tag for block in blocks[begin:place]) in shapes and not _crosses(blocks, begin, place):
            return begin
    return None


def _behind(tree: Tree, place: int, spans: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Return begin and end of the teaser behind the last line, where the line is what each card begins with.

    Then it stands in one element with the linked line below it, not with the one above.
    """
    blocks = tree.blocks
    if tree.plain or not place or place + 1 >= len(blocks):
        return None
    own = blocks[place].node
    card = _shared_depth(own, blocks[place + 1].node)
    if card <= _shared_depth(own, blocks[place - 1].node) or linked_share(blocks[place + 1]) < _MIN_LINKED:
        return None
    forms = {tuple(block.tag for block in blocks[begin:end]) for begin, end in spans}
    for size, _ in Counter(end - begin for begin, end in spans).most_common():
        run = blocks[place + 1 : place + 1 + size]
        within = all(_shared_depth(own, block.node) >= card for block in run)
        if within and tuple(block.tag for block in run) in forms:
            return place + 1, place + 1 + size
    return None


def _shared_depth(one: Node, other: Node) -> int:
    """Return how deep the innermost element around both stands."""
    while one is not other:
        if one.depth >= other.depth and one.parent is not None:
            one = one.parent
        elif other.parent is not None:
            other = other.parent
        else:
            return 0
    return one.depth


def _crosses(blocks: list[Block], begin: int, place: int) -> bool:
    """Whether a heading stands within the unit but not at its beginning."""
    return any(block.tag in HEADINGS for block in blocks[begin + 1 : place])


def _like_teasers(blocks: list[Block], spans: list[tuple[int, int]]) -> bool:
    """Whether the units are alike, different in text, and begin as headlines do."""
    firsts = [blocks[begin].text for begin, _ in spans]
    if len(set(firsts)) < len(firsts) * 0.5:
        return False
    sizes = Counter(end - begin for begin, end in spans)
    even = sizes.most_common(1)[0][1] / len(spans)
    stops = sum(ends_sentence(text) and not text.endswith("?") for text in firsts) / len(firsts)
    length = median(sum(words(block.text) for block in blocks[begin:end]) for begin, end in spans)
    paragraphs = median(sum(map(_is_paragraph, blocks[begin:end])) for begin, end in spans)
    longest = median(max(words(block.text) for block in blocks[begin:end]) for begin, end in spans)
    if _mostly_comments(blocks, spans) or longest < _MIN_LINE_WORDS or paragraphs > 1:
        return False
    if blocks[spans[0][0]].tag != "line":
        forms = Counter(tuple(block.tag for block in blocks[begin : end + 1]) for begin, end in spans)
        even = forms.most_common(1)[0][1] / len(spans)
    return even >= _MIN_EVEN and stops <= _MAX_STOPS and _WORDS[0] <= length <= _WORDS[1]


def _is_paragraph(block: Block) -> bool:
    """Whether a block is a sentence or more of running text: a teaser has one of them, an article several."""
    return block.weight >= _PARAGRAPH_WORDS and ends_sentence(block.text)


def _mostly_comments(blocks: list[Block], spans: list[tuple[int, int]]) -> bool:
    """Whether most units are what readers wrote below an article; "Reply" ends each."""
    return 2 * sum(bool(blocks[begin].marks & Mark.COMMENTS) for begin, _ in spans) > len(spans)


def _units(tree: Tree, spans: list[tuple[int, int]], *, closed: bool = True) -> list[Unit]:
    """Make the units; the last block of each is the line that ends it, if one does."""
    runs = [tree.blocks[begin : end + 1] for begin, end in spans]
    cut = -1 if closed else None
    shape = Shape.of([run[:cut] for run in runs])
    return [unit for run in runs if (unit := make_unit(run[:cut], run[-1:] if closed else [], shape))]
