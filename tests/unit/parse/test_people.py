"""Authors' names, freed from bylines and not from their own first words."""

from __future__ import annotations

import time

import pytest

from streams.parse import Page, parse
from streams.parse.people import is_byline, names


@pytest.mark.parametrize(
    "name",
    [
        "De Luca Antonio",
        "Di Zhang",
        "Von Hammerstein",
        "Da Silva Maria",
        "Oleh Kiper",
        "Par Parekh",
        "de la Cruz",
    ],
)
def test_metadata_s_names_keep_their_first_word(name: str) -> None:
    assert names([name]) == (name,)
    assert names([f"By {name}"]) == (name,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Von Anna Weber", ("Anna Weber",)),
        ("von der Leyen", ("von der Leyen",)),
        ("Von Hammerstein, Carl", ("Von Hammerstein", "Carl")),
        ("Anna Li and Di Zhang", ("Anna Li", "Di Zhang")),
        ("Anna Li, Senior Correspondent and Peter Osei, Reporter", ("Anna Li", "Peter Osei")),
        ("Anne Petit, correspondante à Bruxelles", ("Anne Petit",)),
        ("Anna Li - Jakarta Correspondent", ("Anna Li",)),
        ("Health reporter Anna Li and Tom Roe", ("Health reporter Anna Li", "Tom Roe")),
        ("Staff Reporter", ("Staff Reporter",)),
        ("Anna Li/Peter Osei", ("Anna Li", "Peter Osei")),
        ("Ben Ray (earlier)", ("Ben Ray",)),
        ("AP/Reuters", ("AP/Reuters",)),
        ("Bund 90/Die Linden", ("Bund 90/Die Linden",)),
        ("Robert E Lee", ("Robert E Lee",)),
        ("ANA GÓMEZ Y LUIS PÉREZ", ("ANA GÓMEZ", "LUIS PÉREZ")),
        ("By", ()),
        ("admin", ()),
        ("https://social.example/press/anna", ()),
    ],
)
def test_bylines_in_metadata(text: str, expected: tuple[str, ...]) -> None:
    assert names([text]) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Anna Li and Di Zhang", ("Anna Li", "Di Zhang")),
        ("By Anna Li and Di Zhang in New York", ("Anna Li", "Di Zhang")),
        ("By Anna Li in Rome and Peter Osei in Kyiv", ("Anna Li", "Peter Osei")),
        ("By Anna Li in Rome, Peter Osei", ("Anna Li", "Peter Osei")),
        ("Von Anna Weber in Frankfurt am Main", ("Anna Weber",)),
        ("By Anna Li @anna_li", ("Anna Li",)),
        ("Anna Li (Twitter: @annali)", ("Anna Li",)),
        ("By Anna Li • @annali", ("Anna Li",)),
        ("By Anna Li (@anna.li)", ("Anna Li",)),
        ("By Anna Li @annali.bsky.example", ("Anna Li",)),
        ("By Anna Li @anna@social.example", ("Anna Li",)),
        ("Von Anna Weber und Jan Kraus", ("Anna Weber", "Jan Kraus")),
        ("Von: Anna Weber", ("Anna Weber",)),
        ("Par Anne Petit avec AFP", ("Anne Petit avec AFP",)),
        ("di Marco Rossi", ("Marco Rossi",)),
        ("Oleh Budi Santoso", ("Budi Santoso",)),
        ("Di Zhang", ("Di Zhang",)),
        ("Oleh Kiper", ("Oleh Kiper",)),
        ("Von dpa", ("dpa",)),
        ("Text: Anna Weber", ("Anna Weber",)),
        ("Ein Kommentar von Anna Weber", ("Anna Weber",)),
        ("Escrito por Ana Gómez", ("Ana Gómez",)),
        ("Авторы: Анна Ли и Пётр Осин", ("Анна Ли", "Пётр Осин")),
        ("بقلم: أحمد علي", ("أحمد علي",)),
        ("記者 山田太郎", ("山田太郎",)),
        ("김철수 기자", ("김철수",)),
        ("Geschrieben von Anna Weber", ("Anna Weber",)),
        ("Posted by Anna Li", ("Anna Li",)),
        ("5 March 2024, von Anna Weber", ("Anna Weber",)),
        ("Anna Li | March 5, 2024 at 10:31 am", ("Anna Li",)),
        ("Anna Li - 5 March 2024 - 3 min read", ("Anna Li",)),
    ],
)
def test_visible_bylines(line: str, expected: tuple[str, ...]) -> None:
    assert names([line], visible=True) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Von der Leyen in Kiew eingetroffen",
        "Di Maio in Libia incontra Haftar",
        "By Train in Europe",
        "By Monday in Rome all left",
    ],
)
def test_a_line_that_tells_something_is_no_byline(line: str) -> None:
    assert not is_byline(line)


