"""Which capitalised words are cities: a name in a list of cities alone is no evidence."""

from __future__ import annotations

from streams.enrich.cities import Atlas, Part
from streams.enrich.lexicon import Entry
from streams.enrich.marks import Mark, Marks
from streams.enrich.resources import Lexicon
from streams.enrich.tokens import Tokens

_PREPOSITIONS = frozenset(
    {
        "in",
        "near",
        "from",
        "outside",
        "around",
        "at",
        "to",
        "of",
        "into",
        "between",
        "across",
        "toward",
        "towards",
        "over",
        "through",
        "throughout",
    }
)
# After these a name is a place of any size; after 'to' or 'of' it may be a person.
_SURE_PREPOSITIONS = frozenset({"in", "near", "outside", "around"})
_KINDS = frozenset(
    {
        "city",
        "town",
        "village",
        "region",
        "province",
        "district",
        "oblast",
        "airport",
        "police",
        "port",
        "suburb",
        "area",
        "residents",
        "resident",
        "suburbs",
        "downtown",
        "neighborhood",
        "neighbourhood",
        "metro",
        "mayor",
    }
)
_KINDS_BEFORE = frozenset(
    {
        "city of",
        "town of",
        "village of",
        "port of",
        "suburb of",
        "outskirts of",
        "north of",
        "south of",
        "east of",
        "west of",
        "northeast of",
        "northwest of",
        "southeast of",
        "southwest of",
        "capital of",
    }
)
_KNOWN_WORLDWIDE = 400_000
_MIDDLING = 15_000
_SHORTEST = 3


class Town:
    """A mention of a city with what the words around it tell."""

    __slots__ = ("evidence", "first", "key", "last", "within")

    def __init__(self, first: int, last: int, key: str) -> None:
        self.first, self.last, self.key = first, last, key
        self.evidence = 0
        self.within: Part | str | None = None  # the state or the country named after it


def find_towns(tokens: Tokens, marks: Marks, lexicon: Lexicon, atlas: Atlas) -> tuple[list[Town], list[Town]]:
    """Return the mentions of cities that the words around them, or their size, make believable.

    The second list holds the doubtful ones: their names are cities, and nothing speaks against it.
    """
    towns, doubtful, index = _reclaimed(tokens, marks, atlas), [], 0
    while index < len(tokens):
        town = _town_at(tokens, marks, lexicon, atlas, index)
        if town is None:
            index += 1
            continue
        _weigh(tokens, marks, lexicon, atlas, town)
        (towns if town.evidence > 0 else doubtful).append(town)
        index = town.last + 1
    accepted = {town.key for town in towns}
    towns.extend(town for town in doubtful if town.evidence == 0 and town.key in accepted)
    rest = [town for town in doubtful if town.evidence == 0 and town.key not in accepted]
    return towns, rest


def _reclaimed(tokens: Tokens, marks: Marks, atlas: Atlas) -> list[Town]:
    """Return the capitals and countries that are namesakes: Paris, Texas; Lebanon, Pa."""
    towns = []
    for mark in list(marks.names):
        if mark.entry is None or mark.entry.kind not in ("capital", "metonym", "country", "region"):
            continue
        key = " ".join(tokens.keys[mark.first : mark.last + 1])
        if key not in atlas.cities:
            continue
        town = Town(mark.first, mark.last, key)
        town.within = _named_after(tokens, marks, atlas, town)
        if isinstance(town.within, Part) and not _is_home(mark, town.within, key, atlas):
            marks.drop(mark)
            marks.hold(town.first, town.last)
            town.evidence = 3
            towns.append(town)
    return towns


def _is_home(mark: Mark, part: Part, key: str, atlas: Atlas) -> bool:
    """Say whether the part named after a place is where the place itself would be looked for."""
    largest = atlas.cities[key][0]
    return mark.entry is not None and mark.entry.code == part.code and largest.part == part.part


def _town_at(tokens: Tokens, marks: Marks, lexicon: Lexicon, atlas: Atlas, index: int) -> Town | None:
    key = tokens.keys[index]
    limit = atlas.longest.get(key)
    if limit is None or not tokens.caps[index] or marks.covered[index] or tokens.case[index] == "lower":
        return None
    stop = index + 1
    while stop < min(index + limit, len(tokens)) and tokens.joined[stop] and not marks.covered[stop]:
        stop += 1
    for last in range(stop - 1, index - 1, -1):
        phrase = " ".join(tokens.keys[index : last + 1])
        if phrase in atlas.cities and tokens.caps[last]:
            if last == index and (len(phrase) < _SHORTEST or phrase in lexicon.headings or phrase.isdigit()):
                return None
            return Town(index, last, phrase)
    return None


