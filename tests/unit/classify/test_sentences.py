"""The invented sentences and headlines that train the models: each row is whole, and its codes are known."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from streams.classify import classify
from streams.classify.model import TYPE_HEADS
from streams.enrich import enrich
from training.rows import OWN, SENTENCES, document, read_sentences

ROWS = [row for name, *_ in SENTENCES for row in read_sentences(OWN / name)]


def test_every_row_has_a_type_classes_and_sides() -> None:
    wrong = [
        row
        for row in ROWS
        if len(row) != 5
        or row[0] not in {*TYPE_HEADS, "NONE"}
        or not re.fullmatch(r"-|[dmt]{1,3}", row[1])
        or not all(side == "-" or re.fullmatch(r"[A-Z]{3}([+][A-Z]{3})*", side) for side in row[2:4])
    ]
    assert wrong == []


def test_who_acts_together_is_the_source_alone() -> None:
    assert [row for row in ROWS if "+" in row[2] and row[2] == row[3]] == []


def test_no_sentence_stands_twice() -> None:
    texts = Counter(row[4] for row in ROWS)
    assert [text for text, count in texts.items() if count > 1] == []


def test_only_rows_with_a_class_or_at_home_have_actors() -> None:
    assert [row for row in ROWS if row[0] == "NONE" and row[1] == "-" and row[2:4] != ["-", "-"]] == []


@pytest.mark.parametrize(
    ("sentence", "trigger"),
    [
        ("Turkey bans imported wheat from Iran.", "bans"),
        ("Ukraine shells the occupied city of Donetsk.", "shells"),
    ],
)
def test_a_participle_before_a_noun_reports_no_act(sentence: str, trigger: str) -> None:
    told = {
        event.evidence[event.spans.trigger.start : event.spans.trigger.end]
        for event in classify(enrich(document(sentence)))
    }
    assert told == {trigger}
