from __future__ import annotations

import pytest

from streams.classify.candidates import parse
from streams.classify.choice import Choice, each_its_own, settled
from streams.classify.lexicon import Act
from streams.classify.model import TYPE_HEADS
from streams.classify.plover import GENERAL_CODES
from streams.enrich import enrich
from streams.records import EventClass, PloverType
from training.rows import document

HIT = Act(type="ASSAULT", mode="firearms", cameo="190", event_class="military", verb=True)


def odds(best: PloverType, by: float) -> dict[PloverType, float]:
    return dict.fromkeys(TYPE_HEADS, -5.0) | {"ASSAULT": 0.0, best: by}


@pytest.mark.parametrize(
    ("best", "code"), [("SANCTION", "160"), ("RETREAT", "080"), ("ACCUSE", None), ("REQUEST", None)]
)
def test_an_overruled_type_has_its_general_code(best: PloverType, code: str | None) -> None:
    act = settled(HIT, odds(best, 2.0))
    assert (act.type, act.mode, act.cameo) == (best, None, code)


def test_an_act_keeps_its_type_where_another_is_hardly_surer() -> None:
    assert settled(HIT, odds("SANCTION", 0.1)) == HIT


def test_general_codes_are_of_types() -> None:
    assert set(GENERAL_CODES) < set(TYPE_HEADS)


@pytest.mark.parametrize(
    ("text", "acts", "classes", "further"),
    [
        (
            "Egypt condemns Israeli strike on Qatar",
            ("condemns", "strike"),
            ("diplomacy", "military"),
            (False, True),
        ),
        (
            "Israeli strike on Qatar condemned by Egypt",
            ("condemned", "strike"),
            ("diplomacy", "military"),
            (False, True),
        ),
        # Whom it warns against what has no actor of its own; neither has what may happen.
        (
            "US warns China against invading Taiwan",
            ("warns", "invading"),
            ("diplomacy", "military"),
            (False, False),
        ),
        (
            "Egypt condemns Israeli plan to bomb Qatar",
            ("condemns", "bomb"),
            ("diplomacy", "military"),
            (False, False),
        ),
        # Of one class one is the main act, whatever its type.
        (
            "Iran condemns Israel. Norway praises Sweden.",
            ("condemns", "praises"),
            ("diplomacy", "diplomacy"),
            (False, False),
        ),
    ],
)
def test_the_type_of_one_act_is_not_told_of_another_of_another_class(
    text: str, acts: tuple[str, str], classes: tuple[EventClass, EventClass], further: tuple[bool, bool]
) -> None:
    parsed = parse(text, enrich(document(text)).entities)
    found = [next(c for c in parsed.candidates if parsed.tokens[c.trigger.start].text == act) for act in acts]
    choices = [Choice(k, c, further=False, apart=True) for k, c in zip(classes, found, strict=True)]
    read = dict.fromkeys(TYPE_HEADS, -5.0) | {found[0].trigger.act.type: 0.0}
    told = {choice.candidate.trigger.start: choice.further for choice in each_its_own(choices, read)}
    assert [told[candidate.trigger.start] for candidate in found] == list(further)
