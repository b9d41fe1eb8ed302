"""The date that a reader sees around an article, in the words and the order of its language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from streams.parse import Page, parse
from streams.parse.dates import read_machine, read_visible
from streams.records import Document

TEXT = (
    "<p>The ferry between the two islands will sail again from Monday, the port authority said on Friday.</p>"
    * 3
)
LABELS = "".join(f"<div>Label {number}</div>" for number in range(12))
DAY = datetime(2024, 5, 4, tzinfo=UTC)


def read(body: str, language: str = "en") -> Document:
    page = f"<html lang='{language}'><title>Ferry sails again</title><body>{body}</body></html>"
    return parse(Page.from_bytes(page.encode(), url="https://www.islands.example/ferry"))[0]


@pytest.mark.parametrize(
    "text",
    [
        "2024. május 4.",
        "2024 m. gegužės 4 d.",
        "4 მაისი 2024",
        "4 במאי 2024",
        "4 พฤษภาคม 2567",
        "4 мамыр 2024",
        "4 май 2024",
        "4 मई 2024",
        "4. svibnja 2024.",
        "Datum:4. Mai 2024",
        "Saturday, 4th of May 2024",
        "السبت 4 أيار 2024",
        "٤ ماي ٢٠٢٤",
        "۱۵ اردیبهشت ۱۴۰۳",
        "1403/02/15",
        "۴ مه ۲۰۲۴",
        "Ngày 4 tháng 5 năm 2024",
    ],
)
def test_dates_in_words_of_many_languages(text: str) -> None:
    moment = read_visible(text)
    assert moment is not None
    assert moment.value == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1403-01-01", (2024, 3, 20)),
        ("30 اسفند 1403", (2025, 3, 20)),
        ("1 مهر 1375", (1996, 9, 22)),
        ("31/06/1402", None),
        ("1402/12/31", None),
        ("1403/13/01", None),
        ("1302/01/01", None),
    ],
)
def test_dates_of_the_iranian_calendar(text: str, day: tuple[int, int, int] | None) -> None:
    moment = read_machine(text)
    assert (moment.value if moment else None) == (datetime(*day, tzinfo=UTC) if day else None)


def test_a_date_in_figures_is_read_by_the_order_of_its_language() -> None:
    assert read_visible("04/05/2024") is None
    moment = read_visible("04/05/2024", day_first=True)
    assert moment is not None
    assert moment.value == DAY


@pytest.mark.parametrize(
    ("language", "found"),
    [("es", DAY), ("en", None), ("en-US", None), ("en-GB", DAY), ("en_AU", DAY)],
)
def test_the_page_s_language_tells_the_order(language: str, found: datetime | None) -> None:
    text = (
        TEXT
        if language.startswith("en")
        else "<p>El transbordador entre las dos islas volverá a navegar desde el lunes.</p>" * 3
    )
    stamp = read(f"<h1>Ferry sails again</h1><p>04/05/2024</p>{text}", language).published_at
    assert (stamp.value if stamp else None) == found


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>Ferry sails again</h1><div class='footer'><span class='date'>4 May 2024</span></div>{TEXT}",
        f"<div class='nav'><span class='date'>4 May 2024</span></div><h1>Ferry sails again</h1>{TEXT}",
        f"<h1>Ferry sails again</h1><div>{TEXT}</div><p>Published: 4 May 2024</p>",
        f"<h1>Ferry sails again</h1><div>{TEXT}</div><time datetime='2024-05-04'>May 4</time>",
        f"<time datetime='2024-05-04'>May 4</time>{LABELS}<h1>Ferry sails again</h1>{TEXT}",
        f"<h1>Ferry sails again</h1>{LABELS}<span itemprop='datePublished'>4 May 2024</span>{TEXT}",
        f"<div class='teaser'><p>4 May 2024</p><h1>Ferry sails again</h1></div>{TEXT}",
        f"<h1>Ferry sails again <small>4 May 2024</small></h1>{TEXT}",
        f"<h1>Ferry sails again</h1><p>4 May 2024</p>{TEXT}<p>— Port (@port) June 1, 2023</p>{TEXT}",
    ],
)
def test_the_date_may_stand_right_above_or_below_the_text(html: str) -> None:
    stamp = read(html).published_at
    assert stamp is not None
    assert stamp.value == DAY


@pytest.mark.parametrize(
    "html",
    [
        "<div><span property='dc:date dc:created' content='2024-05-04'>Saturday</span></div>",
        "<span property='schema:dateCreated' content='2024-05-04' class='hidden'></span>",
        "<div itemprop='datePublished' content='2024-05-04'>two days ago</div>",
        (
            "<p>Saturday<span itemprop='dateModified' content='2024-05-07'></span>"
            "<span itemprop='datePublished' content='2024-05-04'></span></p>"
        ),
    ],
)
def test_a_date_may_be_the_content_of_an_element(html: str) -> None:
    stamp = read(f"<h1>Ferry sails again</h1>{html}{TEXT}").published_at
    assert stamp is not None
    assert (stamp.value, stamp.source) == (DAY, "time")


@pytest.mark.parametrize(
    "html",
    [
        "<div itemprop='expires' content='2024-05-04'>on Saturday</div>",
        "<div itemprop='datePublished' content='soon'>on Saturday</div>",
        "<div itemprop='dateModified' content='2024-05-04'>on Saturday</div>",
    ],
)
def test_content_that_is_no_date_of_publication_is_none(html: str) -> None:
    assert read(f"<h1>Ferry sails again</h1>{html}{TEXT}").published_at is None


def test_a_date_at_the_end_of_a_card_is_that_card_s() -> None:
    cards = "".join(
        f"<div class='card'><h2><a href='/n/{day}'>Ferry number {day} sails to the islands again</a></h2>"
        f"<p>The crossing takes two hours, as it did before the storm of April, says the line.</p>"
        f"<span itemprop='datePublished' content='2024-05-0{day}'></span></div>"
        for day in range(1, 7)
    )
    page = f"<html lang='en'><body>{cards}<article><h1>Ferry sails again</h1>{TEXT}</article></body></html>"
    documents = parse(Page.from_bytes(page.encode(), url="https://press.example/ferry"))
    days = [d.published_at.value.day if d.published_at else None for d in documents]
    assert days == [None, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>Ferry sails again</h1>{TEXT}<div class='related'><p>4 May 2024</p></div>",
        f"<h1>Ferry sails again</h1>{TEXT}<footer><p>4 May 2024</p></footer>",
        f"<h1>Ferry sails again</h1><p>3 May 2024</p>{TEXT}<p>4 May 2024</p>",
        f"<div class='teaser'><p>4 May 2024</p><p>Ports</p><h1>Ferry sails again</h1></div>{TEXT}",
        (
            f"<time datetime='2024-05-04'></time><time datetime='2024-05-03'></time>{LABELS}"
            f"<h1>Ferry sails again</h1>{TEXT}"
        ),
        (
            f"<h1>Ferry sails again</h1>{LABELS}<span itemprop='datePublished'>4 May 2024</span>"
            f"<span itemprop='datePublished'>3 May 2024</span>{TEXT}"
        ),
    ],
)
def test_a_date_of_another_or_two_of_them_are_none(html: str) -> None:
    assert read(html).published_at is None


@pytest.mark.parametrize(
    "html",
    [
        "<p>Published: 4 May 2024 10:00 GMT</p><p>Updated: 7 May 2024 11:00 GMT</p>",
        "<p>Last updated 7 May 2024</p><p>4 May 2024</p>",
        "<p>Updated: May 7, 2024 09:00 Published: May 4, 2024 10:00</p>",
        "<p>Tuesday, 7 May 2024</p><p>Published on 4 May 2024</p>",
        "<p>Publié le 04/05/2024 à 10h31 - Mis à jour le 07/05/2024 à 09h00</p>",
        "<p>Stand: 07.05.2024 09:00 Uhr</p><p>Erstellt am 04.05.2024</p>",
        "<p>Giriş: 04.05.2024 - 10:31 Güncelleme: 07.05.2024 - 09:00</p>",
        "<p>입력 2024.05.04 10:31 수정 2024.05.07 09:00</p>",
        "<p>04.05.2024 10h31 Atualizado há 2 dias</p>",
        "<p>Updated 4 May 2024</p>",
        "<p>Out <time datetime='2024-05-04'>May 4</time>; updated <time datetime='2024-05-07'>7</time></p>",
        "<time datetime='2024-05-04'>4 May</time> <time class='updated' datetime='2024-05-07'>7 May</time>",
    ],
)
def test_the_date_of_a_change_is_not_that_of_the_publication(html: str) -> None:
    document = read(f"<h1>Ferry sails again</h1>{html}{TEXT}", "en-GB")
    assert document.published_at is not None
    assert document.published_at.value.date() == DAY.date()
    assert html[3:10] not in " ".join(document.body)


def test_a_year_of_two_digits_is_read_where_the_language_begins_with_the_day() -> None:
    for written, found in (
        ("04.05.24", DAY),
        ("04/05/24", DAY),
        ("04.05.94", datetime(1994, 5, 4, tzinfo=UTC)),
    ):
        moment = read_visible(written, day_first=True)
        assert moment is not None
        assert moment.value == found
    assert read_visible("04.05.24") is None
    assert read_visible("10.04.05.24", day_first=True) is None
    text = "<p>El transbordador entre las dos islas volverá a navegar desde el lunes.</p>" * 3
    stamp = read(f"<h1>Ferry sails again</h1><p>04.05.24, 10:30</p>{text}", "es").published_at
    assert stamp is not None
    assert stamp.value == DAY


@pytest.mark.parametrize(
    ("changed", "fetched", "found"),
    [
        ("2024-05-04T12:00:00Z", None, DAY),
        (None, datetime(2024, 4, 20, tzinfo=UTC), datetime(2024, 4, 5, tzinfo=UTC)),
        (None, datetime(2024, 5, 20, tzinfo=UTC), None),
        (None, None, None),
        ("2024-08-01", None, None),
    ],
)
def test_a_date_without_an_order_is_read_by_the_last_change_or_the_fetch(
    changed: str | None, fetched: datetime | None, found: datetime | None
) -> None:
    head = "<meta property='article:published_time' content='04/05/2024 10:30 am'>"
    head += f"<meta property='article:modified_time' content='{changed}'>" if changed else ""
    page = f"<html lang='en'><head>{head}</head><body><h1>Ferry sails again</h1>{TEXT}</body></html>"
    document = parse(Page.from_bytes(page.encode(), url="https://isles.example/ferry", fetched_at=fetched))[0]
    assert (document.published_at.value if document.published_at else None) == found


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ('{"@type": "WebPage", "datePublished": "2024-05-04T10:00:00Z"}', True),
        # that of this page, where several are described
        (
            (
                '{"@type": "WebPage", "url": "/ferry", "datePublished": "2024-05-04"},'
                '{"@type": "WebPage", "url": "/port", "datePublished": "2024-05-02"}'
            ),
            True,
        ),
        (
            (
                '{"@type": "WebPage", "datePublished": "2024-05-04"},'
                '{"@type": "ItemPage", "datePublished": "2024-05-02"}'
            ),
            False,
        ),
        ('{"@type": "CollectionPage", "datePublished": "2024-05-04"}', False),
        ('{"@type": "WebSite", "datePublished": "2024-05-04"}', False),
    ],
)
def test_the_date_of_the_page_stands_in_for_the_article_s(items: str, found: bool) -> None:
    script = f"<script type='application/ld+json'>[{items}]</script>"
    stamp = read(f"{script}<h1>Ferry sails again</h1>{TEXT}").published_at
    assert (stamp is not None and stamp.value.date() == DAY.date()) is found
    assert (stamp is None) is not found


OWN = "<meta itemprop='datePublished' content='2024-05-04T10:00:00Z'>"
OTHER = "<meta itemprop='datePublished' content='2024-01-01'><meta itemprop='author' content='Another'>"
VISIBLE = "<h1>Ferry sails again</h1><p>4 May 2024</p>"


def cards(count: int, element: str = "div class='card'") -> str:
    """Return teasers that name their own date and author."""
    end = element.partition(" ")[0]
    return "".join(
        f"<{element}>{OTHER}<h3><a href='/{i}'>Harbour number {i} is dredged again</a></h3></{end}>"
        for i in range(count)
    )


@pytest.mark.parametrize(
    "html",
    [
        f"{VISIBLE}{TEXT}{cards(4)}",
        f"{VISIBLE}{TEXT}{cards(1)}",
        f"<article>{VISIBLE}{TEXT}{cards(2)}</article>",
        f"{cards(3)}{VISIBLE}{TEXT}",
        f"{VISIBLE}<div class='related'>{OTHER}<p>Harbour is dredged</p></div>{TEXT}",
        f"{VISIBLE}{TEXT}<div class='comment'>{OTHER}<p>It was never about the ferry at all.</p></div>",
        f"<article>{VISIBLE}{TEXT}<div class='comment'>{OTHER}</div></article>",
        f"<article>{OWN}<h1>Ferry sails again</h1>{TEXT}</article>{cards(2, 'article')}",
    ],
)
def test_a_date_and_an_author_that_another_element_names_are_not_the_article_s(html: str) -> None:
    document = read(html)
    assert document.published_at is not None
    assert document.published_at.value.date() == DAY.date()
    assert not document.authors


@pytest.mark.parametrize(
    "html",
    [
        f"<article>{OWN}<h1>Ferry sails again</h1>{TEXT}</article>",
        f"<article><h1>Ferry sails again</h1>{TEXT}{OWN}</article>",
        f"<article><h1>Ferry sails again</h1>{TEXT}<div>{OWN}</div></article>",
        f"<article><header><h1>Ferry sails again</h1>{OWN}</header><div>{TEXT}</div></article>",
        f"<h1>Ferry sails again</h1><div class='byline'>{OWN}By one of us</div>{TEXT}{cards(4)}",
        f"<div class='sidebar'><article>{OWN}<h1>Ferry sails again</h1>{TEXT}</article></div>",
        f"{OWN}<h1>Ferry sails again</h1>{TEXT}{cards(1)}",
        f"<h1>Ferry sails again</h1>{TEXT}{OWN.replace('-04T10:00:00Z', '-04')}{OWN}",
    ],
)
def test_the_date_that_the_article_s_own_element_names_is_read(html: str) -> None:
    stamp = read(html).published_at
    assert stamp is not None
    assert stamp.source == "meta"
    assert stamp.value.date() == DAY.date()


def test_two_days_in_one_article_are_none() -> None:
    assert read(f"<article><h1>Ferry sails again</h1>{OWN}{OTHER}{TEXT}</article>").published_at is None


def test_a_meta_of_the_head_is_the_page_s() -> None:
    page = f"<html lang='en'><head>{OWN}</head><body><h1>Ferry sails again</h1>{TEXT}</body></html>"
    stamp = parse(Page.from_bytes(page.encode(), url="https://www.islands.example/ferry"))[0].published_at
    assert stamp is not None
    assert stamp.value.date() == DAY.date()
