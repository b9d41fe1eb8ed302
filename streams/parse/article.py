"""The article of a page: which blocks are its headline, summary and paragraphs.

Every paragraph gives its weight to the elements around it, less with each level; the element that
gathers most holds the article. Marks such as "related" count against a paragraph there, but bar
it only where they stand *within* that element: a page whose outermost element is called
"page-with-sidebar" is still read.
"""

from __future__ import annotations

from streams.parse import jsonld
from streams.parse.dateline import read_dateline
from streams.parse.dates import is_stamp
from streams.parse.facts import Facts
from streams.parse.headline import find_headline, heading_above, read_headline, title_of
from streams.parse.parts import Article, Piece
from streams.parse.people import is_byline
from streams.parse.region import Region, best_region
from streams.parse.selection import is_lead, select
from streams.parse.titles import key
from streams.parse.tree import Block, Tree
from streams.parse.weigh import ends_sentence, words

_MIN_WORDS = 25
_MIN_WORDS_UNDER_HEADLINE = 12
_MIN_WORDS_OF_BRIEF = 6
_MOST_ABOVE = 2  # times the text below
_TOLD_MORE = 2  # times the words found on the page
_MAX_COPY = 100_000
_SAME_TEXT = 60  # characters that tell whether a paragraph is in the metadata's copy of the body
_MAX_SUMMARY_WORDS = 60
_MIN_LABELS = 3  # of a menu in a dump
_MAX_LABEL_WORDS = 3


def find_article(tree: Tree, taken: set[int], facts: Facts) -> Article | None:
    """Return the article, or None on a page that has only teasers; blocks in ``taken`` are theirs."""
    if tree.plain:
        return _plain(tree, taken)
    heading = find_headline(tree, facts, taken)
    region = best_region(tree, taken, heading, facts)
    if region is not None and heading is not None and _stands_below(tree, region, heading):
        heading = None
        region = best_region(tree, taken, None, facts)
    body = select(tree, region, taken, heading) if region is not None else []
    count = sum(words(block.text) for block in body)
    if facts.body and (told := _told(tree, facts, heading, body, count)):
        return told
    if count < _least_words(heading, facts, taken):
        return None
    if heading is None:
        above = heading_above(tree, body[0], taken, facts.site)
        rest = [block for block in body if block is not above]
        if rest:  # else a heading that was never closed holds the whole text
            heading, body = above, rest
    headline = _headline(tree, heading, facts)
    lead = body[0] if len(body) > 1 and _is_summary(body[0], body[1]) else None
    return Article(
        headline=headline,
        summary=Piece.of(lead) if lead else None,
        body=[Piece.of(block) for block in body if block is not lead],
        first=heading.index if heading and heading.index < body[0].index else body[0].index,
        begin=body[0].index,
        last=body[-1].index,
    )


def _headline(tree: Tree, heading: Block | None, facts: Facts) -> Piece | None:
    if heading is not None:
        return read_headline(tree, heading, facts)
    title = title_of(facts)
    return Piece(text=title) if title else None


def _stands_below(tree: Tree, region: Region, heading: Block) -> bool:
    """Whether most of the text stands above the heading, which is then another's."""
    above = sum(block.weight for block in tree.blocks[region.first : heading.index])
    below = sum(block.weight for block in tree.blocks[heading.index + 1 : region.last])
    if heading.index >= region.last or heading.tag == "h1":
        return not below
    return above > _MOST_ABOVE * below


def _least_words(heading: Block | None, facts: Facts, taken: set[int]) -> int:
    """Return how many words make an article: few where the page says that it is one or holds nothing else."""
    if heading is None:
        return _MIN_WORDS
    return _MIN_WORDS_OF_BRIEF if facts.is_article or not taken else _MIN_WORDS_UNDER_HEADLINE


def _told(tree: Tree, facts: Facts, heading: Block | None, body: list[Block], count: int) -> Article | None:
    """Return the article that only the page's metadata hold: a script would have shown it to a reader.

    None where the page itself shows any of it, or more text of its own.
    """
    copy = key(facts.body[:_MAX_COPY])
    if any(key(block.text[:_SAME_TEXT]) in copy for block in body):
        return None
    paragraphs = jsonld.paragraphs(facts.body)
    if sum(map(words, paragraphs)) < max(_MIN_WORDS, _TOLD_MORE * count):
        return None
    facts.sources["body"] = "json-ld"
    place = heading.index if heading else 0
    return Article(
        headline=_headline(tree, heading, facts),
        summary=None,
        body=[Piece(text=text) for text in paragraphs],
        first=place,
        begin=place,
        last=place,
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
    lines = _without_menus(lines)
    weight = sum(b.weight for b in lines)
    if not weight or (taken and weight < _MIN_WORDS):
        return None
    head, rest = lines[0], lines[1:]
    while len(rest) > 1 and (is_byline(rest[0].text) or is_stamp(rest[0].text)):
        rest = rest[1:]
    summary = None
    if len(rest) > 1 and _is_summary(rest[0], rest[1]):
        summary, rest = Piece.of(rest[0]), rest[1:]
    if not any(b.weight for b in rest):
        return None
    return Article(
        headline=Piece.of(head),
        summary=summary,
        body=[Piece.of(b) for b in rest],
        first=head.index,
        begin=rest[0].index,
        last=rest[-1].index,
    )


def _without_menus(lines: list[Block]) -> list[Block]:
    """Cut labels, a line each and an empty line beside them, above the headline and below the text."""
    begin = next((i for i, b in enumerate(lines) if i and (b.gap or b.weight)), 0)
    head = lines[:begin]
    begin = begin if len(head) >= _MIN_LABELS and all(map(_is_label, head)) and lines[begin].gap else 0
    end = len(lines)
    while end > begin and _is_label(lines[end - 1]):
        end -= 1
    tail = lines[end:]
    if len(tail) < _MIN_LABELS or not tail[0].gap or any(block.gap for block in tail[1:]):
        end = len(lines)
    return lines[begin:end]


def _is_label(block: Block) -> bool:
    text = block.text
    return not block.weight and words(text) <= _MAX_LABEL_WORDS and not ends_sentence(text)
