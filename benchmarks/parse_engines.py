"""The engines that parse_quality compares, behind one form. A peer that is not installed is left out."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from streams.errors import InvalidPage
from streams.parse import Page, parse


@dataclass(slots=True)
class Result:
    """What an engine made of a page."""

    text: str = ""
    title: str | None = None
    date: datetime | str | None = None
    authors: tuple[str, ...] = ()
    teasers: list[tuple[str | None, str | None]] = field(default_factory=list)


Engine = Callable[[str, str, bool], Result]


def dateline(source: str, url: str, plain: bool) -> Result:
    page = Page.from_bytes(
        source.encode("utf-8", "surrogatepass"),
        url=url,
        content_type="text/plain; charset=utf-8" if plain else "text/html; charset=utf-8",
    )
    try:
        documents = parse(page)
    except InvalidPage:
        return Result()
    teasers = [(d.headline, d.summary) for d in documents if d.kind == "teaser"]
    if documents[0].kind != "article":
        return Result(teasers=teasers)
    article = documents[0]
    return Result(
        text="\n".join(part for part in (article.summary, *article.body) if part),
        title=article.headline,
        date=article.published_at.value if article.published_at else None,
        authors=article.authors,
        teasers=teasers,
    )


def trafilatura(source: str, url: str, plain: bool) -> Result:
    del plain
    library = importlib.import_module("trafilatura")
    found = library.bare_extraction(source, url=url, with_metadata=True, include_comments=False)
    if found is None:
        return Result()
    return Result(text=found.text or "", title=found.title, date=found.date)


def resiliparse(source: str, url: str, plain: bool) -> Result:
    del url, plain
    library = importlib.import_module("resiliparse.extract.html2text")
    return Result(text=library.extract_plain_text(source, main_content=True))


def newspaper(source: str, url: str, plain: bool) -> Result:
    del plain
    article = importlib.import_module("newspaper").Article(url)
    article.download(input_html=source)
    article.parse()
    return Result(text=article.text, title=article.title, date=article.publish_date)


_PEERS: dict[str, tuple[str, Engine]] = {
    "trafilatura": ("trafilatura", trafilatura),
    "resiliparse": ("resiliparse", resiliparse),
    "newspaper4k": ("newspaper", newspaper),
}


def engines(names: list[str]) -> tuple[dict[str, Engine], list[str]]:
    """Return the engines of these names that are installed, and the names of the others."""
    found: dict[str, Engine] = {}
    missing: list[str] = []
    for name in names:
        if name == "dateline":
            found[name] = dateline
        elif importlib.util.find_spec(_PEERS[name][0]):
            found[name] = _PEERS[name][1]
        else:
            missing.append(name)
    return found, missing
