"""What belongs to an article's text, and what only stands beside it."""

# tables of pages
# ruff: noqa: E501, ISC004
from __future__ import annotations

import pytest

from streams.parse import Page, parse
from streams.parse.marks import Mark, marks_of_names
from streams.parse.notices import is_advertisement, is_credit, is_invitation, is_rights_notice

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
        # hidden on small screens is shown
        (f"<div><p>{FIRST}</p><p class='hidden md:block'>{SECOND}</p><p>{LONG}</p></div>", (FIRST, SECOND, LONG)),
        (f"<div><p>{FIRST}</p><p class='lead' hidden>{SECOND}</p><p>{LONG}</p></div>", (FIRST, LONG)),
        (f"<div><p>{FIRST}</p><div data-title='the hidden war'><p>{SECOND}</p></div></div>", (FIRST, SECOND)),
        (f'<div><p>{FIRST}</p><p title="It&apos;s hidden, he said" id=a>{SECOND}</p></div>', (FIRST, SECOND)),
        (f"<div><p>{FIRST}</p><p hidden='hidden'>{SECOND}</p><p>{LONG}</p></div>", (FIRST, LONG)),
        (f"<div><p>{FIRST}</p><p title='a hidden'hidden>{SECOND}</p><p>{LONG}</p></div>", (FIRST, LONG)),
        (f"<div><p>{FIRST}</p><p style='visibility: hidden'>{SECOND}</p><p>{LONG}</p></div>", (FIRST, LONG)),
        # hidden text is none
        (f"<div><p>{FIRST}</p><p class='hidden'>{SECOND}</p><p>{LONG}</p></div>", (FIRST, LONG)),
        # the last item of a list
        (f"<div><p>{FIRST}</p><p>{SECOND}</p><ul><li>One pier.</li><li>Two piers</li></ul></div>",
         (FIRST, SECOND, "One pier.", "Two piers")),
        # credits, rights and offers
        (f"<div><p>{FIRST}</p><p>Photo: A. Person / Agency</p><p>{SECOND}</p></div>", (FIRST, SECOND)),
        (f"<div><p>{FIRST}</p><p>{SECOND}</p><p>Follow us on Telegram for more.</p></div>", (FIRST, SECOND)),
        (f"<div><p>{FIRST}</p><p>{SECOND}</p><p>All rights reserved by the paper.</p></div>", (FIRST, SECOND)),
        # a caption is no lead, and none when it is shown again over the page
        (f"<figure class='lead-image'><figcaption><p>The ferry lay in the dock for a whole long year.</p></figcaption></figure>"
         f"<div><p>{FIRST}</p><p>{LONG}</p></div>", (FIRST, LONG)),
        (f"<div><p>{FIRST}</p><div class='image-description'><div>The ferry lay in the dock for a whole long year.</div></div>"
         "<div class='lightbox'><div>The ferry lay in the dock for a whole long year.</div></div>"
         f"<p>{LONG}</p></div>", (FIRST, LONG)),
        # the opening of a live blog is a lead of several paragraphs
        (
            "<p class='lead'>The ferry sails again.</p><div class='lead-entry'>"
            + "".join(f"<p>Boat {n} of the fleet has left the port this morning.</p>" for n in range(6))
            + "</div><div class='entries'>"
            + "".join(f"<div><h3>Hour {n}</h3><p>{LONG} So it was at {n}.</p></div>" for n in range(9))
            + "</div>",
            (
                "The ferry sails again.",
                *(f"Boat {n} of the fleet has left the port this morning." for n in range(6)),
                *(text for n in range(9) for text in (f"Hour {n}", f"{LONG} So it was at {n}.")),
            ),
        ),
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
        # cells of a table of figures
        (
            f"<div><p>{FIRST}</p><table><tr><td>2023</td><td>41,200</td></tr></table><p>{SECOND}</p></div>",
            (FIRST, "2023", "41,200", SECOND),
        ),
        # a heading above a heading of a lower level; one above another of its own level has no text
        (
            f"<div><p>{FIRST}</p><h2>The port</h2><h3>Its piers</h3><p>{SECOND}</p></div>",
            (FIRST, "The port", "Its piers", SECOND),
        ),
        (
            f"<div><p>{FIRST}</p><h2>The port</h2><h2>Its piers</h2><p>{SECOND}</p></div>",
            (FIRST, "Its piers", SECOND),
        ),
        # the last lines: code, a line beside the paragraphs; a label is none
        (f"<div><p>{FIRST}</p><p>{SECOND}</p><pre>sail --now</pre></div>", (FIRST, SECOND, "sail --now")),
        (f"<div><p>{FIRST}</p><p>{SECOND}</p><p>No ferry, no island</p></div>", (FIRST, SECOND, "No ferry, no island")),
        (f"<div><p>{FIRST}</p><p>{SECOND}</p><p>islands.example</p></div>", (FIRST, SECOND)),
        # what stands beside running text that a class word denies is text as well
        (
            f"<div><p>{FIRST}</p><div class='lightbox-gallery'><p>{LONG}</p><p>{SECOND}</p></div></div>",
            (FIRST, LONG, SECOND),
        ),
        # a template's indents within a link are none of its text
        (
            f"<div><p>{FIRST}</p><p>The islands' <a href='/2'>{' ' * 300}port authority</a> said so on Friday in a letter.</p>"
            f"<p>{SECOND}</p></div>",
            (FIRST, "The islands' port authority said so on Friday in a letter.", SECOND),
        ),
        # a list of references is none of the text
        (
            f"<div><p>{FIRST}</p><p>{SECOND}</p><ol class='references'><li>{LONG}</li></ol></div>",
            (FIRST, SECOND),
        ),
        # a last part that is dressed as the others
        (
            f"<main><section><div class='w text'><p>{LONG}</p><p>{LONG}</p></div></section>"
            f"<section><div class='w text'><p>{SECOND}</p></div></section></main>",
            (LONG, LONG, SECOND),
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
        "Quelle: Landesamt für Fischerei und Häfen (LFH), 02. Februar 2022, Nordstadt",
        "© A. Person / Agency",
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
        (
            "All that matters, in the morning and at the end of the working day: Subscribe to our WhatsApp channel!",
            True,
        ),
        (
            "In the morning and at the end of the working day the minister asked all to follow him on Telegram.",
            False,
        ),
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
        ("field field-name-text field-label-hidden", Mark.NONE),
        ("label", Mark.TAGS),
        ("instagram-media", Mark.CONTROL),
        ("hidden md:block", Mark.NONE),
    ],
)
def test_words_that_mean_what_holds_the_text(names: str, mark: int) -> None:
    assert marks_of_names(names) == mark


