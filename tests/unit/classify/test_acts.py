"""What acts tell the models, and the gate that lets a text with a class tell an event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.classify import blend
from streams.classify.acts import act_features
from streams.classify.scores import first_look, gate_odds, read, score
from streams.enrich import enrich
from training.rows import document


def features_of(text: str) -> set[str]:
    return act_features(read(enrich(document(text))))


def test_a_text_without_an_act_says_so() -> None:
    assert features_of("Iraq in pictures") == {"!no act"}


def test_an_act_tells_its_type_its_words_and_who_stands_beside_it() -> None:
    found = features_of("Iraq bombs Jordan")
    assert {"!verb ASSAULT military", "!by bombs, <name>", "!finite ASSAULT military"} <= found
    assert "!ASSAULT military of True to True" in found
    assert not any("passive" in feature for feature in found)


def test_voice_and_modality_are_told() -> None:
    assert "!passive ASSAULT military" in features_of("Jordan was bombed by Iraq")
    assert "!negated ASSAULT military" in features_of("Iraq did not bomb Jordan")


@pytest.mark.parametrize(("threshold", "reported"), [(0.0, True), (1.1, False)])
def test_no_event_passes_a_gate_that_is_shut(
    monkeypatch: pytest.MonkeyPatch, threshold: float, reported: bool
) -> None:
    gate = replace(blend.shipped()[blend.GATE], threshold=threshold)
    monkeypatch.setitem(blend.shipped(), blend.GATE, gate)
    told = score(enrich(document("Russia launches missile strike on Ukraine, killing 12 in Kyiv")))
    assert told.classes == ("military",)
    assert told.reported is reported


def test_the_gate_counts_the_acts_at_hand() -> None:
    enriched = enrich(document("Russia launches missile strike on Ukraine, killing 12 in Kyiv"))
    counted = first_look(enriched).counted
    others = read(enrich(document("Iraq in pictures")))
    assert gate_odds(enriched, counted, read(enriched)) == gate_odds(enriched, counted)
    assert gate_odds(enriched, counted, others) != gate_odds(enriched, counted)
