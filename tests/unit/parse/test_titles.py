"""The site's name and labels leave a title; the headline is the heading that the titles bear out."""

from __future__ import annotations

import pytest

from streams.parse import Page, parse
from streams.parse.titles import Site, without_site

SITE = Site.of("https://www.northern-herald.example/world/2025/ferry", ["The Northern Herald"])
TEXT = (
    "<p>The ferry between the two islands will sail again from Monday, the port authority said on Friday.</p>"
    "<p>It had been laid up for repairs since a collision with a fishing boat in the spring of last year.</p>"
)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry sails again - The Northern Herald", "Ferry sails again"),
        ("The Northern Herald » Archive » Ferry sails again", "Archive » Ferry sails again"),
        ("Northern Herald: Ferry sails again", "Northern Herald: Ferry sails again"),
        ("Ferry sails again from Monday | World | northern-herald.example", "Ferry sails again from Monday"),
        ("Ferry sails again – The Northern Herald – 30.01.2024", "Ferry sails again"),
        ("Ferry sails again – and the islands rejoice", "Ferry sails again – and the islands rejoice"),
        ("Ferry sails again", "Ferry sails again"),
        ("The Northern Herald", "The Northern Herald"),
        (
            "Seas | What the northern-herald.example readers saw",
            "Seas | What the northern-herald.example readers saw",
        ),
        ("Ferry sails again - NORTHERN HERALD Sport", "Ferry sails again"),
        ("«Ferry sails» | The Northern Herald", "«Ferry sails»"),
        ("- The ferry sails", "- The ferry sails"),
        ("Ferry sails again |", "Ferry sails again"),
    ],
)
def test_a_title_loses_the_name_of_its_site(title: str, headline: str) -> None:
    assert without_site(title, SITE) == headline


@pytest.mark.parametrize("address", ["", "no address", "https://[broken"])
def test_an_address_that_is_none_gives_no_names(address: str) -> None:
    assert (
        without_site("Ferry sails again – Elsewhere", Site.of(address, [])) == "Ferry sails again – Elsewhere"
    )


def headline_of(head: str, body: str) -> str | None:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return parse(Page.from_bytes(page.encode(), url=SITE.address))[0].headline


def test_the_logo_is_not_the_headline() -> None:
    body = f"<h1><a href='/'>Islands and seas</a></h1><div><h2>Ferry sails again</h2>{TEXT}</div>"
    assert headline_of("<title>Islands and seas » Ferry sails again</title>", body) == "Ferry sails again"


def test_a_heading_within_the_article_is_not_the_headline() -> None:
    body = f"<h1>Ships return to the strait</h1>{TEXT}<h2>Ferry to sail, at last, from Monday</h2>{TEXT}"
    assert (
        headline_of("<title>Ferry to sail from Monday: the timetable</title>", body)
        == "Ships return to the strait"
    )


def test_a_copy_in_the_menu_is_not_the_headline() -> None:
    body = f"<nav><p></p><h1>Ferry sails</h1></nav><article><h2>Ferry sails again</h2>{TEXT}</article>"
    assert headline_of("<meta property='og:title' content='Ferry sails again'>", body) == "Ferry sails again"


def test_a_date_in_the_heading_is_no_part_of_the_headline() -> None:
    body = f"<h1>Ferry sails again <span>02.02.2024</span></h1>{TEXT}"
    assert headline_of("<title>Ferry sails again | The Northern Herald</title>", body) == "Ferry sails again"


def test_without_a_heading_the_title_is_the_headline() -> None:
    assert headline_of("<title>Ferry sails again | northern-herald</title>", TEXT) == "Ferry sails again"


def test_a_heading_that_is_a_title_is_taken_without_its_kicker() -> None:
    head = (
        "<meta property='og:title' content='Islands: Ferry sails again'>"
        "<meta name='twitter:title' content='Ferry sails again'>"
    )
    body = f"<article><p>Islands</p><h1>Ferry sails again</h1>{TEXT}</article>"
    assert headline_of(head, body) == "Ferry sails again"


def test_a_kicker_joined_into_the_heading_is_parted_as_in_the_title() -> None:
    head = "<meta property='og:title' content='Islands: Ferry sails again'>"
    body = f"<h1><span>Islands</span> <span>Ferry sails again</span></h1>{TEXT}"
    assert headline_of(head, body) == "Islands: Ferry sails again"


@pytest.mark.parametrize("title", ["Northern Herald online", "Shipping | The Northern Herald"])
def test_where_the_title_is_nowhere_to_be_read_the_heading_over_the_text_is_the_headline(title: str) -> None:
    menu = "<ul><li><a href='/'>Northern Herald online</a></li><li><a href='/s'>Shipping</a></li></ul>"
    body = f"{menu}<div><h2>Ferry sails again</h2><div>{TEXT}</div><h2>Timetable</h2>{TEXT}</div>"
    assert headline_of(f"<title>{title}</title>", body) == "Ferry sails again"


def test_a_headline_may_hold_the_name_of_the_site() -> None:
    body = f"<h1>News | Entry</h1><h2>New maps on northern-herald.example</h2>{TEXT}"
    title = "northern-herald.example - News - New maps on northern-herald.example"
    assert headline_of(f"<title>{title}</title>", body) == "New maps on northern-herald.example"


def test_a_link_to_the_front_page_is_no_headline() -> None:
    page = (
        "<title>Ferry sails again - Notes from the isles</title><h1><a href='/'>Notes from the isles</a></h1>"
        f"<div>Ferry sails again</div>{TEXT}"
    ).encode()
    for address in ("https://isles.example/ferry", "https://isles.example/?p=42"):
        assert parse(Page.from_bytes(page, url=address))[0].headline == "Ferry sails again"


def test_a_heading_below_the_text_is_not_the_headline() -> None:
    body = (
        f"<h2>Isles rejoice: after a year of repairs the ferry sails again</h2>{TEXT}"
        "<section><h3>Share this</h3><h1>Ferry between islands sails</h1></section>"
    )
    head = "<meta property='og:title' content='Ferry between islands sails'>"
    assert headline_of(head, body) == "Isles rejoice: after a year of repairs the ferry sails again"


def test_one_of_several_parts_of_a_title_may_be_the_headline() -> None:
    body = f"<h2>Details</h2><h2>Villa Seaview</h2>{TEXT}<h2>Beach</h2>{TEXT}"
    assert headline_of("<title>Villa Seaview - a house on the island</title>", body) == "Villa Seaview"


NEWS_ITEM = '<script type="application/ld+json">{"@type":"Article","headline":"Ferry sails again"}</script>'
CUT_SHORT = '<meta property="og:title" content="Captain calls ferry "seaworthy"">'


@pytest.mark.parametrize(
    ("head", "headline"),
    [
        (f"<title>The Northern Herald</title>{NEWS_ITEM}", "Ferry sails again"),
        (f'<title>Captain calls ferry "seaworthy"</title>{CUT_SHORT}', 'Captain calls ferry "seaworthy"'),
        ("<title>The Northern Herald</title>", "The Northern Herald"),
    ],
)
def test_without_a_heading_the_title_that_says_most_is_the_headline(head: str, headline: str) -> None:
    site = "<meta property='og:site_name' content='The Northern Herald'>"
    assert headline_of(head + site, TEXT) == headline
