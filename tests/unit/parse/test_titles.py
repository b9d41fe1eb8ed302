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
