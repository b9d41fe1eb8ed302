"""Sides by weight: what is chosen from log odds, what a mention's features are, and the table of weights."""

from __future__ import annotations

import pytest

from streams.classify import classify, roles
from streams.classify.candidates import parse
from streams.classify.roles import BIAS, Told
from streams.enrich import enrich
from training.rows import document


def told(headline: str) -> Told:
    text = enrich(document(headline))
    parsed = parse(text.document.text, text.entities)
    candidate = parsed.candidates[0]
    return Told(parsed, candidate, "military", "ASSAULT", (candidate.source, candidate.target))


def codes(sides: roles.Sides) -> tuple[list[str], list[str]]:
    return [m.code for m in sides[0]], [m.code for m in sides[1]]


def test_nobody_is_named_without_weights() -> None:
    assert codes(roles.assign(told("Iraq bombs Jordan"), weights=({}, {}))) == ([], [])


def test_each_code_stands_where_it_is_more_likely_than_not() -> None:
    weights = ({BIAS: -1.0, "between before 0": 2.0}, {BIAS: 1.0, "between before 0": -2.0})
    assert codes(roles.assign(told("Iraq bombs Jordan"), weights=weights)) == (["IRQ"], ["JOR"])


def test_a_code_may_be_source_and_target() -> None:
    weights = ({BIAS: -1.0, "between before 0": 2.0}, {BIAS: 2.0})
    assert codes(roles.assign(told("Iraq bombs Jordan"), weights=weights)) == (["IRQ"], ["IRQ", "JOR"])


def test_a_code_is_named_once() -> None:
    found = roles.assign(told("Iraq bombs Jordan as Jordan protests"), weights=({}, {BIAS: 1.0}))
    assert codes(found) == ([], ["IRQ", "JOR"])


def test_features_do_not_name_states() -> None:
    one, other = told("Iraq bombs Jordan"), told("Chad bombs Peru")
    assert roles.features(one, 0) == roles.features(other, 0)
    assert roles.features(one, 1) != roles.features(one, 0)


@pytest.mark.parametrize(
    ("headline", "source", "target"),
    [
        ("Chad bombs Niger", {"TCD"}, {"NER"}),
        ("Village in Niger shelled by Chadian army", {"TCD"}, {"NER"}),
        ("Norway condemns Chad over shelling", {"NOR"}, {"TCD"}),
    ],
)
def test_shipped_weights(headline: str, source: set[str], target: set[str]) -> None:
    event = classify(enrich(document(headline)))[0]
    assert {a.country for a in event.source} == source
    assert {a.country for a in event.target} == target


def test_the_table_of_weights() -> None:
    assert roles.read("# words\nbias\t0.5\t-1\n\n") == ({"bias": 0.5}, {"bias": -1.0})


@pytest.mark.parametrize("line", ["bias\t0.5", "bias\tmuch\t1"])
def test_a_table_of_another_form_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|float"):
        roles.read(line)
