"""Sides as the encoder reads them: what it is given, what it says, and what stands beyond it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.classify import classify, encoder, roles, sides
from streams.classify.encoder import MOST_PIECES
from streams.enrich import enrich
from tests.unit.classify.test_roles import told
from training.rows import document

SPANS = [((0, 4), "s-!", "country"), ((11, 17), "-t!", "country")]
PLACES = [(0, 0), (0, 4), (5, 10), (11, 17), (17, 19), (19, 19)]  # Iraq bombs Jordan's


def test_the_words_of_act_and_mentions_are_marked() -> None:
    marked = sides.mark(PLACES, "military", (5, 10), SPANS)
    assert marked["marks"][2].tolist() == [sides.ACT_MARKS["military"], 0, 0]
    assert marked["marks"][1].tolist() == [0, sides.RULE_MARKS["s-!"], sides.KIND_MARKS["country"]]
    assert marked["marks"][[0, 4, 5]].tolist() == [[0, 0, 0]] * 3
    assert marked["act"].tolist() == [0, 0, 1, 0, 0, 0]
    assert marked["mentions"].tolist() == [[0, 1, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0]]


def test_a_mention_of_several_pieces_is_their_mean() -> None:
    marked = sides.mark(PLACES, "military", (5, 10), [((11, 19), "--", "place")])
    assert marked["mentions"].tolist() == [[0, 0, 0, 0.5, 0.5, 0]]


def test_every_mark_has_a_number_of_its_own() -> None:
    numbers = [*sides.ACT_MARKS.values(), *sides.RULE_MARKS.values(), *sides.KIND_MARKS.values()]
    assert sorted(numbers) == list(range(1, sides.MARKS))


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("Iraq bombs Jordan", "IRQ", "JOR"),
        ("Jordan bombed by Iraqi jets", "IRQ", "JOR"),
        ("Missiles from Iraq hit Jordan, Japan says", "IRQ", "JOR"),
    ],
)
def test_each_mention_has_log_odds_of_both_sides(text: str, source: str, target: str) -> None:
    act = told(text)
    read = roles.by_encoder(act, encoder.read(text))
    odds = {m.code: pair for m, pair in zip(act.parsed.mentions, read, strict=True) if pair is not None}
    assert len(odds) == len(act.parsed.mentions)
    assert max(odds, key=lambda code: odds[code][0]) == source
    assert max(odds, key=lambda code: odds[code][1]) == target


def test_without_a_reading_the_linear_weights_count_alone() -> None:
    act = told("Iraq bombs Jordan")
    assert roles.by_encoder(act, None) == [None, None]
    unread = replace(encoder.read("Iraq bombs Jordan"), states=None)
    assert roles.assign(act, unread) == roles.assign(act)


def test_what_the_encoder_says_counts() -> None:
    act = told("Iraq bombs Jordan")
    source, target = roles.side_odds(act, [(-50.0, 50.0), (50.0, -50.0)])
    assert (roles.likely(source), roles.likely(target)) == ({"JOR"}, {"IRQ"})


def test_a_mention_beyond_what_is_read_is_left_to_the_linear_weights() -> None:
    text = f"Iraq bombs Jordan {'again and ' * MOST_PIECES}in Peru"
    act = told(text)
    first, second, last = roles.by_encoder(act, encoder.read(text))
    assert first is not None
    assert second is not None
    assert last is None


def test_an_act_beyond_what_is_read_is_left_to_the_linear_weights() -> None:
    text = f"In Iraq {'again and ' * MOST_PIECES}Chad bombs Peru"
    assert roles.by_encoder(told(text), encoder.read(text)) == [None, None, None]


def test_the_same_text_has_the_same_sides() -> None:
    text = enrich(document("Ukraine says Russian missiles made with Chinese parts struck Kharkiv"))
    assert classify(text) == classify(text) != ()
