"""Authors' names, freed from bylines and not from their own first words."""

from __future__ import annotations

import time

import pytest

from streams.parse import Page, parse
from streams.parse.people import names


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
    ],
)
def test_bylines_in_metadata(text: str, expected: tuple[str, ...]) -> None:
    assert names([text]) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Anna Li and Di Zhang", ("Anna Li", "Di Zhang")),
        ("Von Anna Weber und Jan Kraus", ("Anna Weber", "Jan Kraus")),
        ("Von: Anna Weber", ("Anna Weber",)),
        ("Par Anne Petit avec AFP", ("Anne Petit avec AFP",)),
        ("di Marco Rossi", ("Marco Rossi",)),
        ("Oleh Budi Santoso", ("Budi Santoso",)),
        ("Di Zhang", ("Di Zhang",)),
        ("Oleh Kiper", ("Oleh Kiper",)),
        ("Von dpa", ("dpa",)),
        ("Text: Anna Weber", ("Anna Weber",)),
    ],
)
def test_visible_bylines(line: str, expected: tuple[str, ...]) -> None:
    assert names([line], visible=True) == expected


def test_bylines_on_the_page() -> None:
    story = "<p>The harbour authority reopened the port on Monday, three days after the storm had come.</p>"
    page = f'<h1>Port reopens</h1><p class="byline">Von Anna Weber</p>{story * 3}'
    assert parse(Page.from_bytes(page.encode(), url="https://press.example/x"))[0].authors == ("Anna Weber",)


def test_white_space_makes_no_work() -> None:
    begun = time.process_time()
    assert names([f"a{' ' * 100_000}b"]) == ("a b",)
    assert names([f"By{' ' * 100_000}A. Writer,{chr(10) * 100_000}B. Writer"]) == ("A. Writer", "B. Writer")
    assert time.process_time() - begun < 1
