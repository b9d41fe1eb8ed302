from __future__ import annotations

from importlib.resources import files

import pytest

from streams.enrich.check import TABLES, Row, row_problems
from streams.enrich.tables import read_lines
from streams.errors import ConfigurationError

CODES = frozenset({"RUS", "USA"})


def test_every_table_has_its_check() -> None:
    shipped = {f.name for f in files("streams.enrich").joinpath("data").iterdir() if f.name.endswith(".tsv")}
    assert shipped == set(TABLES)


def leader(**changes: str) -> Row:
    row = {"names": "A|B", "code": "RUS", "role": "GOV", "office": "president", "from": "2000", "to": ""}
    return row | changes


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (leader(names="A||B"), "empty"),
        (leader(names="A|A"), "twice"),
        (leader(names=" A"), "unstripped"),
        (leader(code="XYZ"), "code"),
        (leader(role="BOSS"), "sector"),
        (leader(to="1999"), "out of order"),
        (leader(to="now"), "not a year"),
        (leader(qid="42"), "Wikidata"),
        (leader(type="thing"), "entity type"),
    ],
)
def test_the_checker_finds_a_wrong_row(row: Row, complaint: str) -> None:
    assert list(row_problems("leaders.tsv", leader(), CODES)) == []
    (problem,) = row_problems("leaders.tsv", row, CODES)
    assert complaint in problem


@pytest.mark.parametrize(("lat", "complaint"), [("91", "globe"), ("north", "not a point")])
def test_the_checker_finds_a_wrong_point(lat: str, complaint: str) -> None:
    row = {"name": "X", "code": "RUS", "lat": lat, "lon": "0", "population": "", "geonames": ""}
    (problem,) = row_problems("cities.tsv", row, CODES)
    assert complaint in problem


def test_a_county_may_have_no_point_and_no_half_of_one() -> None:
    row = {"name": "X County", "state": "TX", "lat": "", "lon": ""}
    assert list(row_problems("us_counties.tsv", row, CODES)) == []
    (problem,) = row_problems("us_counties.tsv", row | {"lat": "31"}, CODES)
    assert "not a point" in problem


def test_the_checker_finds_a_wrong_rule() -> None:
    (problem,) = row_problems("words.tsv", {"word": "us", "rule": "never"}, CODES)
    assert "rule" in problem


def test_a_row_with_a_missing_cell_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"t\.tsv:3: 1 cells where 2 belong"):
        list(read_lines("t.tsv", "# note\na\tb\nonly"))
