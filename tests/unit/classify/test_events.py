"""Events of single headlines: type, sides, voice, modality, and what tells none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.code_quality import document as document_of
from streams.classify import CODER_VERSION, classify, score
from streams.classify.candidates import parse
from streams.classify.choice import contexts_around
from streams.classify.events import own_sides
from streams.classify.features import MAX_CHARACTERS, coded_text, whole_sentence
from streams.classify.roles import Told
from streams.classify.tokens import span_of, tokenize
from streams.enrich import enrich
from streams.records import EVENT_CLASSES, EnrichedDocument, Event, Span, Timestamp

THURSDAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
WRITTEN = Timestamp(value=THURSDAY, precision="minute", source="test")


def enriched(headline: str, *body: str) -> EnrichedDocument:
    return enrich(replace(document_of(headline, body=body), published_at=WRITTEN))


def sides(event: Event) -> tuple[set[str | None], set[str | None]]:
    return {a.country for a in event.source}, {a.country for a in event.target}


@pytest.mark.parametrize(
    ("headline", "event_class", "source", "target"),
    [
        ("Russian missiles strike Ukraine's power grid", "military", {"RUS"}, {"UKR"}),
        ("Germany condemns Russia over sham referendums", "diplomacy", {"DEU"}, {"RUS"}),
        ("US imposes tariffs on Chinese steel imports", "trade", {"USA"}, {"CHN"}),
        ("Spain, Italy and France urge Israel to agree to ceasefire", "diplomacy", None, {"ISR"}),
    ],
)
def test_who_did_what_to_whom(
    headline: str, event_class: str, source: set[str] | None, target: set[str]
) -> None:
    found = next(e for e in classify(enriched(headline)) if e.event_class == event_class)
    assert sides(found) == (source or {"ESP", "ITA", "FRA"}, target)


def test_the_passive_turns_the_sides() -> None:
    document = enriched("Ukrainian base hit by Russian missiles")
    candidate = parse(document.document.text, document.entities).candidates[0]
    assert [m.code for m in candidate.source] == ["RUS"]
    assert [m.code for m in candidate.target] == ["UKR"]


@pytest.mark.parametrize(
    ("headline", "act", "source", "target"),
    [
        ("Israeli strike on Qatar condemned by Saudi Arabia", "strike", {"ISR"}, {"QAT"}),
        ("Israeli strike on Qatar condemned by Egypt and Jordan and Turkey", "strike", {"ISR"}, {"QAT"}),
        ("Israeli strike on Qatar condemned by Egypt and Jordan", "condemned", {"EGY", "JOR"}, {"ISR"}),
        ("Egypt condemns Israeli air strike on Qatar", "air", {"ISR"}, {"QAT"}),
        ("Egypt condemns Israel's missile attack on Qatar", "missile", {"ISR"}, {"QAT"}),
        ("Attack on Ukraine launched by Russia", "Attack", {"RUS"}, {"UKR"}),
        ("Sanctions on Russia imposed by Japan", "Sanctions", {"JPN"}, {"RUS"}),
        ("Russia kills Ukrainian troops in strike on Kharkiv", "strike", {"RUS"}, {"UKR"}),
        ("Israel targets Iranian commanders in strike on Syria", "strike", {"ISR"}, {"IRN"}),
    ],
)
def test_whose_attack_a_noun_is(headline: str, act: str, source: set[str], target: set[str]) -> None:
    document = enriched(headline)
    parsed = parse(document.document.text, document.entities)
    found = next(c for c in parsed.candidates if parsed.tokens[c.trigger.start].text == act)
    assert ({m.code for m in found.source}, {m.code for m in found.target}) == (source, target)


@pytest.mark.parametrize(
    ("headline", "modality"),
    [
        ("Poland sends tanks to Ukraine", "asserted"),
        ("Poland will send tanks to Ukraine", "future"),
        ("Poland may send tanks to Ukraine", "hypothetical"),
        ("Poland has not sent tanks to Ukraine", "negated"),
        ("Poland is about to send tanks to Ukraine", "future"),
        ("Poland, asked about Tokyo, sent tanks to Ukraine", "asserted"),
        ("Israel on May 5 bombed Hodeidah port", "asserted"),
        ("Turkey in May imposed sanctions on Israel", "asserted"),
        ("Ukraine says about 50 Russian missiles struck Kyiv", "asserted"),
        ("No. 2 Chinese diplomat visits Russia", "asserted"),
        ("No Chinese diplomat visited Russia", "negated"),
    ],
)
def test_modality(headline: str, modality: str) -> None:
    document = enriched(headline)
    moods = [c.modality for c in parse(document.document.text, document.entities).candidates]
    assert modality in moods


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dog show opens in Leeds",
        "Striker hits hat-trick in cup final",
        "Macron's dog wins over the neighbours",
        "Nurses vote on pay offer",
    ],
)
def test_none_texts_tell_no_event(text: str) -> None:
    assert score(enriched(text)).primary == "none"
    assert classify(enriched(text)) == ()


def test_without_entities_there_is_no_event() -> None:
    document = enriched("Russian missiles strike Ukraine's power grid")
    bare = EnrichedDocument(document=document.document)
    assert parse(bare.document.text, bare.entities).candidates == []


def test_an_event_carries_its_words() -> None:
    event = classify(enriched("Russian missiles strike Ukraine's power grid"))[0]
    text = "Russian missiles strike Ukraine's power grid"
    assert text[event.spans.trigger.start : event.spans.trigger.end] in event.evidence
    assert event.coder_version == CODER_VERSION
    assert event.cameo is None or event.cameo.isdigit()
    assert event.event_class in EVENT_CLASSES


def test_the_noun_claims_makes_no_speaker() -> None:
    document = enriched("Guyana rejects Venezuela's territorial claims over Essequibo")
    assert all(c.speaker == () for c in parse(document.document.text, document.entities).candidates)
    document = enriched("Moscow claims Kyiv shelled its border town")
    assert [m.code for m in parse(document.document.text, document.entities).candidates[0].speaker] == ["RUS"]


def test_an_international_body_is_no_place() -> None:
    events = classify(enriched("Canada files complaint at WTO over Chinese canola tariffs"))
    assert events
    assert all(event.place is None for event in events)


@pytest.mark.parametrize(
    ("headline", "name", "precision"),
    [
        ("Russian missiles strike Kharkiv", "Kharkiv", "city"),
        ("Ukraine says Russian troops shelled villages in the Donetsk region", "Donetsk oblast", "region"),
        ("Israeli airstrike kills five in southern Lebanon", "Lebanon", "country"),
        ("Israel strikes Beirut", "Beirut", "city"),
        ("Missiles hit Kyiv overnight", "Kyiv", "city"),
        ("Lavrov arrives in Pyongyang for talks", "Pyongyang", "city"),
        ("Moscow accuses Kyiv of shelling Belgorod", "Belgorod", "city"),
        ("Russian missiles strike Ukraine's power grid", "Ukraine", "country"),
        ("Xi Jinping visits Serbia", "Serbia", "country"),
        ("Houthi rebels fire missiles at cargo ship in Red Sea", "Red Sea", "region"),
        ("Russia fires missiles at Ukraine from Belgorod", "Ukraine", "country"),
        ("Russia launched a missile attack on Kyiv that killed at least two people", "Kyiv", "city"),
        ("Israeli tank crew killed a Reuters reporter in Lebanon", "Lebanon", "country"),
        ("Explosions in Odesa as Russia launches drones", "Odesa", "city"),
        ("Russian missiles struck Kharkiv, which killed five", "Kharkiv", "city"),
    ],
)
def test_where_an_event_took_place(headline: str, name: str, precision: str) -> None:
    event = classify(enriched(headline))[0]
    place, span = event.place, event.spans.place
    assert place is not None
    assert span is not None
    assert (place.name, place.precision, place.span) == (name, precision, None)
    assert None not in (place.lat, place.lon)
    assert headline[span.start : span.end].split(maxsplit=1)[0] == name.split(maxsplit=1)[0]


@pytest.mark.parametrize(
    "headline",
    [
        "Washington imposes sanctions on Tehran",
        "Russia condemns US over weapons for Ukraine",
        "In a statement Russia accused Ukraine of shelling the border",
        "In talks China urged Japan to respect its sovereignty",
        "In March Germany sent tanks to Ukraine",
        "Ukraine shot down 46 drones launched by Russia",
        "Egypt hosts Turkey's Erdogan for talks",
    ],
)
def test_who_acts_is_no_place(headline: str) -> None:
    events = classify(enriched(headline))
    assert events
    assert all(event.place is None for event in events)


def test_words_of_a_place_name_are_no_context() -> None:
    document = enriched("Israel sends troops into West Bank cities and imposes a tax on banks")
    parsed = parse(document.document.text, document.entities)
    assert contexts_around(parsed.candidates[0], parsed) == ("military", "economic")
    document = enriched("Israel sends troops into West Bank cities")
    parsed = parse(document.document.text, document.entities)
    assert contexts_around(parsed.candidates[0], parsed) == ("military",)


@pytest.mark.parametrize(
    ("headline", "body", "start", "words"),
    [
        (
            "China and the US to hold trade talks in Geneva next week",
            "They met on Monday.",
            "2026-11-30",
            "next week",
        ),
        ("Russian missiles hit Kharkiv on Tuesday, Poland said on Wednesday", "", "2026-11-24", "on Tuesday"),
        ("Russian missiles strike Kharkiv", "Five were killed on Tuesday.", "2026-11-24", "on Tuesday"),
        ("Russian missiles strike Kharkiv", "It was shelled on Monday and on Tuesday.", None, ""),
        ("Russian missiles strike Kharkiv", "The war began in February 2022.", None, ""),
        ("Russian missiles strike Kharkiv", "", None, ""),
    ],
)
def test_when_an_event_took_place(headline: str, body: str, start: str | None, words: str) -> None:
    document = enriched(headline, *([body] if body else []))
    event = classify(document)[0]
    date, span = event.date, event.spans.date
    assert (date.start if date else None) == start
    assert (document.document.text[span.start : span.end] if span else "") == words


def test_evidence_is_a_whole_sentence_also_where_the_coded_text_is_cut() -> None:
    filler = (
        "The foreign ministers of both countries met for the third time this year, "
        + "and they talked, " * 28
    )
    last = "after which Russia and Turkey signed an agreement on grain exports through the Black Sea."
    document = enriched("Lavrov visits Ankara", f"{filler}{last} Nothing else was said.")
    text = coded_text(document)
    assert len(text) <= MAX_CHARACTERS < len(document.document.text)
    assert document.document.text[len(text)].isspace(), "it is cut between words"
    span = span_of(tokenize(text), len(tokenize(text)) - 1, len(tokenize(text)))
    whole = whole_sentence(document, Span(start=span.start, end=span.end))
    assert document.document.text[: whole.end].endswith("through the Black Sea.")
    assert whole_sentence(document, Span(start=0, end=20)) == Span(start=0, end=20)


def test_a_further_act_is_told_by_its_own_sentence() -> None:
    document = enriched(
        "Russia accuses Poland of provocation",
        "Poland expelled two Russian diplomats. Poland's prime minister met Zelensky in Kyiv.",
    )
    told = [(e.type, e.cameo, *sides(e)) for e in classify(document) if e.event_class == "diplomacy"]
    assert told == [
        ("ACCUSE", "1125", {"RUS"}, {"POL"}),
        ("SANCTION", "161", {"POL"}, {"RUS"}),
        ("CONSULT", "040", {"POL"}, {"UKR"}),
    ]


def test_an_act_told_again_gives_its_place_and_makes_no_second_event() -> None:
    document = enriched(
        "US and China agree trade truce",
        "The United States and China agreed in Geneva on Monday to cut tariffs.",
    )
    (event,) = (e for e in classify(document) if e.event_class == "trade")
    assert event.evidence == "US and China agree trade truce"
    assert event.place is not None
    assert event.date is not None
    assert (event.place.name, event.date.start) == ("Geneva", "2026-11-23")
    assert event.spans.place is not None
    assert document.document.text[event.spans.place.start : event.spans.place.end] == "Geneva"


def test_another_way_of_acting_is_told_beside() -> None:
    document = enriched(
        "Norway offers to mediate between Colombia and dissident group",
        "A delegation from Oslo arrived in Bogota for what officials called exploratory conversations",
    )
    assert [e.mode for e in classify(document) if e.event_class == "diplomacy"] == ["third-party", "visit"]


def test_who_attacks_together_is_told_together() -> None:
    document = enriched("Turkey condemns US and Israeli air strikes on Syria")
    strike = next(
        c for c in parse(document.document.text, document.entities).candidates if not c.trigger.act.verb
    )
    told = Told(
        parse(document.document.text, document.entities),
        strike,
        "military",
        "ASSAULT",
        (strike.source, strike.target),
    )
    source, target = own_sides(told, strike.trigger.act)
    assert ([m.code for m in source], [m.code for m in target]) == (["USA", "ISR"], ["SYR"])


def test_saying_is_no_further_event() -> None:
    document = enriched(
        "Poland asks US to station nuclear weapons on its territory",
        "President Andrzej Duda told the Financial Times that Washington could move warheads to Poland.",
    )
    told = {e.evidence for e in classify(document) if e.event_class == "diplomacy"}
    assert told == {"Poland asks US to station nuclear weapons on its territory"}


@pytest.mark.parametrize(
    ("headline", "named", "role"),
    [
        ("Chinese foreign minister Wang Yi visits Pyongyang", "Wang Yi", "GOV"),
        ("Russia's new envoy Ivan Petrov visits Pyongyang", "Ivan Petrov", "GOV"),
        ("Colombia's ELN rebels agree to halt attacks", "ELN", "REB"),
        ("Turkish troops enter Syria", "Türkiye", "MIL"),
    ],
)
def test_an_actor_is_called_by_the_name_that_its_state_stands_before(
    headline: str, named: str, role: str
) -> None:
    (source,) = classify(enriched(headline))[0].source
    assert (source.name, source.role) == (named, role)


def test_who_is_killed_in_a_city_is_the_target_rather_than_the_city() -> None:
    event = classify(
        enriched(
            "Israel kills Hezbollah commander in Beirut",
            "Israel struck a building in Beirut on Friday. Hezbollah fired rockets at northern Israel. "
            "Iran condemned the Israeli strike.",
        )
    )[0]
    assert [(a.name, a.role) for a in event.target] == [("Hezbollah", "REB")]
    assert event.place is not None
    assert event.place.name == "Beirut"


def test_the_first_act_of_a_class_in_a_later_sentence_is_a_further_one() -> None:
    document = enriched(
        "China sanctions US firms over Taiwan arms sales",
        "Beijing sanctioned 13 US defence firms. Taiwan thanked the United States for the arms.",
    )
    told = [(e.type, *sides(e)) for e in classify(document) if e.evidence.startswith("Taiwan")]
    assert told == [("SUPPORT", {"TWN"}, {"USA"})]


def test_a_further_act_has_the_class_of_its_own_sentence_or_is_none() -> None:
    document = enriched(
        "Russia launches 267 drones at Ukraine", "Kyiv was hit. Britain announced new sanctions on Russia."
    )
    assert [
        e.type for e in classify(document) if e.event_class == "military" and "Britain" in e.evidence
    ] == []


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (
            "Israel recalls envoy from Spain; Spain expels Israeli diplomats",
            [("SANCTION", {"ISR"}, {"ESP"}), ("SANCTION", {"ESP"}, {"ISR"})],
        ),
        (
            "Russia shells Kharkiv; Poland condemns Moscow; China urges talks with Ukraine",
            [
                ("ASSAULT", {"RUS"}, {"UKR"}),
                ("ACCUSE", {"POL"}, {"RUS"}),
                ("REQUEST", {"CHN"}, {"UKR"}),
            ],
        ),
    ],
)
def test_a_semicolon_parts_events(
    headline: str, expected: list[tuple[str, set[str | None], set[str | None]]]
) -> None:
    assert [(e.type, *sides(e)) for e in classify(enriched(headline))] == expected
