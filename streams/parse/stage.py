"""The door of stage one: a page in, its documents out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from streams.errors import InvalidPage
from streams.parse import lines, markup
from streams.parse.article import find_article
from streams.parse.decode import decode
from streams.parse.documents import article_document, teaser_document
from streams.parse.facts import Facts, read_facts
from streams.parse.language import detect
from streams.parse.limits import Limits
from streams.parse.page import Page
from streams.parse.parts import Article, Piece, Unit
from streams.parse.teasers import find_teasers
from streams.parse.templates import reveal
from streams.parse.tree import Tree
from streams.parse.visible import complete
from streams.parse.weigh import weigh
from streams.records import Document

_LANGUAGE_CHARS = 3_000
_HEAD_CHARS = 10_000  # within which a page says that it is markup
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|article|section|span|h1|table|meta|title|br|a)\b", re.IGNORECASE
)


def parse(page: Page, limits: Limits = Limits()) -> tuple[Document, ...]:  # noqa: B008
    """Read a page into its documents: the article first, if it has one, then the teasers in page order.

    The same page gives the same documents on any machine: nothing is read but the page and what
    the crawler said of it. ``parts`` of a document are spans of the decoded page, in code points.

    Raises:
        InvalidPage: no address; empty, too large or broken; binary; or no text to read.
    """
    if not page.url.strip():
        raise InvalidPage("the page has no url")
    source = decode(page.body, page.content_type, limits)
    reading = _read(source, page, limits)
    if reading.article is None and (revealed := reveal(source)) != source:
        other = _read(revealed, page, limits)
        reading = other if other.article is not None else reading
    article, facts, units = reading.article, reading.facts, reading.units
    documents = []
    if article is not None:
        _settle_language(facts, article.body)
        complete(reading.tree, article, facts, reading.taken, page.fetched_at)
        documents.append(article_document(page, article, facts))
    else:
        _settle_language(facts, [p for unit in units for p in (unit.headline, unit.summary) if p])
    documents += _teasers(page, units, facts)
    if not documents:
        raise InvalidPage(
            "there is no article and no teaser on the page" if reading.tree.blocks else _no_text(source)
        )
    return tuple(documents)


@dataclass(slots=True, eq=False, kw_only=True)
class _Reading:
    """What was found on a page."""

    tree: Tree
    facts: Facts
    units: list[Unit]
    taken: set[int]
    article: Article | None


def _read(source: str, page: Page, limits: Limits) -> _Reading:
    tree = _tree(source, page.content_type, limits)
    weigh(tree.blocks)
    tree.settle_marks()
    facts = read_facts(tree, page.url, limits)
    units = find_teasers(tree, page.url, facts.base)[: limits.max_teasers]
    taken = {block.index for unit in units for block in unit.blocks}
    return _Reading(
        tree=tree, facts=facts, units=units, taken=taken, article=find_article(tree, taken, facts)
    )


def _no_text(source: str) -> str:
    if "<script" in source:
        return (
            "there is no text on the page; its scripts may show one in a browser: send the page as rendered"
        )
    return "there is no text on the page"


def _settle_language(facts: Facts, pieces: list[Piece]) -> None:
    """Check the declared language against the text."""
    sample: list[str] = []
    for piece in pieces:
        sample.append(piece.text)
        if sum(map(len, sample)) > _LANGUAGE_CHARS:
            break
    facts.language, how = detect("\n".join(sample), facts.language)
    if facts.language:
        facts.sources["language"] = how


def _teasers(page: Page, units: list[Unit], facts: Facts) -> list[Document]:
    """Make the teasers' documents; one that stands on the page twice is made once."""
    found: dict[str, Document] = {}
    for unit in units:
        document = teaser_document(page, unit, facts, len(found) + 1)
        found.setdefault(document.document_id, document)
    return list(found.values())


def _tree(source: str, content_type: str, limits: Limits) -> Tree:
    """Read markup as markup whatever the server calls it, and text without any as a dump."""
    plain = content_type.partition(";")[0].strip().lower() == "text/plain"
    sample = source[:2_000] if plain else source[:200_000]
    head = source[:_HEAD_CHARS].lstrip()[:100].lower()
    if head.startswith(("<!doctype", "<html", "<?xml")) or (_MARKUP.search(sample) and not plain):
        return markup.build(source, limits)
    return lines.build(source, limits)
