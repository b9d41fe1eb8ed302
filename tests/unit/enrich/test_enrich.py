from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.enrich import KnownActor, enrich
from streams.records import Document, EnrichedDocument, Entity, Lineage, Timestamp


def make(headline: str, *body: str) -> Document:
    return Document(
        document_id="d",
        kind="teaser",
        headline=headline,
        body=body,
        page_url="https://example.org/",
        site="example.org",
        sources={},
        lineage=Lineage(page_id="p"),
    )


def entity(enriched: EnrichedDocument, surface: str) -> Entity:
    found = [e for e in enriched.entities if e.surface == surface]
    assert found, f"{surface!r} is not among {[e.surface for e in enriched.entities]}"
    return found[0]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("China demands end to US-Taiwan military 'collusion'", ["CHN", "USA", "TWN"]),
        ("Russia's gas, the U.K.'s ports and U.S.-led forces", ["RUS", "GBR", "USA"]),
        ("Tell us who may go", []),
        ("CHAD AND CAR LEADERS MEET WHO CHIEF", ["TCD"]),
        ("russia and the uk will talk", ["RUS", "GBR"]),
        ("Roast turkey on fine china", []),
        ("Turkey backs NATO and the European Union", ["TUR", "NAT", "EUU"]),
        ("Clashes in the South China Sea", []),
        ("North Korean and South Sudanese envoys", ["PRK", "SSD"]),
        ("Russo-Ukrainian talks", ["RUS", "UKR"]),
        ("Michael Jordan retires", []),
        ("Houthis and Hamas hail pro-Russian separatists", ["YEM", "PSE", "UKR"]),
    ],
)
def test_countries_of_actors(text: str, codes: list[str]) -> None:
    assert [e.country for e in enrich(make(text)).entities if e.country] == codes


@pytest.mark.parametrize(
    ("text", "surface", "role"),
    [
        ("Russian troops leave", "Russian", "MIL"),
        ("Ukraine's new defence minister resigns", "Ukraine", "GOV"),
        ("Malian rebels advance", "Malian", "REB"),
        ("Brazilian farmers protest", "Brazilian", "AGR"),
    ],
)
def test_role_words_tell_the_sector(text: str, surface: str, role: str) -> None:
    assert entity(enrich(make(text)), surface).role == role


def test_a_person_is_the_name_alone() -> None:
    enriched = enrich(make("Russian Foreign Minister Sergey Lavrov arrived"))
    assert [e.surface for e in enriched.entities] == ["Russian", "Sergey Lavrov"]
    person = entity(enriched, "Sergey Lavrov")
    assert (person.type, person.country, person.role) == ("person", "RUS", "GOV")


@pytest.mark.parametrize(
    "text",
    [
        "Mexican Foreign Minister Marcelo Fulano spoke.",
        "Marcelo Fulano, the Mexican foreign minister, spoke.",
        "The foreign minister of Mexico, Marcelo Fulano, spoke.",
    ],
)
def test_an_unknown_person_is_found_and_learned(text: str) -> None:
    enriched = enrich(make("Fulano warns neighbours", text, "Fulano left."))
    found = [(e.surface, e.country, e.found_by) for e in enriched.entities if e.type == "person"]
    assert found == [
        ("Fulano", "MEX", "learned"),
        ("Marcelo Fulano", "MEX", "role-pattern"),
        ("Fulano", "MEX", "learned"),
    ]


def test_a_relative_of_the_learned_person_is_another() -> None:
    enriched = enrich(make("Mexican President Marcelo Fulano spoke. Laura Fulano did not."))
    assert [e.surface for e in enriched.entities if e.type == "person"] == ["Marcelo Fulano"]


def test_a_common_surname_needs_a_title() -> None:
    assert entity(enrich(make("PM Johnson resigns")), "Johnson").country == "GBR"
    assert enrich(make("Johnson wins the race")).entities == ()


@pytest.mark.parametrize(("year", "role"), [(2020, "GOV"), (2022, "GOV"), (2024, None), (None, "GOV")])
def test_an_office_holder_has_the_sector_while_in_office(year: int | None, role: str | None) -> None:
    stamp = None
    if year is not None:
        stamp = Timestamp(value=datetime(year, 6, 1, tzinfo=UTC), precision="day", source="test")
    found = entity(enrich(replace(make("Merkel speaks"), published_at=stamp)), "Merkel")
    assert (found.country, found.role) == ("DEU", role)


def test_words_in_capitals_beside_a_weak_title_are_no_person() -> None:
    enriched = enrich(make("Actor May Soon Own a Major Stake in Child Grooming Firm"))
    assert [e for e in enriched.entities if e.type == "person"] == []


def test_knowledge_from_outside_comes_last() -> None:
    known = {
        "Fulano": KnownActor(name="Marcelo Fulano", country="MEX", role="GOV"),
        "Putin": KnownActor(name="X"),
    }
    enriched = enrich(make("Fulano meets Putin"), known)
    assert entity(enriched, "Fulano").found_by == "known"
    assert entity(enriched, "Putin").country == "RUS"
    assert [e.surface for e in enrich(make("Fulano meets Putin")).entities] == ["Putin"]


_WORDS = st.sampled_from([
    "Russian", "President", "Vladimir", "Putin", "'s", "’s", "—", ",", ".", "in", "Paris", "Texas", "Georgia",
    "County", "the", "of", "U.S.", "us", "May", "5", "2022", "Gen.", "\n", "Lebanon", "Pa.", "Kyiv",
    "minister", "Straße", "İstanbul", "past", "day", "Fulano", "al-Shabaab", "\ud800", "e\u0301", "New",
    "York",
])  # fmt: skip
_TEXTS = st.one_of(st.text(), st.text(st.characters(exclude_categories=())), st.lists(_WORDS).map(" ".join))


@given(_TEXTS, st.lists(_TEXTS, max_size=2))
@settings(max_examples=300)
def test_spans_hold_their_surfaces_for_any_text(headline: str, body: list[str]) -> None:
    document = make(headline, *body)
    enriched = enrich(document)
    last = 0
    for found in enriched.entities:
        assert last <= found.span.start < found.span.end <= len(document.text)
        assert document.text[found.span.start : found.span.end] == found.surface
        last = found.span.end
    spans = [p.span for p in enriched.places] + [d.span for d in enriched.dates]
    for span in spans:
        assert span is not None
        assert 0 <= span.start < span.end <= len(document.text)
    assert enrich(document) == enriched


def test_names_with_an_initial_or_without_a_space_after_a_dot_are_one_name() -> None:
    found = enrich(make("President Joseph R. Biden visits S.Korea as N.Korea tests missile"))
    assert {"Joseph R. Biden", "S.Korea", "N.Korea"} <= {e.surface for e in found.entities}


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("Siemens", "Siemens"),
        ("Lufthansa", "Lufthansa"),
        ("BBC", "BBC"),
        ("Sinn Fein", "Sinn Fein"),
        ("UN peacekeepers", "UN peacekeepers"),
        ("African leaders", "African leaders"),
        ("AFP", "Agence France-Presse"),
    ],
)
def test_a_body_has_its_own_name(surface: str, name: str) -> None:
    found = entity(enrich(make(f"Officials wait as {surface} leave Moscow")), surface)
    assert found.name == name
