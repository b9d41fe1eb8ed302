"""The headline as the reader sees it: a heading of the page that its metadata bear out."""

from __future__ import annotations

import re

from streams.parse.facts import Facts
from streams.parse.marks import Mark
from streams.parse.parts import Piece
from streams.parse.tree import HEADINGS, Block, Tree

_NOT_WORD = re.compile(r"[\W_]+")
_MAX_CHARS = 400
_MIN_OVERLAP = 0.6
_MIN_TITLE_SHARE = 0.5
_KICKER_WITHIN = 4  # blocks
_SEPARATOR = re.compile(r"\s+[|\-–—•·»:]+\s+|\s*\|\s*")
_UNLIKELY = (
    Mark.NAVIGATION | Mark.FOOTER | Mark.RELATED | Mark.COMMENTS | Mark.NOTICE | Mark.ASIDE | Mark.HIDDEN
)


def key(text: str) -> str:
    """Return a text as comparisons see it: letters and digits, case folded."""
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def find_headline(tree: Tree, facts: Facts, taken: set[int]) -> Block | None:
    """Return the block that is the article's headline; None where none stands out."""
    titles = [key(title) for title in facts.titles]
    found = _best(tree, titles, taken, headings=True)
    # Where nothing is marked as a heading, a line that is the page's title is one all the same.
    return found or (_best(tree, titles, taken, headings=False) if titles else None)


def _best(tree: Tree, titles: list[str], taken: set[int], *, headings: bool) -> Block | None:
    best, best_score = None, 0.0
    for block in tree.blocks:
        heading = block.tag in HEADINGS
        if (
            heading is not headings
            or len(block.text) > _MAX_CHARS
            or (block.index in taken and block.tag != "h1")
        ):
            continue
        score = agreement(key(block.text), titles, strict=not heading)
        score += (
            1.0
            if block.tag == "h1"
            else 0.4
            if block.tag == "h2" and score
            else 0.2
            if heading and score
            else 0
        )
        if block.marks & _UNLIKELY:
            score -= 0.8
        if score > best_score:
            best, best_score = block, score
    return best


def with_kicker(tree: Tree, heading: Block, facts: Facts) -> Piece:
    """Return the headline, with or without its kicker as the page's own title has it.

    Some pages set the kicker inside the heading, some above it; a title counts only where it is
    the end of what a reader sees there, so none that is cut short or has the site's name is taken.
    """
    text = key(heading.text)
    above = [key(block.text) for block in tree.blocks[max(0, heading.index - _KICKER_WITHIN) : heading.index]]
    seen = [text, *(f"{kicker} {text}" for kicker in above if kicker)]
    for title in facts.titles:
        whole = key(title)
        if len(whole) >= _MIN_TITLE_SHARE * len(text) and any(
            line == whole or line.endswith(" " + whole) for line in seen
        ):
            if whole == text:
                return Piece.of(heading)
            return Piece(text=title, start=heading.start, end=heading.end)
    return Piece.of(heading)


def agreement(text: str, titles: list[str], *, strict: bool) -> float:
    """Return how well a text agrees with the best of the titles, 0 to 3."""
    best = 0.0
    for title in titles:
        if not title or not text:
            continue
        if text == title:
            return 3.0
        if len(text) > 0.5 * len(title) and (
            text in title or (title in text and len(title) > 0.5 * len(text))
        ):
            best = max(best, 2.0)
        elif not strict:
            here, there = set(text.split()), set(title.split())
            overlap = len(here & there) / max(1, min(len(here), len(there)))
            if overlap >= _MIN_OVERLAP and len(here) > 2:  # noqa: PLR2004
                best = max(best, 1.0 + overlap / 2)
    return best


def title_of(facts: Facts) -> str | None:
    """Return the metadata's title without the site's name; for pages whose headline was not found."""
    if not facts.titles:
        return None
    title = facts.titles[0]
    parts = _SEPARATOR.split(title)
    if len(parts) > 1 and facts.publisher and key(parts[-1]) == key(facts.publisher):
        cut = title.rfind(parts[-1])
        return title[:cut].rstrip(" |-–—•·»:") or title
    return title
