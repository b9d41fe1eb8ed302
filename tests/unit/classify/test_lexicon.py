"""The lexicon's format: what it accepts, and that each kind of fault is caught."""

from __future__ import annotations

import pytest

from streams.classify import lexicon
from streams.classify.inflect import forms
from streams.classify.plover import intensity, modes_of
from streams.classify.tokens import tokenize

GOOD = "ACCUSE\tdisapprove\t111\td\tv\tcondemn; lash … at/against"


def test_a_phrase_stands_under_each_form_of_its_first_word() -> None:
    found = lexicon.parse(GOOD)
    assert {"condemn", "condemns", "condemned", "condemning", "lash", "lashes"} <= set(found)
    assert found["condemned"][0].act.type == "ACCUSE"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ACCUSE\t-\t111\td\tv", "5 columns"),
        ("BLAME\t-\t111\td\tv\tblame", "unknown PLOVER type"),
        ("ACCUSE\taerial\t111\td\tv\tblame", "no mode"),
        ("ACCUSE\t-\t1x1\td\tv\tblame", "not a CAMEO code"),
        ("ACCUSE\t-\t11111\td\tv\tblame", "not a CAMEO code"),
        ("ACCUSE\t-\t111\tq\tv\tblame", "class is one of"),
        ("ACCUSE\t-\t111\td\tx\tblame", "pos is v or n"),
        ("ACCUSE\t-\t111\td\tv\t… on", "does not start with a word"),
        ("ACCUSE\t-\t111\td\tv\tblame; blame", "stands in line 1 already"),
        ("ACCUSE\t-\t111\td\tv\tblame; ", "empty phrase|does not start"),
    ],
)
def test_a_fault_is_named_with_its_line(line: str, reason: str) -> None:
    with pytest.raises(lexicon.LexiconError, match=rf"line 1: .*({reason})"):
        lexicon.parse(line)


def test_the_shipped_lexicon_passes_its_checker_and_knows_every_type() -> None:
    types = {phrase.act.type for phrases in lexicon.shipped().values() for phrase in phrases}
    assert len(types) == 16


def test_a_gap_holds_up_to_four_words() -> None:
    phrase = lexicon.parse("CONSULT\t-\t040\td\tv\thold … talks")["holds"][0]
    near = tokenize("holds one two three four talks")
    far = tokenize("holds one two three four five talks")
    assert lexicon.match(phrase, near, 0, len(near)) == 6
    assert lexicon.match(phrase, far, 0, len(far)) is None


def test_irregular_and_doubled_forms() -> None:
    assert ("struck", "past") in set(forms("strike"))
    assert ("banned", "past") in set(forms("ban"))
    assert ("denies", "s") in set(forms("deny"))
    assert ("striked", "past") not in set(forms("strike"))


def test_intensity_falls_back_to_the_type() -> None:
    assert intensity("RETREAT", "ceasefire") == 7.5
    assert intensity("RETREAT", None) == 6.5
    assert "drone" in modes_of("ASSAULT")
    assert modes_of("AGREE") == frozenset()


def test_phrases_with_hyphens_match_as_they_are_tokenized() -> None:
    made = lexicon.parse(
        "MOBILIZE\tweapons\t155\tm\tv\ttest-fire; declare … truce/cease-fire\n"
        "RETREAT\t-\t087\t-\tn\tpull-out\n"
    )

    def reach(text: str) -> int | None:
        tokens = tokenize(text)
        ends = (lexicon.match(phrase, tokens, 0, len(tokens)) for phrase in made.get(tokens[0].lower, ()))
        return max((end for end in ends if end), default=None)

    assert reach("test-fired a missile") == 3
    assert reach("declares a cease-fire") == 5
    assert reach("declares a truce") == 3
    assert reach("declares a cease") is None
    assert reach("pull-out of troops") == 3
