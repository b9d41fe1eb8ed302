"""Which words of a clause are acts: verbs apart from nouns of the same form."""

from __future__ import annotations

import pytest

from streams.classify.lexicon import shipped
from streams.classify.scores import read
from streams.classify.triggers import VERBS_ONLY
from streams.enrich import enrich
from training.rows import document


def acts(headline: str) -> list[tuple[str, bool, list[str], list[str]]]:
    parsed = read(enrich(document(headline)))
    return [
        (
            parsed.tokens[c.trigger.start].lower,
            c.trigger.act.verb,
            [m.code for m in c.source],
            [m.code for m in c.target],
        )
        for c in parsed.candidates
    ]


@pytest.mark.parametrize(
    ("headline", "act"),
    [
        ("Jordan, Chad and Egypt condemn Israel", ("condemn", True, ["JOR", "TCD", "EGY"], ["ISR"])),
        ("Chad and Peru attack Japan at summit", ("attack", True, ["TCD", "PER"], ["JPN"])),
        ("Egypt complains to UN", ("complains", True, ["EGY"], ["UNO"])),
        ("Norway delivers to Ukraine what it owes", ("delivers", True, ["NOR"], ["UKR"])),
        ("Honduras breaks with Taiwan", ("breaks", True, ["HND"], ["TWN"])),
        ("Nigerian jets kill over 60 fighters in Chad", ("kill", True, ["NGA"], ["TCD"])),
        ("Nigerian gunmen storm village in Chad", ("storm", True, ["NGA"], ["TCD"])),
    ],
)
def test_a_verb_that_is_no_noun_needs_no_other_sign(
    headline: str, act: tuple[str, bool, list[str], list[str]]
) -> None:
    assert act in acts(headline)


@pytest.mark.parametrize(
    ("headline", "word"),
    [
        ("Russia strikes on Ukraine continue", "strikes"),
        ("Iraq attack on Jordan feared", "attack"),
        ("Chad and Peru talks with Japan stall", "talks"),
    ],
)
def test_a_word_that_may_be_a_noun_is_one_after_a_name_and_before_a_preposition(
    headline: str, word: str
) -> None:
    assert [verb for found, verb, *_ in acts(headline) if found == word] == [False]


def test_verbs_that_are_no_nouns_are_verbs_of_the_lexicon_and_no_nouns_of_it() -> None:
    verbs, nouns = set[str](), set[str]()
    for phrase in (phrase for phrases in shipped().values() for phrase in phrases):
        (verbs if phrase.act.verb else nouns).add(phrase.head)
    assert verbs >= VERBS_ONLY
    assert not VERBS_ONLY & nouns


def test_where_no_act_is_found_a_word_that_may_be_a_noun_is_read_as_a_verb() -> None:
    assert acts("Chadian minesweepers leave for Gabon") == [("leave", True, ["TCD"], ["GAB"])]


@pytest.mark.parametrize(
    ("headline", "act"),
    [
        ("Namibia forbids export of lithium to Chad", ("forbids", True, ["NAM"], ["TCD"])),
        ("Peru to photograph islets of Chile", ("photograph", True, ["PER"], ["CHL"])),
    ],
)
def test_where_the_lexicon_has_no_act_the_verb_after_a_name_is_one(
    headline: str, act: tuple[str, bool, list[str], list[str]]
) -> None:
    assert acts(headline) == [act]


@pytest.mark.parametrize(
    "headline",
    [
        "Peru to Chile: hands off",
        "Chad ministers in Gabon",
        "Peru is where Chile was",
        "Chad's towers of Gabon",
    ],
)
def test_not_every_word_after_a_name_is_a_verb(headline: str) -> None:
    assert acts(headline) == []


def test_a_verb_that_the_lexicon_does_not_have_is_read_only_where_it_has_none() -> None:
    assert [word for word, *_ in acts("Namibia forbids exports after Chad attacks Peru")] == [
        "exports",
        "attacks",
    ]
