"""The sample pages are read as they were written."""

from __future__ import annotations

from streams.parse import parse
from streams.samples import load


def test_each_sample_gives_its_article_and_teasers() -> None:
    found = {page.url.partition("//")[2]: [d.kind for d in parse(page)] for page in load()}
    counts = {url: (kinds.count("article"), kinds.count("teaser")) for url, kinds in found.items()}
    assert counts == {
        "www.northwire.example/world/norway-vietnam-fisheries": (1, 22),
        "www.northwire.example/world/bridge-kassala": (1, 24),
        "www.northwire.example/": (0, 30),
        "meridian-agency.example/2025/04/16/border": (1, 40),
        "meridian-agency.example/2025/04/16/timber": (1, 36),
        "harbourpost.example/sea/baltic-exercise": (1, 18),
        "harbourpost.example/trade/olive-oil": (1, 16),
        "harbourpost.example/land/bells": (1, 12),
    }


def test_teasers_repeat_across_the_pages_of_a_site() -> None:
    seen: dict[str, set[str]] = {}
    for page in load():
        for document in parse(page):
            seen.setdefault(document.document_id, set()).add(page.url)
    assert sum(len(urls) > 1 for urls in seen.values()) > 20


def test_a_dump_gives_dateline_and_summary() -> None:
    page = next(page for page in load() if page.url.endswith("/border"))
    article = parse(page)[0]
    assert article.dateline is not None
    assert (article.dateline.place, article.dateline.agency) == ("BISHKEK", "MERIDIAN")
    assert article.summary == '"The last open line on the map has been drawn," the Kyrgyz president noted'
    assert article.published_at is not None
    assert article.published_at.source == "dateline"
