"""Addresses are read as a browser reads them: from the page's ``<base>`` where it has one."""

from __future__ import annotations

import pytest

from streams.parse import Page, parse
from streams.parse.titles import Site
from streams.records import Document

URL = "https://press.example/2025/ferry"
BASE = '<base href="https://www.press.example/en/"><base href="https://other.example/">'
STORY = (
    "<h1>Ferry sails again</h1>"
    + "<p>The ferry between the two islands will sail again from Monday, the port authority said.</p>" * 3
)
CARDS = "".join(
    f'<div class="card"><h3><a href="news/{i}.html">Harbour number {i} is dredged again</a></h3></div>'
    for i in range(3)
)


def read(head: str, body: str = STORY + CARDS) -> list[Document]:
    page = f"<html lang='en'><head><title>Ferry sails again</title>{head}</head><body>{body}</body></html>"
    return list(parse(Page.from_bytes(page.encode(), url=URL)))


def test_links_are_written_from_the_first_base() -> None:
    article, *teasers = read(BASE)
    assert [teaser.url for teaser in teasers] == [
        f"https://www.press.example/en/news/{i}.html" for i in range(3)
    ]
    assert article.url == URL
    assert {document.page_url for document in (article, *teasers)} == {URL}
    assert {document.site for document in (article, *teasers)} == {"press.example"}


def test_the_canonical_address_is_written_from_the_base() -> None:
    assert read(f'<link rel="canonical" href="ferry">{BASE}')[0].url == "https://www.press.example/en/ferry"


@pytest.mark.parametrize(
    ("href", "first"),
    [
        ("/de/", "https://press.example/de/news/0.html"),
        ("//cdn.example/", "https://cdn.example/news/0.html"),
        ("", "https://press.example/2025/news/0.html"),
        ("data:text/plain,x", "https://press.example/2025/news/0.html"),
        ("javascript:x", "https://press.example/2025/news/0.html"),
        ("http://[", "https://press.example/2025/news/0.html"),
    ],
)
def test_a_base_is_an_address_of_the_web(href: str, first: str) -> None:
    assert read(f'<base href="{href}">')[1].url == first


def test_a_link_to_nowhere_does_not_lead_to_the_base() -> None:
    cards = CARDS.replace('href="news/1.html"', 'name="top"')
    assert [document.kind for document in read('<base href="/">', STORY + cards)] == ["article"]
    assert not Site.of(URL, [], "https://press.example/").is_above("")


def test_a_logo_is_known_by_the_address_that_it_leads_to() -> None:
    address = "https://press.example/2025/11/27/ferry-sails-again"
    assert Site.of(address, [], "https://www.press.example/").is_above("2025/")
    assert not Site.of(address, []).is_above("2025/")
