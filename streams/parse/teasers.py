"""Teasers of a page: found by what repeats, in HTML and in text dumps alike.

Two things repeat. A short line such as "Read more" that ends each teaser (:mod:`.markers`), which
works without any element or link; and cards, each around one link with a headline
(:mod:`.cards`). What both find is taken once.
"""

from __future__ import annotations

from streams.parse.cards import find_cards
from streams.parse.dates import read_machine
from streams.parse.markers import find_marked
from streams.parse.parts import Unit
from streams.parse.tree import Tree


def find_teasers(tree: Tree, page_url: str, base: str) -> list[Unit]:
    """Return the page's teasers in page order. Blocks of a unit belong to no other.

    ``base`` is the address that the page's links are written from.
    """
    units = find_marked(tree)
    if not tree.plain:
        taken = {block.index for unit in units for block in unit.blocks}
        units += find_cards(tree, page_url, base, taken)
    units.sort(key=lambda unit: unit.blocks[0].index)
    _date(units, tree)
    return units


def _date(units: list[Unit], tree: Tree) -> None:
    """Give each teaser the ``<time>`` that stands in it; it says more than the words."""
    owners = {block.index: unit for unit in units for block in unit.blocks}
    for tag in tree.times:
        unit = owners.get(tag.block)
        if unit is not None and (unit.date[0] is None or unit.date[1] == "text"):
            moment = read_machine(tag.datetime)
            if moment is not None:
                unit.date = (moment, "time")
