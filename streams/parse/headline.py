"""The headline as the reader sees it: a heading of the page that its metadata bear out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from streams.parse.dates import is_date_line
from streams.parse.facts import Facts
from streams.parse.marks import Mark
from streams.parse.parts import Piece
from streams.parse.titles import Site, has_bar, key, parts, without_site
from streams.parse.tree import HEADINGS, Block, Tree
from streams.parse.weigh import linked_share

_MAX_CHARS = 400
_MIN_OVERLAP = 0.6
_MIN_TITLE_SHARE = 0.35
_KICKER_WITHIN = 4  # blocks
_MAX_TAIL_CHARS = 30
_UNLIKELY = (
    Mark.NAVIGATION | Mark.FOOTER | Mark.RELATED | Mark.COMMENTS | Mark.NOTICE | Mark.ASIDE | Mark.HIDDEN
)
_EXACT, _PART, _CONTAINED, _OTHER_PART = 3.0, 2.4, 2.0, 1.0
_FIRST = 0.6  # more for the first title: the one that pages show when they are shared
_UNLIKELY_COSTS = 1.1
_MIN_PART_CHARS = 10  # less is a label
_MAX_LINKED = 0.6
_MAX_CLIMB = 4  # elements around the text that hold more than the one within
_KICKER_END = re.compile(r"(?: ?[:|]| [-–—])(?= )")


@dataclass(frozen=True, slots=True)
class _Titles:
    """What the metadata call the page, as comparisons see it."""

    whole: list[str]
    words: list[set[str]]  # of each
    within: frozenset[str]  # what is left of them without the site's name, and their longest parts
    parts: frozenset[str]  # their other parts that are more than a label

    @classmethod
    def of(cls, facts: Facts) -> _Titles:
        within = {key(without_site(title, facts.site)) for title in facts.titles}
        within |= {key(_longest(title, facts.site)) for title in facts.titles}
        others = {key(part) for t in facts.titles for part in parts(t) if not facts.site.is_name(part)}
        whole = [key(title) for title in facts.titles]
        return cls(whole, [set(title.split()) for title in whole], _no_labels(within), _no_labels(others))


def _no_labels(texts: set[str]) -> frozenset[str]:
    return frozenset(text for text in texts if " " in text or len(text) >= _MIN_PART_CHARS)


def _longest(title: str, site: Site) -> str:
    """Return the longest part of a title that is not the site's name: the others are labels."""
    return max((part for part in parts(title) if not site.is_name(part)), key=len, default="")


def find_headline(tree: Tree, facts: Facts, taken: set[int]) -> Block | None:
    """Return the block that is the article's headline; None where none stands out."""
    titles = _Titles.of(facts)
    found = _best(tree, titles, facts.site, taken, headings=True)
    # Where nothing is marked as a heading, a line that is the page's title is one all the same.
    return found or (_best(tree, titles, facts.site, taken, headings=False) if facts.titles else None)


def heading_above(tree: Tree, first: Block, taken: set[int], site: Site) -> Block | None:
    """Return the main heading that stands over the text beginning with ``first``; None where none does.

    For pages whose titles are nowhere to be read: they name the section or the site, the heading the piece.
    """
    node, levels = first.node, 0
    while node.parent is not None and levels < _MAX_CLIMB:
        found = [
            block
            for block in tree.blocks[node.first : first.index + 1]
            if block.tag in ("h1", "h2")
            and block.index not in taken
            and len(block.text) <= _MAX_CHARS
            and not block.marks & _UNLIKELY
            and linked_share(block) <= _MAX_LINKED
            and not _is_logo(block, site)
        ]
        if found:
            return min(found, key=lambda block: block.tag)
        levels += node.parent.first < node.first
        node = node.parent
    return None


def _best(tree: Tree, titles: _Titles, site: Site, taken: set[int], *, headings: bool) -> Block | None:
    best, best_score = None, 0.0
    blocks = [block for block in tree.blocks if (block.node.tag in HEADINGS) is headings]
    main = _only_main_heading(blocks, site) if headings else None
    text = _next_text(tree, main) if main else len(tree.blocks)
    for block in blocks:
        if len(block.text) > _MAX_CHARS or (block.index in taken and block.tag != "h1"):
            continue
        if not headings and (block.marks & _UNLIKELY or linked_share(block) > _MAX_LINKED):
            continue  # an entry of a menu
        agrees = agreement(key(block.text), titles, strict=not headings, loose=block.tag == "h1")
        score = agrees + _standing(block, main) if headings and (agrees or block.tag == "h1") else agrees
        if block.marks & _UNLIKELY:
            score -= _UNLIKELY_COSTS
        if block.index > text and agrees < _PART:
            score -= 0.6  # below the main heading and its first text: a heading within the article
        if score > best_score and _is_name(block, site):
            score -= 2.0
        if score > best_score and not _leads_up(block, site):
            best, best_score = block, score
    return best


