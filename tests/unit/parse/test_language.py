"""The language that a text bears out, whatever the page declares."""

from __future__ import annotations

import pytest

from streams.parse.language import detect

ENGLISH = (
    "The port was reopened on Monday, three days after the storm, and ships that wait for it are let in."
)
GREEK = "Το λιμάνι άνοιξε ξανά τη Δευτέρα, τρεις ημέρες μετά την καταιγίδα, ανακοίνωσε η λιμενική αρχή."
JAPANESE = "港は嵐の三日後の月曜日に再開された、と港湾当局が発表した。最初に入るのは果物を積んだ船だという。"


@pytest.mark.parametrize("declared", ["zh", "ja", "ko", "el", "he", "th", "ka", "de", "ru"])
def test_a_declared_language_that_the_text_is_not_in_is_overruled(declared: str) -> None:
    assert detect(ENGLISH * 3, declared) == ("en", "words")
    assert detect(f"{ENGLISH * 3} Xi Jinping (习近平) said so.", declared) == ("en", "words")


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        (GREEK, "el"),
        (JAPANESE, "ja"),
        (f"{ENGLISH} {GREEK[:40]}", "el"),  # a quotation in another language
        ("Port reopened", "zh"),
        ("Goldman Sachs, Deutsche Bank, JPMorgan Chase, Morgan Stanley", "ja"),
        (ENGLISH, "fy"),  # not told apart here
        (ENGLISH, "en"),
    ],
)
def test_what_the_text_leaves_open_is_as_declared(text: str, declared: str) -> None:
    assert detect(text, declared) == (declared, "declared")
