"""Pages that stop other readers, each generated around one short story: none may lose it.

Time and memory are measured in benchmarks/parse_hurting.py. Here only what grows with more than a page's
length fails: such a page takes a minute and more, where the others take a second at most.
"""
# ruff: noqa: E501 - pages are written in one line

from __future__ import annotations

import gzip

import pytest

from streams.errors import InvalidPage
from streams.parse import Limits, Page, parse

HTML = "text/html; charset=utf-8"
HEADLINE = "Port reopens after storm"
STORY = (
    "<h1>Port reopens after storm</h1>"
    "<p>The harbour authority reopened the port on Monday, three days after a storm had sunk two tugs.</p>"
    "<p>Ships bound for Odesa will be let in first, the authority said, since their cargo of fruit is spoiling.</p>"
    "<p>Insurers put the damage at forty million euros, most of it to cranes that toppled onto the quay.</p>"
)
CYRILLIC = "Порт открыт после шторма. Власти сообщили, что первыми войдут суда с фруктами, которые портятся."


def page(before: str = "", after: str = "", head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{before}{STORY}{after}</body></html>".encode()


def pages() -> dict[str, tuple[bytes, str]]:
    """Return the pages by name: bytes and content type."""
    found = {**_shapes(), **_ends(), **_sizes(), **_repeated(), **_bytes()}
    return {name: (made, HTML) if isinstance(made, bytes) else made for name, made in found.items()}


def _shapes() -> dict[str, bytes]:
    return {
        "nested-div": page("<div>" * 100_000),
        "nested-closed": page(after="<div>" * 60_000 + "x" + "</div>" * 60_000),
        "stray-ends": page("</div></p></table></li>" * 30_000),
        "attributes": page("<div " + " ".join(f'a{i}="{i}"' for i in range(50_000)) + ">"),
        "open-options": page("<select>" + "<option>One" * 30_000 + "</select>"),
        "bare-options": page("<option>One" * 30_000),
        "open-quotes": page('<a href="x>' * 20_000),
        "open-scripts": page("<script>" * 20_000),
        "open-comments": page("<!-- " * 20_000),
        "unclosed-script": page("<script>var a = 1;"),
        "unclosed-title": f"<html><head><title>A</head><body>{STORY}".encode(),
        "less-than": page("a < b " * 100_000),
        "many-breaks": page("Line<br><br>" * 60_000),
    }


def _ends() -> dict[str, bytes]:
    """Return pages whose end tags are written in another case than the next ones, or are not there."""
    after = "<script>track()</script><style>p{}</style><svg><title>Logo</title></svg><nav><a href=/>Home</a></nav>"
    return {
        "upper-script": page("<SCRIPT>var a=1;</SCRIPT>", after),
        "mixed-script": page("<script>var a=1;</Script>", after),
        "upper-style": page("<STYLE>p{}</STYLE>", after),
        "upper-title": page("<svg><path></svg>", after, head="<TITLE>Port reopens after storm</TITLE>"),
        "upper-nav": page("<nav><a href=/>Home</a></NAV>", after),
        "many-upper-scripts": page("<SCRIPT></SCRIPT>" * 120_000),
        "open-menus": page("<nav>" * 100_000),
        "open-titles": page("<title>" * 100_000),
        "scripts-without-a-block-ahead": page(after="<script>" * 100_000),
        "menus-around-text": page(after=("<nav>" * 19_000 + "<p>More</p></nav>") * 8),
        "end-that-never-ends": page(after="<nav>" * 19_000 + "</nav " + "x" * 9_000_000),
    }


def _repeated() -> dict[str, bytes]:
    """Return pages on which something that is compared, or searched from every place, is there many times."""
    return {
        "spaces-behind-json": page(
            head='<script type="application/ld+json">{-->' + " " * 200_000 + "x</script>"
        ),
        "many-titles": page(
            head="".join(
                f'<meta property="og:title" content="Port {i} or {i * 7} dry">' for i in range(5_000)
            ),
            after="".join(f"<h1>Ship {i} of {i * 3} goes home</h1>" for i in range(5_000)),
        ),
        "bars-in-a-title": page(
            head='<script type="application/ld+json">{"@type":"NewsArticle","headline":"'
            + "Port - " * 150_000
            + '"}</script>'
        ),
        "brackets-in-a-title": page(
            head='<script type="application/ld+json">{"@type":"NewsArticle","headline":"'
            + "<" * 1_900_000
            + '"}</script>'
        ),
        "open-time": page("<time>" + ("word " * 20 + "<br>") * 40_000),
        "spaces-in-authors": page(head=f'<meta name="author" content="a{" " * 8_000}b">' * 20),
    }


def _sizes() -> dict[str, bytes]:
    story = STORY.removeprefix(f"<h1>{HEADLINE}</h1>")
    return {
        "large-table": page("<table>" + "<tr><td>1<td>2<td>3" * 100_000 + "</table>"),
        "many-paragraphs": page(after="<p>Short words here.</p>" * 100_000),
        "body-in-json": page(
            head='<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"'
            + "word " * 1_000_000
            + '"}</script>'
        ),
        "one-line": page(before="<p>" + "word " * 1_800_000 + "</p>"),
        "one-word": page(before="<p>" + "w" * 5_000_000 + "</p>"),
        "many-entities": page(before="<p>" + "&amp;" * 500_000 + "</p>"),
        "many-links": page(
            after="".join(f'<a href="/n/{i}">A headline of five words</a> ' for i in range(40_000))
        ),
        "many-cards": page(
            after="".join(
                f'<div><h3><a href="/n/{i}">A headline of six words {i}</a></h3></div>' for i in range(20_000)
            )
        ),
        "spaces-in-author": page(
            head='<script type="application/ld+json">{"@type":"NewsArticle","author":"A'
            + " " * 50_000
            + 'B"}</script>'
        ),
        "nested-json": page(head='<script type="application/ld+json">' + "[" * 200_000 + "</script>"),
        "plain-story": f"<h1>{HEADLINE}</h1>{story}".encode(),
    }


def _bytes() -> dict[str, bytes | tuple[bytes, str]]:
    return {
        "gzip": gzip.compress(page(), mtime=0),
        "utf-16": page().decode().encode("utf-16"),
        "utf-16-no-mark": page().decode().encode("utf-16-le"),
        "bom": b"\xef\xbb\xbf" + page(),
        "nul": page().replace(b"port", b"po\x00rt").replace(b"<p>", b"\x00<p>"),
        "surrogate": page("<p>\udcff</p>".encode("utf-8", "surrogatepass").decode("utf-8", "replace")),
        "raw-surrogate": page().replace(b"cranes", b"cr\xed\xb3\xbfanes"),
        "cp1251-as-utf-8": (f"<h1>Порт открыт</h1><p>{CYRILLIC}</p><p>{CYRILLIC}</p>".encode("cp1251"), HTML),
        "wrong-dates": page(
            after='<div class="teaser"><time datetime="2031-01-01">2031</time></div><footer>© 1 January 2010</footer>'
        ),
        "strange-json": page(
            head='<script type="application/ld+json">[null, {"@type": ["NewsArticle", null], "headline": null,'
            ' "author": [{"name": {"name": ["A. Writer"]}}, null, 7], "datePublished": ["2025-04-11T10:00:00Z"]}]</script>'
        ),
    }


PAGES = pages()
IN_RUSSIAN = {"cp1251-as-utf-8"}


def read(name: str) -> tuple[str | None, str]:
    body, content_type = PAGES[name]
    document = parse(Page.from_bytes(body, url="https://press.example/x", content_type=content_type))[0]
    assert document.kind == "article"
    assert document.published_at is None or name == "strange-json"
    return document.headline, document.text


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", sorted(PAGES.keys() - IN_RUSSIAN))
def test_the_story_is_found(name: str) -> None:
    headline, text = read(name)
    assert headline == HEADLINE
    assert "The harbour authority reopened the" in text
    assert "most of it to cr" in text


def test_a_charset_that_is_not_the_declared_one() -> None:
    assert read("cp1251-as-utf-8") == ("Порт открыт", f"Порт открыт\n{CYRILLIC}\n{CYRILLIC}")


def test_json_ld_of_lists_and_nulls_gives_its_date_and_author() -> None:
    body, content_type = PAGES["strange-json"]
    document = parse(Page.from_bytes(body, url="https://press.example/x", content_type=content_type))[0]
    assert document.authors == ("A. Writer",)
    assert document.published_at is not None
    assert document.published_at.value.isoformat() == "2025-04-11T10:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the page is empty"),
        (b" \n\t ", "the page is empty"),
        (b"<html><body><img src=a></body></html>", "there is no text on the page"),
        (b"<html><body><p>Menu</p></body></html>", "there is no article and no teaser on the page"),
        (b"%PDF-1.7 ...", "the page is a binary file, not text"),
        (bytes(range(32)) * 40, "the page is binary data, not text"),
        (b"\x1f\x8bnot an archive", "the page is a broken gzip archive"),
        (gzip.compress(b"a " * 60_000), "the page unpacks to more than the limit of 100000 bytes"),
        (b"a " * 60_000, "the page has 120000 bytes; the limit is 100000"),
    ],
)
def test_a_page_without_a_story_says_why(body: bytes, message: str) -> None:
    with pytest.raises(InvalidPage, match=message):
        parse(Page.from_bytes(body, url="https://press.example/x"), Limits(max_bytes=100_000))


def test_a_page_without_an_address_is_refused() -> None:
    with pytest.raises(InvalidPage, match="no url"):
        parse(Page.from_bytes(page(), url=" "))
