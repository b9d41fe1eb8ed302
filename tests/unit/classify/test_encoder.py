"""The encoder, and what it says together with the linear models."""

from __future__ import annotations

import math
from unittest.mock import Mock

import pytest

from streams.classify import blend, classify, encoder, score
from streams.classify.blend import Blend
from streams.classify.model import HEADS, TYPE_HEADS
from streams.enrich import enrich
from training.rows import document

STRIKE = "Russia launches missile strike on Ukraine, killing 12 in Kyiv"
COMEDY = "Actor wins award for her role in new comedy"


def test_a_reading_has_odds_of_each_class_and_shares_of_each_type() -> None:
    reading = encoder.read(STRIKE)
    assert len(reading.classes) == len(HEADS)
    assert set(reading.types) == set(TYPE_HEADS)
    assert sum(math.exp(odds) for odds in reading.types.values()) == pytest.approx(1, abs=0.05)
    assert max(reading.types, key=lambda kind: reading.types[kind]) == "ASSAULT"
    assert max(HEADS[:3], key=lambda head: reading.classes[HEADS.index(head)]) == "military"


def test_the_same_text_is_read_the_same() -> None:
    assert encoder.read(STRIKE) == encoder.read(STRIKE)


def test_only_a_text_with_a_chance_of_a_class_is_read() -> None:
    assert score(enrich(document(STRIKE))).reading == encoder.read(STRIKE)
    unread = score(enrich(document(COMEDY)))
    assert unread.reading is None
    assert (unread.classes, unread.primary, unread.reported) == ((), "none", False)


def test_a_text_without_an_act_is_not_read_for_events(monkeypatch: pytest.MonkeyPatch) -> None:
    actless = enrich(document("The armies of Russia and Ukraine"))
    asked = Mock(wraps=encoder.read)
    monkeypatch.setattr(encoder, "read", asked)
    assert classify(actless) == ()
    asked.assert_not_called()
    assert score(actless).reading is not None
    asked.assert_called_once()


def test_a_chance_is_a_probability_of_any_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blend, "OPEN_FROM", 1e-9)
    assert score(enrich(document(COMEDY))).reading is not None


def test_both_log_odds_are_weighed() -> None:
    both = Blend(linear=0.5, encoder=2.0, offset=-1.0, threshold=0.4)
    assert both.log_odds(2.0, 3.0) == 6.0
    assert both.probability(2.0, 0.0) == 0.5


def test_every_head_has_its_blend() -> None:
    assert set(blend.shipped()) == {*HEADS, blend.GATE, blend.TYPE, blend.SOURCE, blend.TARGET}
    with pytest.raises(ValueError, match="convert"):
        blend.read("diplomacy\tmuch\t1\t0\t0.5")
