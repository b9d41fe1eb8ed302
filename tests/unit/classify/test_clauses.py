"""Sentences and clauses over tokens."""

from __future__ import annotations

from streams.classify.clauses import clauses, sentences
from streams.classify.tokens import tokenize


def pieces(text: str) -> list[str]:
    tokens = tokenize(text)
    return [text[tokens[a].start : tokens[b - 1].end] for a, b in sentences(text, tokens)]


def parts(text: str) -> list[str]:
    tokens = tokenize(text)
    return [text[tokens[c.start].start : tokens[c.end - 1].end] for c in clauses(tokens, 0, len(tokens))]


def test_lines_and_full_stops_end_sentences() -> None:
    assert pieces("Oil falls\nTraders wait. Ports reopen") == ["Oil falls", "Traders wait.", "Ports reopen"]


def test_abbreviations_do_not() -> None:
    assert pieces("Gen. Rossi met Mr. Kim in the U.S. on Monday") == [
        "Gen. Rossi met Mr. Kim in the U.S. on Monday"
    ]


def test_joining_words_open_clauses() -> None:
    assert parts("Peru protests after Chile closes border") == ["Peru protests", "after Chile closes border"]


def test_a_spaced_dash_divides_but_a_hyphen_does_not() -> None:
    assert parts("Cease-fire holds - governor") == ["Cease-fire holds", "governor"]


def test_a_condition_is_marked() -> None:
    tokens = tokenize("Oslo will answer if Riga attacks")
    assert [c.condition for c in clauses(tokens, 0, len(tokens))] == [False, True]
