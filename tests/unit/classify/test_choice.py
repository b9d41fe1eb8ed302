from __future__ import annotations

import pytest

from streams.classify.choice import settled
from streams.classify.lexicon import Act
from streams.classify.model import TYPE_HEADS
from streams.classify.plover import GENERAL_CODES
from streams.records import PloverType

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
