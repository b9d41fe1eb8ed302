"""What belongs to an article's text, and what only stands beside it."""

# tables of pages
# ruff: noqa: E501, ISC004
from __future__ import annotations

import pytest

from streams.parse import Page, parse
from streams.parse.marks import Mark, marks_of_names
from streams.parse.notices import is_credit, is_invitation, is_rights_notice

FIRST = "The ferry between the two islands will sail again from Monday, the port authority said on Friday."
SECOND = "It had been laid up for repairs since a collision with a fishing boat in the spring of last year."
LONG = " ".join([SECOND] * 3)


def body_of(html: str) -> tuple[str, ...]:
    page = f"<html><head><title>Ferry sails again</title></head><body><h1>Ferry sails again</h1>{html}</body></html>"
    document = parse(Page.from_bytes(page.encode(), url="https://www.islands.example/ferry"))[0]
    return tuple(part for part in (document.summary, *document.body) if part)


@pytest.mark.parametrize(
    ("html", "body"),
    [
        # "teaser" right under the headline is the lead, further down it is another story
        (f"<p class='article-teaser'>{FIRST}</p><div><p>{SECOND}</p><p>{LONG}</p></div>", (FIRST, SECOND, LONG)),
        (f"<div><p>{FIRST}</p><p>{LONG}</p><p class='teaser'>{SECOND}</p></div>", (FIRST, LONG)),
        # a common class word does not bar running text
        (f"<div><p>{FIRST}</p><div class='topic'><p>{LONG}</p></div><p>{SECOND}</p></div>", (FIRST, LONG, SECOND)),
        (f"<div><p>{FIRST}</p><div class='tab-pane'><p>{SECOND}</p></div><p>{LONG}</p></div>", (FIRST, SECOND, LONG)),
        # a heading's id is made of its words
        (
            f"<div><p>{FIRST}</p><h2 id='what-comes-next'>What comes next</h2><p>{SECOND}</p></div>",
            (FIRST, "What comes next", SECOND),
        ),
        # hidden text is none
        (f"<div><p>{FIRST}</p><p class='hidden'>{SECOND}</p><p>{LONG}</p></div>", (FIRST, LONG)),
        # the last item of a list
        (f"<div><p>{FIRST}</p><p>{SECOND}</p><ul><li>One pier.</li><li>Two piers</li></ul></div>",
         (FIRST, SECOND, "One pier.", "Two piers")),
        # credits, rights and offers
        (f"<div><p>{FIRST}</p><p>Photo: A. Person / Agency</p><p>{SECOND}</p></div>", (FIRST, SECOND)),
        (f"<div><p>{FIRST}</p><p>{SECOND}</p><p>Follow us on Telegram for more.</p></div>", (FIRST, SECOND)),
        (f"<div><p>{FIRST}</p><p>{SECOND}</p><p>All rights reserved by the paper.</p></div>", (FIRST, SECOND)),
        # main headings within the text
        (f"<article><p>{FIRST}</p><h1>The repairs</h1><p>{SECOND}</p></article>", (FIRST, "The repairs", SECOND)),
        # a sentence that is mostly a link
        (
            f"<div><p>{FIRST}</p><p>The authority, which runs all the piers of both islands, had said so in "
            "<a href='/2'>a letter to the owners of the boats that use the port and to everyone else who lives there</a>."
            f"</p><p>{SECOND}</p></div>",
            (
                FIRST,
                "The authority, which runs all the piers of both islands, had said so in a letter to the owners of "
                "the boats that use the port and to everyone else who lives there.",
                SECOND,
            ),
        ),
    ],
)  # fmt: skip
def test_the_text_of_an_article(html: str, body: tuple[str, ...]) -> None:
    assert body_of(html) == body


@pytest.mark.parametrize(
    "text",
    [
        "(Credit: A. Person)",
        "Foto: Agentur",
        "Fotos: A. Person",
        "写真：通信社",
        "Quelle: Landesamt",
        "Фото: ТАСС",
    ],
)
def test_credits(text: str) -> None:
    assert is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "Photographs show the ferry at the pier.",
        "Source code of the ferry's software: it was published on Friday.",
        "Images of the pier: a walk through the old port with the people who built it, who fish there and who wait "
        "for the ferry, and who told us why they will not leave the island this year either.",
    ],
)
def test_sentences_are_no_credits(text: str) -> None:
    assert not is_credit(text)


@pytest.mark.parametrize(
    "text", ["© 2024 Islands", "Todos los derechos reservados", "Все права защищены", "無断転載を禁じる"]
)
def test_rights(text: str) -> None:
    assert is_rights_notice(text)


@pytest.mark.parametrize(
    ("text", "invites"),
    [
        ("Sign up for our newsletter", True),
        ("Suscríbete a nuestro boletín en Telegram", True),
        ("Подпишитесь на наш канал", True),
        ("The minister said so on Facebook.", False),
        ("He wrote on Telegram that talks go on.", False),
    ],
)
def test_invitations(text: str, invites: bool) -> None:
    assert is_invitation(text) is invites


@pytest.mark.parametrize(
    ("names", "mark"),
    [
        ("tab-pane active", Mark.NONE),
        ("tabs", Mark.NAVIGATION),
        ("elementor-widget elementor-widget-text", Mark.NONE),
        ("widget widget_text", Mark.CONTROL),
        ("intro hidden", Mark.SUMMARY | Mark.HIDDEN),
        ("overflow-hidden", Mark.NONE),
        ("hidden md:block", Mark.NONE),
    ],
)
def test_words_that_mean_what_holds_the_text(names: str, mark: int) -> None:
    assert marks_of_names(names) == mark