def _standing(block: Block, main: Block | None) -> float:
    """Return what the kind of heading is worth by itself; below h1 only where a title agrees at all."""
    if block.tag == "h1":
        return 1.5 if block is main else 1.0
    return 0.4 if block.tag == "h2" else 0.2


def _only_main_heading(headings: list[Block], site: Site) -> Block | None:
    """Return the page's h1 if it has but one, logos and those in menus aside."""
    found = [
        block
        for block in headings
        if block.tag == "h1" and not block.marks & _UNLIKELY and not _is_logo(block, site)
    ]
    return found[0] if len(found) == 1 else None


def _next_text(tree: Tree, heading: Block) -> int:
    """Return the index of the first running text below a heading."""
    below = tree.blocks[heading.index + 1 :]
    return next((b.index for b in below if b.weight and b.tag not in HEADINGS), len(tree.blocks))


def _is_logo(block: Block, site: Site) -> bool:
    """Whether a heading is the site's own name: by its words, or as a link to the front page."""
    return _leads_up(block, site) or _is_name(block, site)


def _is_name(block: Block, site: Site) -> bool:
    """Whether a heading is the site's name, with more beside it where it is a link."""
    return site.is_name(block.text) if block.links else site.is_only_name(block.text)


def _leads_up(block: Block, site: Site) -> bool:
    """Whether a heading is a link to the front page or to a section's."""
    return bool(block.links) and linked_share(block) > _MAX_LINKED and site.is_above(block.links[0].href)


def read_headline(tree: Tree, heading: Block, facts: Facts) -> Piece:
    """Return the headline as the page's own titles bear it out: with or without its kicker.

    Some pages set the kicker inside the heading, some above it; a title counts only where it is
    the end of what a reader sees there, so none that is cut short is taken.
    """
    text = key(heading.text)
    same = [title for title in facts.titles if key(title) == text]
    if same:
        parted = next((title for title in same if _KICKER_END.sub("", title) == heading.text), heading.text)
        return Piece(text=parted, start=heading.start, end=heading.end)
    above = [key(block.text) for block in tree.blocks[max(0, heading.index - _KICKER_WITHIN) : heading.index]]
    seen = [text, *(f"{kicker} {text}" for kicker in above if kicker)]
    for title in dict.fromkeys(t for whole in facts.titles for t in (whole, without_site(whole, facts.site))):
        whole = key(title)
        if whole == text and ("|" in heading.text or "|" not in title):
            return Piece.of(heading)
        if has_bar(title) and not has_bar(heading.text):
            continue  # a label and the headline, or the site's name: two lines to the reader
        if len(whole) < _MIN_TITLE_SHARE * len(text):
            continue
        if any(line == whole or line.endswith(" " + whole) for line in seen) or _is_dated(heading, title):
            return Piece(text=title, start=heading.start, end=heading.end)
    return Piece.of(heading)


def _is_dated(heading: Block, title: str) -> bool:
    """Whether the heading is the title with a date behind or before it."""
    before, found, behind = heading.text.partition(title)
    return bool(found) and len(before) + len(behind) <= _MAX_TAIL_CHARS and is_date_line(before or behind)


def agreement(text: str, titles: _Titles, *, strict: bool, loose: bool) -> float:
    """Return how well a text agrees with the best of the titles, 0 to 3.6."""
    if not text:
        return 0.0
    if text in titles.whole:
        return _EXACT + _FIRST * (text == titles.whole[0])
    if text in titles.within:
        return _PART
    best = _OTHER_PART if text in titles.parts and not (strict or loose) else 0.0
    here = set(text.split())
    for title, there in zip(titles.whole, titles.words, strict=True):
        if not title:
            continue
        if len(text) > 0.5 * len(title) and (
            text in title or (title in text and len(title) > 0.5 * len(text))
        ):
            return _CONTAINED
        if not strict:
            least = min(len(here), len(there))
            size = least if loose else (len(here) + len(there)) / 2
            overlap = len(here & there) / max(1, size)
            if overlap >= _MIN_OVERLAP and len(here) > 2:  # noqa: PLR2004
                best = max(best, 1.0 + overlap / 2)
    return best


def title_of(facts: Facts) -> str | None:
    """Return the metadata's title without the site's name; for pages whose headline was not found.

    A title that is nothing but the site's name is left for the next, and one that an unescaped quotation
    mark cut short for the one that goes on there.
    """
    titles = [title for title in facts.titles if not facts.site.is_only_name(title)] or facts.titles
    if not titles:
        return None
    title = next((t for t in titles if t.startswith(titles[0]) and _quotes(t[len(titles[0]) :])), titles[0])
    return without_site(title, facts.site)


def _quotes(rest: str) -> bool:
    return rest.lstrip().startswith(('"', "'"))
