"""When an event took place: which of the days that a text names is its own, and which is to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from streams.classify.candidates import parse
from streams.classify.when import when_told
from streams.enrich import enrich
from streams.records import PloverType, Timestamp
from training.rows import document as document_of

WEDNESDAY = datetime(2025, 3, 12, 9, tzinfo=UTC)


def told(text: str, act: str, told_as: PloverType | None = None) -> tuple[str, str | None]:
    """Return the modality and the first day of the act that opens with a word."""
    headline, _, summary = text.partition("\n")
    written = Timestamp(value=WEDNESDAY, precision="minute", source="test")
    document = enrich(replace(document_of(headline, summary or None), published_at=written))
    parsed = parse(document.document.text, document.entities)
    candidate = next(c for c in parsed.candidates if parsed.tokens[c.trigger.start].text == act)
    modality, _, date = when_told(candidate, told_as or candidate.trigger.act.type, parsed, document)
    return modality, date.start if date else None


@pytest.mark.parametrize(
    ("text", "act", "start"),
    [
        ("Xi meets Putin in Moscow ahead of talks in April", "meets", None),
        ("Xi met Putin in Moscow on Monday ahead of talks in April", "met", "2025-03-10"),
        ("Biden called Netanyahu after Hamas attack on Saturday", "called", None),
        ("Biden called Netanyahu after Hamas attack on Saturday", "attack", "2025-03-08"),
        ("Russia bombed Kharkiv after midnight on Saturday", "bombed", "2025-03-08"),
        ("Russia bombed Kharkiv on Monday; Ukraine struck Belgorod", "struck", None),
        ("Erdogan meets Zelensky in Ankara, will visit Moscow in April", "meets", None),
        ("Erdogan meets Zelensky in Ankara, will visit Moscow in April", "visit", "2025-04-01"),
    ],
)
def test_the_day_of_another_act_is_not_taken(text: str, act: str, start: str | None) -> None:
    assert told(text, act)[1] == start


@pytest.mark.parametrize(
    ("text", "act", "told_as", "expected"),
    [
        ("Xi visits France next week", "visits", None, ("future", "2025-03-17")),
        ("Trump meets Zelensky in Rome on April 26", "meets", None, ("future", "2025-04-26")),
        ("Trump met Zelensky in Rome on March 5", "met", None, ("asserted", "2025-03-05")),
        ("Ukraine used missiles to strike Russia on Friday", "strike", None, ("asserted", "2025-03-07")),
        ("Xi visits France tomorrow", "visits", None, ("future", "2025-03-13")),
        ("NATO agreed to send 5,000 troops to Lithuania in May", "agreed", None, ("asserted", None)),
        ("Iran rejects talks with the US next week", "rejects", None, ("asserted", None)),
        ("Russia withdraws troops from Syria by April 5", "withdraws", None, ("asserted", None)),
        ("Russia said on Monday it would withdraw troops from Syria", "withdraw", None, ("future", None)),
        ("Germany will send tanks to Ukraine in May", "send", None, ("future", "2025-05-01")),
        (
            "Russia bombs Kyiv\nRussia will attack Odesa. They met on Monday.",
            "attack",
            None,
            ("future", None),
        ),
    ],
)
def test_what_happened_has_no_day_to_come_and_what_is_to_come_no_past_one(
    text: str, act: str, told_as: PloverType | None, expected: tuple[str, str | None]
) -> None:
    assert told(text, act, told_as) == expected
