"""Where a person's name stands beside role words."""

from __future__ import annotations

from streams.enrich.marks import Mark
from streams.enrich.reading import Reading

_PARTICLES = frozenset({
    "al", "el", "bin", "ibn", "de", "da", "do", "dos", "del", "der", "di", "van", "von", "la",
    "le", "ul", "ur",
})  # fmt: skip
_ARTICLES = frozenset({"the", "a", "an", "former"})
_LONGEST_NAME = 4
_LONGEST_TITLE_CASE_NAME = 2
_LONGEST_ABBREVIATION = 3

Words = tuple[int, int]


def name_after(reading: Reading, mark: Mark, owner: Mark | None) -> Words | None:
    """Return the first and last word of the name after role words, or after their country."""
    first = mark.last + 1
    if owner is not None and owner.first > mark.last:  # the president of Russia, Vladimir Putin
        first = owner.last + 1
    if first >= len(reading.tokens):
        return None
    gap = reading.tokens.gap(first)
    abbreviated = len(reading.tokens.keys[mark.last]) <= _LONGEST_ABBREVIATION  # Gen. Milley
    if gap == " " or (gap == ", " and owner is not None) or (gap == ". " and abbreviated):
        last = _name_end(reading, first)
        initial = last == first and len(reading.tokens.keys[first]) == 1  # Gen Z
        return None if last is None or initial else (first, last)
    return None


def _name_end(reading: Reading, first: int) -> int | None:
    """Return the last word of the person's name that begins at ``first``, if one does."""
    tokens = reading.tokens
    limit = _LONGEST_NAME if tokens.case[first] == "mixed" else _LONGEST_TITLE_CASE_NAME
    last = None
    for index in range(first, min(first + limit, len(tokens))):
        if index > first and tokens.gap(index) not in (" ", "-"):
            break
        if tokens.keys[index] in reading.lexicon.role_longest:
            break
        if reading.is_free_name(index):
            last = index
        elif reading.marks.covered[index] or tokens.keys[index] not in _PARTICLES:
            break
    return last


def name_before(reading: Reading, mark: Mark, owner: Mark | None) -> Words | None:
    """Return the name before an apposition: Sergey Lavrov, the Russian foreign minister."""
    if owner is None:
        return None
    tokens, start = reading.tokens, min(owner.first, mark.first)
    while start and tokens.keys[start - 1] in _ARTICLES and tokens.joined[start]:
        start -= 1
    if not start or tokens.gap(start) != ", " or tokens.case[start] != "mixed":
        return None
    first = start
    while first and start - first < _LONGEST_NAME and reading.is_free_name(first - 1):
        first -= 1
        if not tokens.joined[first]:
            break
    return (first, start - 1) if first < start - 1 else None
