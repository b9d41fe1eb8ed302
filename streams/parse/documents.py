"""What was found becomes documents."""

from __future__ import annotations

from urllib.parse import urljoin

from streams.ids import document_id, site_of
from streams.parse.dateline import read_dateline
from streams.parse.dates import Moment
from streams.parse.facts import Facts
from streams.parse.page import Page
from streams.parse.parts import Article, Piece, Unit
from streams.parse.visible import impossible
from streams.records import Document, PagePart, Span, Timestamp


def article_document(page: Page, article: Article, facts: Facts) -> Document:
    """Make the article's document."""
    headline = article.headline.text if article.headline else None
    pieces = [article.headline, article.summary, *article.body]
    body = tuple(piece.text for piece in article.body)
    summary = article.summary.text if article.summary else None
    return Document(
        document_id=document_id(headline, summary, body),
        kind="article",
        headline=headline,
        summary=summary,
        body=body,
        url=facts.url or page.url,
        page_url=page.url,
        site=site_of(page.url),
        publisher=page.publisher or facts.publisher,
        authors=facts.authors,
        section=facts.section,
        tags=facts.tags,
        language=facts.language,
        dateline=next((line for text in body[:2] if (line := read_dateline(text))), None),
        published_at=_timestamp(facts.published, facts.sources.get("published")),
        modified_at=_timestamp(facts.modified, facts.sources.get("modified")),
        fetched_at=page.fetched_at,
        order=0,
        parts=_parts(pieces),
        sources=_sources(page, article, facts),
        lineage=page.lineage,
    )


def teaser_document(page: Page, unit: Unit, facts: Facts, order: int) -> Document:
    """Make a teaser's document."""
    headline = unit.headline.text if unit.headline else None
    summary = unit.summary.text if unit.summary else None
    published = _teaser_date(page, unit)
    return Document(
        document_id=document_id(headline, summary, ()),
        kind="teaser",
        headline=headline,
        summary=summary,
        url=_absolute(facts.base, unit.href),
        page_url=page.url,
        site=site_of(page.url),
        publisher=page.publisher or facts.publisher,
        language=facts.language,
        published_at=published,
        fetched_at=page.fetched_at,
        order=order,
        parts=_parts([unit.headline, unit.summary]),
        sources={"published_at": published.source} if published else {},
        lineage=page.lineage,
    )


def _sources(page: Page, article: Article, facts: Facts) -> dict[str, str]:
    """Name each field's source by the field's own name."""
    named = {"published": "published_at", "modified": "modified_at"}
    found = {named.get(name, name): source for name, source in facts.sources.items()}
    if page.publisher:
        found["publisher"] = "page"
    if article.headline is not None:
        found["headline"] = "text" if article.headline.start >= 0 else "meta"
    return found


def _timestamp(moment: Moment | None, source: str | None) -> Timestamp | None:
    if moment is None or source is None:
        return None
    return Timestamp(value=moment.value, precision=moment.precision, source=source)


def _teaser_date(page: Page, unit: Unit) -> Timestamp | None:
    """Return the teaser's own date; none where it is later than the page was fetched."""
    moment, source = unit.date
    if moment is None or (page.fetched_at is not None and impossible(moment, page.fetched_at)):
        return None
    return Timestamp(value=moment.value, precision=moment.precision, source=source)


def _absolute(base: str, href: str) -> str | None:
    if not href:
        return None
    try:
        return urljoin(base, href)
    except ValueError:
        return None


def _parts(pieces: list[Piece | None]) -> tuple[PagePart, ...]:
    """Say where each line of the document's text stands on the page, where that is known."""
    parts: list[PagePart] = []
    position = 0
    for piece in pieces:
        if piece is None or not piece.text:
            continue
        if piece.start >= 0:
            parts.append(
                PagePart(
                    text=Span(start=position, end=position + len(piece.text)),
                    page=Span(start=piece.start, end=piece.end),
                )
            )
        position += len(piece.text) + 1
    return tuple(parts)
