"""One pass over the words of a text: where the names and role words of the lexicon stand."""

from __future__ import annotations

from dataclasses import dataclass

from streams.enrich.lexicon import Entry
from streams.enrich.resources import Lexicon, Role
from streams.enrich.tokens import Tokens

# Short enough to be safe in a line without capitals, unlike 'us'.
_SAFE_LOWER = frozenset({"uk", "eu", "un", "usa", "uae", "ecb"})
# Before these, 'US' in a line all in capitals is the pronoun.
_PRONOUN_AFTER = frozenset(
    {"tell", "of", "to", "let", "give", "show", "help", "with", "for", "all", "make", "told"}
)
_BODIES_LOWER = frozenset({"nato", "opec", "unicef", "unesco", "asean", "ecowas", "brics", "kremlin"})
# Surnames shorter than this are words too often to be taken without a capital.
_UNMISTAKABLE = 5


@dataclass(slots=True, eq=False)
class Mark:
    """A name or role word at the words ``first`` to ``last``, the latter included."""

    first: int
    last: int
    entry: Entry | None = None
    role: Role | None = None
    sector: str | None = None  # what the role words beside it tell
    found_by: str = "gazetteer"
    confidence: float = 1.0


@dataclass(slots=True)
class Marks:
    """The marks of a text in order, and which words they cover."""

    names: list[Mark]
    roles: list[Mark]
    covered: bytearray
    at_first: dict[int, Mark]
    at_last: dict[int, Mark]

    def put(self, mark: Mark) -> None:
        """Add a name found later; its words must be free."""
        self.names.append(mark)
        self.at_first[mark.first] = mark
        self.at_last[mark.last] = mark
        self.hold(mark.first, mark.last)

    def hold(self, first: int, last: int) -> None:
        """Keep words from being taken for anything else."""
        self.covered[first : last + 1] = b"\x01" * (last - first + 1)

    def drop(self, mark: Mark) -> None:
        """Take a name out again; its words are free then."""
        self.names.remove(mark)
        del self.at_first[mark.first], self.at_last[mark.last]
        self.covered[mark.first : mark.last + 1] = bytes(mark.last - mark.first + 1)


def find_marks(tokens: Tokens, lexicon: Lexicon) -> Marks:
    """Return the names and role words of a text, leftmost first, the longest at each place."""
    marks = Marks([], [], bytearray(len(tokens)), {}, {})
    longest, role_longest = lexicon.names.longest, lexicon.role_longest
    index, end = 0, len(tokens)
    while index < end:
        key = tokens.keys[index]
        mark = None
        if key in longest:
            mark = _name_at(tokens, lexicon, index, longest[key])
            if mark is not None:
                marks.put(mark)
        if mark is None and key in role_longest:
            mark = _role_at(tokens, lexicon, index, role_longest[key])
            if mark is not None:
                marks.roles.append(mark)
        index = mark.last + 1 if mark is not None else index + 1
    return marks


def _run(tokens: Tokens, index: int, limit: int) -> int:
    """Return how many words from ``index`` on may form one name, at most ``limit``."""
    stop = min(index + limit, len(tokens))
    last = index + 1
    while last < stop and tokens.joined[last]:
        last += 1
    return last - index


def _name_at(tokens: Tokens, lexicon: Lexicon, index: int, limit: int) -> Mark | None:
    entries = lexicon.names.entries
    for length in range(_run(tokens, index, limit), 0, -1):
        phrase = tokens.keys[index] if length == 1 else " ".join(tokens.keys[index : index + length])
        entry = entries.get(phrase)
        if entry is not None and _written_so(tokens, lexicon, entry, index, index + length - 1):
            return Mark(index, index + length - 1, entry)
    return None


def _role_at(tokens: Tokens, lexicon: Lexicon, index: int, limit: int) -> Mark | None:
    for length in range(_run(tokens, index, limit), 0, -1):
        role = lexicon.roles.get(" ".join(tokens.keys[index : index + length]))
        if role is not None:
            return Mark(index, index + length - 1, role=role)
    return None


def _written_so(tokens: Tokens, lexicon: Lexicon, entry: Entry, first: int, last: int) -> bool:
    """Say whether words are written as the name must be."""
    line = tokens.case[first]
    rule = lexicon.rules.get(tokens.keys[first]) if first == last else None
    if entry.case == "upper":
        return _as_acronym(tokens, first, last, rule)
    if line == "lower":
        unmistakable = entry.kind == "person" and len(tokens.surface(first, last)) >= _UNMISTAKABLE
        return (entry.case == "any" or unmistakable) and rule is None
    if not tokens.caps[first]:
        return _may_be_lower(tokens, entry, first, last)
    return rule != "name" or not _part_of_a_name(tokens, lexicon, first)


def _as_acronym(tokens: Tokens, first: int, last: int, rule: str | None) -> bool:
    key, surface = tokens.keys[first], tokens.surface(first, last)
    if tokens.case[first] == "lower":
        return key in _SAFE_LOWER or "." in surface
    if not surface.isupper():
        return False
    if tokens.case[first] != "upper" or rule != "upper" or "." in surface:
        return True
    return key == "us" and not (first and tokens.keys[first - 1] in _PRONOUN_AFTER)


def _may_be_lower(tokens: Tokens, entry: Entry, first: int, last: int) -> bool:
    """Say whether a name without capital is taken in a line that has capitals."""
    if entry.case != "any":
        return False
    if entry.type == "group" and first == last:
        return True
    return entry.kind in ("country", "demonym") or tokens.keys[first] in _BODIES_LOWER or last > first + 1


def _part_of_a_name(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Say whether Jordan, Washington or Paris belongs to a person's or a thing's name."""
    if tokens.case[index] != "mixed":
        return index > 0 and tokens.joined[index] and tokens.keys[index - 1] in lexicon.forenames
    if (
        index
        and tokens.joined[index]
        and tokens.gap(index) == " "
        and tokens.keys[index - 1] in lexicon.forenames
    ):
        return tokens.caps[index - 1]
    after = index + 1
    if after >= len(tokens) or not tokens.caps[after] or tokens.gap(after) != " ":
        return False
    key = tokens.keys[after]
    known = key in lexicon.names.longest or key in lexicon.role_longest or key in lexicon.headings
    return not known and not key[0].isdigit()
