"""Texts cut to the pieces of words that the encoder knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.classify.encoder import vocabulary
from streams.classify.wordpiece import encode, words_of

SMALL = {
    piece: i
    for i, piece in enumerate(
        ["[UNK]", "[CLS]", "[SEP]", "sanction", "##s", "##ed", "un", "##rest", ".", "eu"]
    )
}


def pieces(text: str, most: int = 80) -> list[str]:
    name = {number: piece for piece, number in SMALL.items()}
    return [name[number] for number in encode(text, SMALL, most).numbers]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("EU sanctions.", ["eu", "sanction", "##s", "."]),
        ("Sanctioned unrest", ["sanction", "##ed", "un", "##rest"]),
        ("sanctionable", ["[UNK]"]),
        ("eu" * 60, ["[UNK]"]),
        ("", []),
    ],
)
def test_the_longest_known_pieces_are_taken(text: str, cut: list[str]) -> None:
    assert pieces(text) == ["[CLS]", *cut, "[SEP]"]


def test_a_long_text_keeps_its_start_and_its_end_mark() -> None:
    assert pieces("eu sanctions eu", most=4) == ["[CLS]", "eu", "sanction", "[SEP]"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Erdoğan’s plan", ["erdogan", "’", "s", "plan"]),
        ("Russian-US talks: €5bn", ["russian", "-", "us", "talks", ":", "€5bn"]),
        ("中国 says", ["中", "国", "says"]),
        ("zero\u200bwidth\x00 \ufffd", ["zerowidth"]),
        ("$5 + 5", ["$", "5", "+", "5"]),
    ],
)
def test_words_are_lower_case_without_accents_and_marks_stand_alone(text: str, words: list[str]) -> None:
    assert [word for word, _, _ in words_of(text)] == words


def test_each_word_says_where_it_stands() -> None:
    text = "ERDOĞAN’s İdea: zero\u200bwidth,  50%"
    found = [(word, text[start:end]) for word, start, end in words_of(text)]
    assert found == [
        ("erdogan", "ERDOĞAN"), ("’", "’"), ("s", "s"), ("idea", "İdea"), (":", ":"),
        ("zerowidth", "zero\u200bwidth"), (",", ","), ("50", "50"), ("%", "%"),
    ]  # fmt: skip


def test_known_words_have_the_numbers_of_the_published_vocabulary() -> None:
    assert encode("Hello world", vocabulary(), 80).numbers == [101, 7592, 2088, 102]


@given(st.text())
def test_any_text_can_be_cut(text: str) -> None:
    numbers = encode(text, vocabulary(), 80).numbers
    assert numbers[0] == vocabulary()["[CLS]"]
    assert numbers[-1] == vocabulary()["[SEP]"]
    assert len(numbers) <= 80
    assert all(0 <= number < len(vocabulary()) for number in numbers)