@pytest.mark.parametrize("line", ["Follow @annali", "Contact @annali on Telegram", "Twitter: @annali"])
def test_an_account_alone_is_no_author(line: str) -> None:
    assert names([line], visible=True) == ()


def test_bylines_on_the_page() -> None:
    story = "<p>The harbour authority reopened the port on Monday, three days after the storm had come.</p>"
    page = f'<h1>Port reopens</h1><p class="byline">Von Anna Weber</p>{story * 3}'
    assert parse(Page.from_bytes(page.encode(), url="https://press.example/x"))[0].authors == ("Anna Weber",)


STORY = "<p>The harbour authority reopened the port on Monday, three days after the storm had come.</p>" * 3


def authors_of(head: str, above: str) -> tuple[str, ...]:
    page = f"<html><head>{head}</head><main><h1>Port reopens</h1>{above}<div>{STORY}</div></main></html>"
    return parse(Page.from_bytes(page.encode(), url="https://www.lake-times.example/port"))[0].authors


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<div><span class='author-by'>By</span> <a class='author' rel='author'>Anna Li</a></div>",
            ("Anna Li",),
        ),
        ("<ul><li class='author'>Anna Li</li><li class='author'>Di Zhang</li></ul>", ("Anna Li", "Di Zhang")),
        (
            "<p>Par <span class='author'>Anna Li</span> et <span class='author'>Di Zhang</span></p>",
            ("Anna Li", "Di Zhang"),
        ),
        ("<p>By Anna Li</p>", ("Anna Li",)),
        ("<p class='byline'>By Anna Li | March 5, 2024 at 10:31 am</p>", ("Anna Li",)),
        ("<p class='auteur'>Par Anne Petit, correspondante à Bruxelles</p>", ("Anne Petit",)),
        ("<div><span class='byline'>Par</span></div><div>Bob Fischer</div>", ("Bob Fischer",)),
        ("<div>2024年03月05日 14:31 来源：湖报 作者：王明</div>", ("王明",)),
        ("<p>By the sea, a port reopens</p>", ()),
    ],
)
def test_who_signed_above_the_text(html: str, expected: tuple[str, ...]) -> None:
    assert authors_of("", html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p class='byline'>By Anna Li</p>", ("Anna Li",)),
        ("<p class='byline'>Lake Times with agencies</p>", ("Lake Times",)),
        ("", ("Lake Times",)),
    ],
)
def test_a_person_who_signed_goes_before_the_site_s_name(html: str, expected: tuple[str, ...]) -> None:
    head = "<meta name='author' content='Lake Times'><meta property='og:site_name' content='Lake Times'>"
    assert authors_of(head, html) == expected


def test_the_site_s_name_is_no_author_beside_others() -> None:
    item = '{"@type":"NewsArticle","author":[{"name":"Anna Li"},{"name":"Lake Times"}]}'
    head = "<meta property='og:site_name' content='Lake Times'>"
    assert authors_of(f"{head}<script type='application/ld+json'>{item}</script>", "") == ("Anna Li",)


def test_an_author_and_a_publisher_that_are_only_referred_to_have_their_names() -> None:
    items = (
        '{"@graph":[{"@type":"Article","author":{"@id":"https://l.example/#/p/1"},"publisher":{"@id":"#org"}},'
        '{"@type":"Person","@id":"https://l.example/#/p/1","name":"Anna Li"},'
        '{"@type":"Organization","@id":"#org","name":"Lake Times Ltd"}]}'
    )
    page = f"<script type='application/ld+json'>{items}</script><h1>Port reopens</h1>{STORY}"
    document = parse(Page.from_bytes(page.encode(), url="https://www.lake-times.example/port"))[0]
    assert (document.authors, document.publisher) == (("Anna Li",), "Lake Times Ltd")


@pytest.mark.parametrize("dump", [False, True])
def test_a_byline_above_the_first_paragraph_is_not_of_the_text(*, dump: bool) -> None:
    text = STORY.replace("</p>", "\n\n").replace("<p>", "")
    page = f"Port reopens\n\nBy Anna Li\n5 March 2024\n\n{text}"
    if not dump:
        page = f"<h1>Port reopens</h1><div><p>By Anna Li</p>{STORY}</div>"
    kind = "text/plain" if dump else "text/html"
    document = parse(Page.from_bytes(page.encode(), url="https://l.example/port", content_type=kind))[0]
    assert document.authors == ("Anna Li",)
    assert len(document.body) == STORY.count("<p>")


def test_white_space_makes_no_work() -> None:
    begun = time.process_time()
    assert names([f"a{' ' * 100_000}b"]) == ("a b",)
    assert names([f"By{' ' * 100_000}A. Writer,{chr(10) * 100_000}B. Writer"]) == ("A. Writer", "B. Writer")
    assert time.process_time() - begun < 1
