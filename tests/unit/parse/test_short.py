"""Short pages are pages too: a dump of two lines, a brief, a text that only the metadata hold."""

from __future__ import annotations

import json

import pytest

from streams.errors import InvalidPage
from streams.parse import Page, parse
from streams.records import Document

URL = "https://www.harbour-news.example/world/2025/ferry"
LONG = "The harbour of the northern town opened again on Monday after three weeks of repairs, officials said."


def read(body: str, content_type: str = "text/html") -> tuple[Document, ...]:
    return parse(Page.from_bytes(body.encode(), url=URL, content_type=content_type))


@pytest.mark.parametrize(
    ("dump", "body"),
    [
        ("Ferry sails again\nThe ferry sails from Monday.", ("The ferry sails from Monday.",)),
        ("渡し船が再開\n渡し船は月曜日から運航する。", ("渡し船は月曜日から運航する。",)),
        (
            "Ferry sails\n\nIt sails from Monday.\nTickets are free.",
            ("It sails from Monday.", "Tickets are free."),
        ),
    ],
)
def test_a_dump_of_headline_and_a_sentence_is_an_article(dump: str, body: tuple[str, ...]) -> None:
    (document,) = read(dump, "text/plain")
    assert (document.kind, document.headline, document.body) == ("article", dump.partition("\n")[0], body)


@pytest.mark.parametrize("dump", ["Home", "Home\nWorld\nSport", "Log in\nRegister\nHelp"])
def test_a_dump_of_labels_is_none(dump: str) -> None:
    with pytest.raises(InvalidPage, match="no article and no teaser"):
        read(dump, "text/plain")


def test_a_brief_of_two_lines_is_an_article() -> None:
    page = (
        "<title>Ferry sails again</title><h1>Ferry sails again</h1><p>The ferry sails again from Monday.</p>"
    )
    (document,) = read(page)
    assert document.body == ("The ferry sails again from Monday.",)


def test_a_heading_that_holds_an_element_is_a_heading() -> None:
    page = (
        "<title>Ferry sails again</title><h1><div class='field'>Ferry sails again</div></h1>"
        f"<p>{LONG}</p><p>{LONG}</p><h3>Files to load</h3><p>List.</p>"
    )
    (document,) = read(page)
    assert (document.headline, document.body) == ("Ferry sails again", (LONG, LONG))


def test_a_text_that_only_a_heading_holds_is_not_lost() -> None:
    text = f"Ferry sails again. {LONG} {LONG}"
    (document,) = read(f"<title>Ferry sails again</title><h2>{text}")
    assert (document.headline, document.body) == ("Ferry sails again", (text,))


def test_a_heading_below_the_text_is_another_s() -> None:
    page = f"<title>Harbour opens | Harbour News</title><div><p>{LONG}</p><p>{LONG}</p></div>"
    page += "<h1>Quick links</h1>"
    (document,) = read(page)
    assert (document.headline, document.body) == ("Harbour opens", (LONG, LONG))


def described(body: str) -> str:
    item = {"@type": "NewsArticle", "headline": "Ferry sails again", "articleBody": body}
    return f"<script type='application/ld+json'>{json.dumps(item)}</script>"


@pytest.mark.parametrize(
    "shown", ["", "<div id='root'></div>", "<p>Please switch on JavaScript to read this page.</p>"]
)
def test_a_text_that_only_the_metadata_hold_is_read_there(shown: str) -> None:
    (document,) = read(
        f"<html><head>{described(LONG + chr(10) + chr(10) + LONG)}</head><body>{shown}</body></html>"
    )
    assert (document.headline, document.body) == ("Ferry sails again", (LONG, LONG))
    assert document.sources["body"] == "json-ld"
    assert [part.text.start for part in document.parts] == []


def test_the_text_on_the_page_comes_before_that_of_the_metadata() -> None:
    page = f"<head>{described('A summary of what the page says, and of nothing else. ' * 12)}</head>"
    page += "<h1>Ferry sails again</h1>"
    document = read(page + f"<p>{LONG}</p>" * 10)[0]
    assert document.body == (LONG,) * 10
    assert "body" not in document.sources


def test_markup_in_the_metadata_s_text_makes_paragraphs() -> None:
    (document,) = read(f"<head>{described(f'<p>{LONG}</p><p>{LONG} &amp; more</p>')}</head>")
    assert document.body == (LONG, f"{LONG} & more")


def test_a_page_without_text_names_its_scripts() -> None:
    with pytest.raises(InvalidPage, match="its scripts may show one"):
        read("<html><body><div id='root'></div><script>start()</script></body></html>")


@pytest.mark.parametrize(
    ("opens", "closes"), [("<script type='text/template'>", "</script>"), ("<noscript>", "</noscript>")]
)
def test_a_text_kept_for_a_script_is_read_where_it_stands(opens: str, closes: str) -> None:
    page = (
        f"<title>Ferry sails again</title><h1>Ferry sails again</h1>{opens}<p>{LONG}</p><p>{LONG}</p>{closes}"
    )
    (document,) = read(page)
    assert document.body == (LONG, LONG)
    assert [page[part.page.start : part.page.end] for part in document.parts] == [
        "Ferry sails again",
        LONG,
        LONG,
    ]


def test_an_unclosed_template_is_left() -> None:
    with pytest.raises(InvalidPage):
        read("<noscript>" * 50_000 + "<script type='text/template'>" * 50_000)


def test_menus_of_a_dump_are_no_headline_and_no_text() -> None:
    sentence = "The ferry between the two islands will sail again from Monday, the port said."
    dump = f"Home\nWorld\nSport\n\nFerry sails again\n\n{sentence}\n\n{sentence}\n\nShare\nMail\nPrint\n"
    page = Page.from_bytes(dump.encode(), url="https://i.example/ferry", content_type="text/plain")
    document = parse(page)[0]
    assert document.headline == "Ferry sails again"
    assert document.body == (sentence, sentence)


def test_lines_of_verse_in_a_dump_stay() -> None:
    sentence = "The ferry sails again from Monday, the port said. "
    dump = f"Ferry sails again\n\n{sentence * 3}\n\nHome\nagain\nat last.\n"
    page = Page.from_bytes(dump.encode(), url="https://i.example/ferry", content_type="text/plain")
    assert parse(page)[0].body[-1] == "at last."
