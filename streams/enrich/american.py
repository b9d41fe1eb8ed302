"""Names that American local news uses: counties, and Georgia where it is the state."""

from __future__ import annotations

from streams.enrich.cities import Atlas
from streams.enrich.lexicon import Entry
from streams.enrich.marks import Mark, Marks
from streams.enrich.tokens import Tokens

_COUNTY_WORDS = frozenset({"county", "parish", "borough", "counties"})
_LONGEST_COUNTY = 3
# Words that, in a text with 'Georgia', speak of the state or of the country.
_STATE = frozenset({
    "atlanta", "savannah", "augusta", "macon", "fulton", "kemp", "warnock", "ossoff", "raffensperger", "abrams",
    "alabama", "florida", "carolina", "tennessee", "texas", "arizona", "pennsylvania", "virginia", "louisiana",
    "governor", "gov", "republican", "republicans", "democrat", "democrats", "gop", "trump", "county", "southern",
    "senate", "statewide", "ga", "walker", "herschel", "greene", "grand",
})  # fmt: skip
_COUNTRY = frozenset({
    "tbilisi", "russia", "russian", "abkhazia", "abkhaz", "ossetia", "georgian", "georgians", "caucasus", "armenia",
    "azerbaijan", "ukraine", "moldova", "batumi", "eu", "nato", "moscow", "saakashvili", "gori", "poti", "turkey",
    "kobakhidze", "garibashvili", "zourabichvili", "iran", "kazakhstan",
})  # fmt: skip
_GEORGIA = Entry(name="Georgia", kind="region", type="place", code="USA", id="Q1428", case="cap")


def settle_georgia(tokens: Tokens, marks: Marks) -> None:
    """Make Georgia the state of the United States where the text speaks of its neighbours and officers."""
    found = [
        m
        for m in marks.names
        if m.entry is not None and m.entry.code == "GEO" and tokens.keys[m.first] == "georgia"
    ]
    if not found:
        return
    words = set(tokens.keys)
    if len(words & _STATE) > len(words & _COUNTRY):
        for mark in found:
            mark.entry = _GEORGIA


def find_counties(tokens: Tokens, marks: Marks, atlas: Atlas) -> None:
    """Mark counties and parishes of the United States."""
    for index, key in enumerate(tokens.keys):
        if key not in _COUNTY_WORDS or not tokens.caps[index] or tokens.case[index] == "lower":
            continue
        for first in range(max(0, index - _LONGEST_COUNTY), index):
            name = " ".join(tokens.keys[first : index + 1])
            if name in atlas.counties and all(tokens.joined[first + 1 : index + 1]) and tokens.caps[first]:
                _put(tokens, marks, first, index)
                break


def _put(tokens: Tokens, marks: Marks, first: int, last: int) -> None:
    inside = [m for m in marks.names if m.first <= last and m.last >= first]
    if any(m.first < first or m.last > last for m in inside):
        return
    for mark in inside:
        marks.drop(mark)
    name = tokens.surface(first, last)
    marks.put(Mark(first, last, Entry(name=name, kind="region", type="place", code="USA"), confidence=0.8))
