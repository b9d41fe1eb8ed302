"""Whether an event is said to have happened: questions, what is governed, what is refused."""

from __future__ import annotations

import pytest

from streams.classify.candidates import parse
from streams.classify.mood import mood_of
from streams.enrich import enrich
from streams.records import PloverType
from training.rows import document as document_of


def told(headline: str, act: str, told_as: PloverType | None = None) -> tuple[str, str]:
    """Return the modality of the act that opens with a word, as the type of the lexicon or another."""
    document = enrich(document_of(headline))
    parsed = parse(document.document.text, document.entities)
    candidate = next(c for c in parsed.candidates if parsed.tokens[c.trigger.start].text == act)
    return mood_of(candidate, told_as or candidate.trigger.act.type, parsed)


@pytest.mark.parametrize(
    ("headline", "act", "modality"),
    [
        ("Was Iran behind the attack on Saudi tankers?", "attack", "hypothetical"),
        ("US lifts ban on Huawei? Not so fast", "lifts", "hypothetical"),
        ("Trump meets Putin: will Ukraine be sold out?", "meets", "asserted"),
        ("Why did Turkey attack Syria?", "attack", "asserted"),
        ("Turkey attacks Syria. Will Russia respond?", "attacks", "asserted"),
    ],
)
def test_what_is_asked_is_not_asserted(headline: str, act: str, modality: str) -> None:
    assert told(headline, act)[0] == modality


@pytest.mark.parametrize(
    ("headline", "act", "modality"),
    [
        ("Russia continues to bomb Ukrainian cities", "bomb", "asserted"),
        ("Ukraine managed to destroy a Russian depot", "destroy", "asserted"),
        ("Iran used drones to attack Israel", "attack", "asserted"),
        ("Russia forced Ukraine to withdraw troops", "withdraw", "asserted"),
        ("Germany declines to send tanks to Ukraine", "send", "negated"),
        ("Germany plans to send tanks to Ukraine", "send", "future"),
        ("Germany to send tanks to Ukraine", "send", "future"),
        ("Flights cancelled in Poland due to Russian drone attack on Ukraine", "drone", "asserted"),
        ("Xi is due to visit France", "visit", "future"),
        ("Xi is due in Paris for talks with Macron", "talks", "future"),
        ("Germany said it would send tanks to Ukraine", "send", "future"),
        ("Germany said it would send tanks to Ukraine if asked", "send", "hypothetical"),
        ("Germany would send tanks to Ukraine", "send", "hypothetical"),
    ],
)
def test_the_verb_that_governs_an_act_counts(headline: str, act: str, modality: str) -> None:
    assert told(headline, act)[0] == modality


@pytest.mark.parametrize(
    ("headline", "act", "told_as", "modality"),
    [
        ("Germany refuses to deliver missiles to Ukraine", "deliver", "REJECT", "asserted"),
        ("Poland will not impose sanctions on Russia", "impose", "REJECT", "asserted"),
        ("China vows to attack Taiwan", "attack", "THREATEN", "asserted"),
        ("Lavrov will not attend G20 summit in Brazil", "not", None, "asserted"),
        ("Germany to reject Russian offer", "reject", None, "future"),
        ("Could Russia attack NATO?", "attack", "THREATEN", "hypothetical"),
        ("Russia may attack Poland", "attack", "THREATEN", "hypothetical"),
    ],
)
def test_a_refusal_or_a_threat_is_told_now(
    headline: str, act: str, told_as: PloverType | None, modality: str
) -> None:
    assert told(headline, act, told_as)[0] == modality
