from __future__ import annotations

import pytest

from streams.enrich import enrich
from streams.enrich.cities import City, Part
from streams.enrich.surroundings import Surroundings
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


def test_a_county_of_one_state_has_its_point() -> None:
    (county,) = places("Rapides Parish woman charged")
    assert (county.country, county.precision, county.geonames_id) == ("USA", "region", None)
    assert county.lat == pytest.approx(31.2, abs=0.1)


@pytest.mark.parametrize(
    ("text", "lat"),
    [
        ("A trial in Greene County, Pa., ends", 39.85),
        ("A trial in Greene County, Ohio, ends", 39.69),
        ("Missouri senators visit Greene County", 37.26),
        ("A fire in Dayton, Ohio. Greene County firemen came", 39.69),
    ],
)
def test_a_state_or_a_city_of_the_text_tells_which_county_is_meant(text: str, lat: float) -> None:
    county = next(p for p in places(text) if p.name == "Greene County")
    assert county.lat == pytest.approx(lat, abs=0.02)


def test_a_county_that_a_dozen_states_have_has_no_point_where_nothing_tells_which() -> None:
    (county,) = places("Greene County woman charged")
    assert (county.country, county.precision, county.lat) == ("USA", "region", None)


def test_a_county_tells_which_of_the_namesakes_is_the_city() -> None:
    found = {
        p.name: p
        for p in places("Police in Paris said the Lamar County jail is full. Paris has 25,000 people")
    }
    assert found["Paris"].country == "USA"
    assert found["Paris"].lat == pytest.approx(33.66, abs=0.1)
    assert found["Lamar County"].lat == pytest.approx(33.67, abs=0.1)


@pytest.mark.parametrize(
    ("text", "name", "lat", "lon"),
    [
        ("Shelling in the Donetsk region", "Donetsk oblast", 48.0, 37.7),
        ("Fighting in North Waziristan", "North Waziristan", 32.9, 69.9),
        ("A ship near Snake Island", "Snake Island", 45.3, 30.2),
        ("Talks in Helmand", "Helmand", 31.4, 64.1),
    ],
)
def test_regions_have_points(text: str, name: str, lat: float, lon: float) -> None:
    (place,) = places(text)
    assert (place.name, place.precision) == (name, "region")
    assert place.lat == pytest.approx(lat, abs=1)
    assert place.lon == pytest.approx(lon, abs=1)


@pytest.mark.parametrize("text", ["Missiles hit Kharkiv region", "Missiles hit Kharkiv Oblast"])
def test_the_region_of_a_city_is_not_the_city(text: str) -> None:
    (place,) = places(text)
    assert (place.precision, place.geonames_id) == ("region", None)
    assert place.lat == pytest.approx(49.8, abs=0.3)
    assert places("Missiles hit Kharkiv")[0].precision == "city"


def test_a_sea_is_a_place_of_no_state() -> None:
    (sea,) = places("Missiles hit a cargo ship in the Red Sea")
    assert (sea.name, sea.country, sea.precision) == ("Red Sea", None, "region")
    assert sea.lat == pytest.approx(20, abs=3)
    assert places("Exercise in the Straits of Hormuz")[0].name == "Strait of Hormuz"


def test_a_town_is_believed_beside_its_country_where_no_other_country_has_one() -> None:
    assert "Lalibela" in [p.name for p in places("Ethiopian troops take Lalibela back")]
    assert places("Troops take Lalibela back") == []
    assert places("Flats Creator Strikes British Studios Deal") == []
    # Sutton is in several countries, and American names are anything.
    assert [p.name for p in places("The US star Sutton sings")] == ["United States"]


def test_a_name_is_settled_once_however_often_it_stands_there(monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[str] = []
    choose = Surroundings.choose

    def counted(self: Surroundings, namesakes: list[City], within: Part | str | None) -> City:
        settled.append(namesakes[0].name)
        return choose(self, namesakes, within)

    monkeypatch.setattr(Surroundings, "choose", counted)
    found = places("News", "A man in Springfield, United States, said so. " * 50)
    assert len({(p.lat, p.lon) for p in found if p.name == "Springfield"}) == 1
    assert sum(p.name == "Springfield" for p in found) == 50
    assert settled.count("Springfield") <= 3


def test_a_list_of_thousands_of_places_says_no_more_than_hundreds() -> None:
    around = Surroundings()
    for number in range(5000):
        around.add(City("A", "USA", "IL", float(number), 0.0, 1000, number))
        around.take([Part(f"{number} County", "USA", "IL", float(number), 0.0)])
    assert len(around.points) == len(around.counties) == 200
    assert around.countries["USA"] == 5000