def _weigh(tokens: Tokens, marks: Marks, lexicon: Lexicon, atlas: Atlas, town: Town) -> None:
    """Set the evidence: above 0 is enough, 0 needs another mention, below is against."""
    town.within = _named_after(tokens, marks, atlas, town)
    if town.within is not None:
        town.evidence = 3
        return
    before = tokens.keys[town.first - 1] if town.first and tokens.joined[town.first] else ""
    after = tokens.keys[town.last + 1] if town.last + 1 < len(tokens) and tokens.joined[town.last + 1] else ""
    population = atlas.cities[town.key][0].population
    single = town.first == town.last
    if single and (town.key in lexicon.forenames or town.key in lexicon.roles):
        town.evidence = -1
    elif _inside_a_name(tokens, marks, lexicon, town, before, after):
        town.evidence = -1
    elif before in _SURE_PREPOSITIONS or (before in _PREPOSITIONS and population >= _MIDDLING):
        town.evidence = 2 if tokens.case[town.first] == "mixed" or population >= _MIDDLING else 0
    elif after in _KINDS and population >= _MIDDLING:
        town.evidence = 2
    elif _opens_a_story(tokens, town):
        town.evidence = 2
    elif population >= _KNOWN_WORLDWIDE and town.key not in lexicon.rules:
        town.evidence = 1


def _named_after(tokens: Tokens, marks: Marks, atlas: Atlas, town: Town) -> Part | str | None:
    """Return the state or country that follows a city after a comma (Paris, Texas; Erfurt, Germany)."""
    index = town.last + 1
    if index >= len(tokens) or tokens.gap(index) not in (", ", " ("):
        return None
    mark = marks.at_first.get(index)
    if mark is not None and mark.entry is not None:
        part = atlas.parts.get(" ".join(tokens.keys[mark.first : mark.last + 1]))
        namesakes = atlas.cities[town.key]
        if part is not None and any((c.code, c.part) == (part.code, part.part) for c in namesakes):
            if mark.entry.code != part.code:  # Athens, Georgia
                mark.entry = Entry(name=part.name, kind="region", type="place", code=part.code)
            return part
        if mark.entry.kind == "country" and any(c.code == mark.entry.code for c in namesakes):
            return mark.entry.code
        return None
    short = atlas.abbreviations.get(tokens.keys[index])
    surface = tokens.surface(index, index)
    dotted = surface.endswith(".") or tokens.text[tokens.ends[index] : tokens.ends[index] + 1] == "."
    if short is None or not (surface.isupper() or (dotted and tokens.caps[index])):
        return None
    if not marks.covered[index] and tokens.case[index] == "mixed":
        entry = Entry(name=short.name, kind="region", type="place", code=short.code)
        marks.put(Mark(index, index, entry, confidence=0.8))
    return short


def _inside_a_name(
    tokens: Tokens, marks: Marks, lexicon: Lexicon, town: Town, before: str, after: str
) -> bool:
    """Say whether capitalised words beside it make it part of another name (Boston Celtics)."""
    if tokens.case[town.first] != "mixed":
        return before in lexicon.forenames
    if before and tokens.caps[town.first - 1] and tokens.gap(town.first) == " ":
        free = not marks.covered[town.first - 1] and not tokens.opens[town.first - 1]
        if free and before not in lexicon.roles and before not in lexicon.headings:
            return True
        if before in lexicon.forenames:
            return True
    if not after or not tokens.caps[town.last + 1] or tokens.gap(town.last + 1) != " ":
        return False
    free = not marks.covered[town.last + 1] and after not in lexicon.headings and after not in _KINDS
    return free and after not in lexicon.role_longest and not after[0].isdigit()


def _opens_a_story(tokens: Tokens, town: Town) -> bool:
    """Say whether it is a dateline: BERLIN (Reuters) - , RIGA, April 14."""
    start = tokens.starts[town.first]
    if start and tokens.text[start - 1] != "\n":
        return False
    follows = tokens.text[tokens.ends[town.last] : tokens.ends[town.last] + 3]
    upper = tokens.surface(town.first, town.last).isupper() and tokens.case[town.first] == "mixed"
    return (upper and follows.startswith((",", " (", ".", " -", " —"))) or follows.startswith(
        (" (", " —", " --")
    )


def town_mark(town: Town) -> Mark:
    """Return the bare mark of a town; what it stands for is put in when it is resolved."""
    return Mark(town.first, town.last, found_by="city", confidence=0.8 if town.evidence > 1 else 0.65)
