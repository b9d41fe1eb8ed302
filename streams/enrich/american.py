"""Names that American local news uses: counties, and Georgia where it is the state."""

from __future__ import annotations

from streams.enrich.cities import Part
from streams.enrich.evidence import named_after
from streams.enrich.lexicon import Entry
from streams.enrich.marks import Mark
from streams.enrich.reading import Reading

_COUNTY_WORDS = frozenset({"county", "parish", "borough", "counties"})
_LONGEST_COUNTY = 3
_NAMES = frozenset({"georgia", "georgians"})
_GEORGIA = Entry(name="Georgia", kind="region", type="place", code="USA", id="Q1428", case="cap")


def settle_georgia(reading: Reading) -> None:
    """Make Georgia the state of the United States where the text speaks of its neighbours and officers."""
    keys = reading.tokens.keys
    if _NAMES.isdisjoint(keys):
        return
    words, lists = set(keys), reading.lexicon.lists
    if len(words & lists["georgia-state"]) <= len(words & lists["georgia-country"]):
        return
    for mark in reading.marks.names:
        if mark.entry is not None and mark.entry.code == "GEO" and keys[mark.first] in _NAMES:
            mark.entry = _GEORGIA


def find_counties(reading: Reading) -> dict[Mark, list[Part]]:
    """Mark counties and parishes of the United States; return those that each may be.

    A state named after it ("Greene County, Pa.") tells which one it is.
    """
    tokens = reading.tokens
    found: list[Mark] = []
    for index, key in enumerate(tokens.keys):
        if key not in _COUNTY_WORDS or not tokens.caps[index] or tokens.case[index] == "lower":
            continue
        for first in range(max(0, index - _LONGEST_COUNTY), index):
            name = reading.key(first, index)
            if (
                name in reading.atlas.counties
                and all(tokens.joined[first + 1 : index + 1])
                and tokens.caps[first]
            ):
                found += _put(reading, first, index)
                break
    return {mark: _namesakes(reading, mark) for mark in found}


def _namesakes(reading: Reading, mark: Mark) -> list[Part]:
    namesakes = reading.atlas.counties[reading.key(mark.first, mark.last)]
    within = named_after(reading, mark.last, namesakes)
    return [c for c in namesakes if c.part == within.part] if isinstance(within, Part) else namesakes


def _put(reading: Reading, first: int, last: int) -> list[Mark]:
    """Mark a county, unless a name that goes on beyond it stands there; return its mark."""
    marks = reading.marks
    taken = any(marks.covered[first : last + 1])
    inside = [m for m in marks.names if m.first <= last and m.last >= first] if taken else []
    if any(m.first < first or m.last > last for m in inside):
        return []
    for mark in inside:
        marks.drop(mark)
    name = reading.tokens.surface(first, last)
    county = Mark(first, last, Entry(name=name, kind="region", type="place", code="USA"), confidence=0.8)
    marks.put(county)
    return [county]
