from __future__ import annotations

import pytest

from streams.enrich import enrich
from streams.records import Document, Lineage, Place


def places(headline: str, *body: str) -> list[Place]:
    document = Document(
        document_id="d",
        kind="article",
        headline=headline,
        body=body,
        page_url="https://example.org/",
        site="example.org",
        sources={},
        lineage=Lineage(page_id="p"),
    )
    return list(enrich(document).places)


@pytest.mark.parametrize(
    ("text", "name", "code", "lat"),
    [
        ("A summit in Erfurt, Germany", "Erfurt", "DEU", 50.98),
        ("A fire in Paris, Texas", "Paris", "USA", 33.66),
        ("Macron returns to Paris", "Paris", "FRA", 48.85),
        ("A fire in Springfield, Ill., on Monday", "Springfield", "USA", 39.80),
        ("Students met in Athens, Georgia", "Athens", "USA", 33.96),
        ("Talks in Brussels", "Brussels", "BEL", 50.85),
        ("Police in London, Ontario", "London", "CAN", 42.98),
    ],
)
def test_namesakes_are_told_apart(text: str, name: str, code: str, lat: float) -> None:
    first = places(text)[0]
    assert (first.name, first.country, first.precision) == (name, code, "city")
    assert first.lat == pytest.approx(lat, abs=0.1)
    assert first.geonames_id is not None


@pytest.mark.parametrize(
    "text",
    ["Reading is fun", "A Nice day", "Mobile phones rise", "The Boston Celtics win", "Jack London wrote it"],
)
def test_a_name_in_the_list_of_cities_is_no_evidence(text: str) -> None:
    assert places(text) == []


def test_georgia_is_a_state_beside_atlanta_and_a_country_beside_russia() -> None:
    assert places("Georgia votes, says the governor in Atlanta")[-1].country == "USA"
    assert [p.country for p in places("Georgia seeks peace with Russia")] == ["GEO", "RUS"]


def test_an_unknown_place_drops_no_other() -> None:
    assert [p.name for p in places("Fights in Qwertystan, Kharkiv and Zxcvograd")] == ["Kharkiv"]


def test_a_county_is_of_its_country_without_a_point() -> None:
    (county,) = places("Rapides Parish woman charged")
    assert (county.country, county.precision, county.lat) == ("USA", "region", None)