def test_an_endless_page_gives_its_first_article() -> None:
    first = f"<article class='item'><h2>Ferry sails again</h2><p>{FIRST}</p><p>{SECOND}</p></article>"
    others = "".join(
        f"<article class='item'><h2>Story {number} of the day</h2><p>{LONG}</p><p>{LONG}</p></article>"
        for number in ("two", "three", "four")
    )
    page = (
        f"<html><head><title>Ferry sails again</title></head><body><div>{first}{others}</div></body></html>"
    )
    document = parse(Page.from_bytes(page.encode(), url="https://www.islands.example/ferry"))[0]
    assert document.headline == "Ferry sails again"
    assert document.body == (FIRST, SECOND)


@pytest.mark.parametrize(
    "unit",
    [
        "<div class='comment'><p>{name} says:</p><p>{text}</p><a href='/r{name}'>Reply</a></div>",  # readers' comments
        "<p><a href='/r{name}'>Post of {name}</a></p><p>{text}.</p><p>{text}. Again.</p><p>Open this post</p>",  # an article between posts
        "<div><p>{name} of the</p><p>islands</p><p>Read on here</p></div>",  # names
        "<div><p>{text}</p><p>0</p></div>",  # counters
    ],
)
def test_what_repeats_and_is_no_teaser(unit: str) -> None:
    names = ("Anna", "Bela", "Cato", "Dora")
    units = "".join(
        unit.format(name=name, text=f"{name} said that {SECOND[:1].lower()}{SECOND[1:-1]}") for name in names
    )
    page = f"<html><body><article><h1>Ferry sails again</h1><p>{FIRST}</p><p>{LONG}</p></article>{units}</body></html>"
    documents = parse(Page.from_bytes(page.encode(), url="https://www.islands.example/ferry"))
    assert [document.kind for document in documents] == ["article"]


@pytest.mark.parametrize(
    "card",
    [
        "<div class='card'><span class='kicker'>World</span><h3><a href='/{0}'>Harbour number {0} opens</a></h3></div>",
        "<li><div class='date'>5 May 2024</div><a href='/{0}'>Harbour number {0} opens</a></li>",
        "<div><h3><a href='/{0}'>Harbour number {0} opens</a></h3><a href='/{0}'>Read more</a></div>",
    ],
)
def test_no_card_is_lost_where_each_begins_or_ends_with_one_line(card: str) -> None:
    cards = "".join(card.format(number) for number in range(5))
    page = f"<h1>Ferry sails again</h1><div><p>{FIRST}</p><p>{SECOND}</p></div><section>{cards}</section>"
    documents = parse(Page.from_bytes(page.encode(), url="https://www.islands.example/ferry"))
    assert [document.headline for document in documents[1:]] == [
        f"Harbour number {number} opens" for number in range(5)
    ]


@pytest.mark.parametrize(
    ("text", "is_label"),
    [
        ("Advertisement", True),
        ("— ADVERTISEMENT —", True),
        ("Story continues below advertisement", True),
        ("Anzeige", True),
        ("Publicité", True),
        ("Реклама", True),
        ("広告", True),
        ("Advertisements for the ferry were banned.", False),
        ("The story continues.", False),
    ],
)
def test_labels_of_advertisements(text: str, is_label: bool) -> None:
    assert is_advertisement(text) is is_label
    assert body_of(f"<div><p>{FIRST}</p><p>{text}</p><p>{SECOND}</p></div>") == (
        (FIRST, SECOND) if is_label else (FIRST, text, SECOND)
    )
