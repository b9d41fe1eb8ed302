"""What the words around a name say for and against its being a city."""

from __future__ import annotations

from collections.abc import Iterable

from streams.enrich.cities import City, Part
from streams.enrich.lexicon import Entry
from streams.enrich.marks import Mark
from streams.enrich.reading import Reading

# After these a name is a place of any size; after 'to' or 'of' it may be a person.
_SURE_PREPOSITIONS = frozenset({"in", "near", "outside", "around"})
# Inhabitants above which a name is taken for the city wherever it stands, and after any preposition.
_KNOWN_WORLDWIDE = 400_000
_MIDDLING = 15_000
_AGAINST, _UNDECIDED, _SOME, _STRONG = -1, 0, 1, 2


def weigh(reading: Reading, first: int, last: int, key: str) -> int:
    """Return the evidence that the words ``first`` to ``last`` are a city."""
    tokens, lexicon = reading.tokens, reading.lexicon
    population = reading.atlas.cities[key][0].population
    before = tokens.keys[first - 1] if first and tokens.joined[first] else ""
    after = tokens.keys[last + 1] if last + 1 < len(tokens) and tokens.joined[last + 1] else ""
    if first == last and (key in lexicon.forenames or key in lexicon.roles):
        return _AGAINST
    if _inside_a_name(reading, first, last, before, after):
        return _AGAINST
    middling = population >= _MIDDLING
    if before in _SURE_PREPOSITIONS and not middling:
        return _STRONG if tokens.case[first] == "mixed" else _UNDECIDED
    if middling and (before in lexicon.lists["town-preposition"] or after in lexicon.lists["town-kind"]):
        return _STRONG
    if _opens_a_story(reading, first, last):
        return _STRONG
    return _SOME if population >= _KNOWN_WORLDWIDE and key not in lexicon.rules else _UNDECIDED


def named_after(reading: Reading, last: int, namesakes: Iterable[City | Part]) -> Part | str | None:
    """Return the state, or the country's code, that follows a place after a comma (Paris, Texas).

    ``namesakes`` are the cities or the counties that the place may be.
    """
    index = last + 1
    if index >= len(reading.tokens) or reading.tokens.gap(index) not in (", ", " ("):
        return None
    mark = reading.marks.at_first.get(index)
    if mark is None or mark.entry is None:
        return _abbreviation(reading, index)
    part = reading.atlas.parts.get(reading.key(mark.first, mark.last))
    if part is not None and any((c.code, c.part) == (part.code, part.part) for c in namesakes):
        if mark.entry.code != part.code:  # Athens, Georgia
            mark.entry = Entry(name=part.name, kind="region", type="place", code=part.code)
        return part
    if mark.entry.kind == "country" and any(c.code == mark.entry.code for c in namesakes):
        return mark.entry.code
    return None


def _abbreviation(reading: Reading, index: int) -> Part | None:
    """Return the state of an abbreviation (Ala., AL), and mark it as a place."""
    part, tokens = reading.atlas.abbreviations.get(reading.tokens.keys[index]), reading.tokens
    if part is None:
        return None
    surface = tokens.surface(index, index)
    dotted = surface.endswith(".") or tokens.text.startswith(".", tokens.ends[index])
    if not surface.isupper() and not (dotted and tokens.caps[index]):
        return None
    if not reading.marks.covered[index] and tokens.case[index] == "mixed":
        entry = Entry(name=part.name, kind="region", type="place", code=part.code)
        reading.marks.put(Mark(index, index, entry, confidence=0.8))
    return part


def _inside_a_name(reading: Reading, first: int, last: int, before: str, after: str) -> bool:
    """Say whether capitalised words beside it make it part of another name (Boston Celtics)."""
    tokens, lexicon = reading.tokens, reading.lexicon
    if before in lexicon.forenames and (tokens.case[first] != "mixed" or tokens.caps[first - 1]):
        return True
    if tokens.case[first] != "mixed":
        return False
    named_before = before and tokens.gap(first) == " " and not tokens.opens[first - 1]
    if named_before and reading.is_free_name(first - 1) and before not in lexicon.roles:
        return True
    if not after or tokens.gap(last + 1) != " " or after in lexicon.lists["town-kind"]:
        return False
    return reading.is_free_name(last + 1) and after not in lexicon.role_longest


def _opens_a_story(reading: Reading, first: int, last: int) -> bool:
    """Say whether it is a dateline: BERLIN (Reuters) - , RIGA, April 14."""
    tokens = reading.tokens
    start, end = tokens.starts[first], tokens.ends[last]
    if start and tokens.text[start - 1] != "\n":
        return False
    if tokens.text.startswith((" (", " —", " --"), end):
        return True
    capitals = tokens.surface(first, last).isupper() and tokens.case[first] == "mixed"
    return capitals and tokens.text.startswith((",", ".", " -"), end)
