"""Persons: through role words beside a name, and through what the document says of them elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from streams.enrich.actors import KnownActor
from streams.enrich.lexicon import Entry
from streams.enrich.marks import Mark, Marks
from streams.enrich.resources import Lexicon
from streams.enrich.tokens import Tokens

_OWNER_GAPS = frozenset({" ", "'s ", "’s ", "-", "' ", "’ ", "ʼs "})
_PARTICLES = frozenset(
    {
        "al",
        "el",
        "bin",
        "ibn",
        "de",
        "da",
        "do",
        "dos",
        "del",
        "der",
        "di",
        "van",
        "von",
        "la",
        "le",
        "ul",
        "ur",
    }
)
_LONGEST_NAME = 4
_LONGEST_TITLE_CASE_NAME = 2
_MODIFIERS_AT_MOST = 2
_SHORTEST_SURNAME = 3


def read_roles(tokens: Tokens, marks: Marks, lexicon: Lexicon) -> None:
    """Tell names the sector of the role words beside them, and add the persons the role words name."""
    owners: dict[int, Mark] = {}
    for mark in marks.roles:
        owner = _owner_before(tokens, marks, owners, mark, lexicon) or _owner_after(tokens, marks, mark)
        if owner is not None:
            owners[mark.last] = owner
            if owner.sector is None and mark.role is not None:
                owner.sector = mark.role.sector
        if mark.role is not None and mark.role.title:
            _add_person(tokens, marks, lexicon, mark, owner)


def _owner_before(
    tokens: Tokens, marks: Marks, owners: dict[int, Mark], mark: Mark, lexicon: Lexicon
) -> Mark | None:
    """Return the country or body that stands before role words (Russia's new defence minister)."""
    index = mark.first
    for _ in range(_MODIFIERS_AT_MOST + 1):
        if not index or tokens.gap(index) not in _OWNER_GAPS:
            return None
        index -= 1
        if index in owners:
            return owners[index]
        before = marks.at_last.get(index)
        if before is not None:
            return before if _owns(before) else None
        if tokens.keys[index] not in lexicon.modifiers:
            return None
    return None


def _owner_after(tokens: Tokens, marks: Marks, mark: Mark) -> Mark | None:
    """Return the country after 'of': the president of Russia."""
    index = mark.last + 1
    if index >= len(tokens) or tokens.keys[index] != "of" or not tokens.joined[index]:
        return None
    index += 1
    if index < len(tokens) and tokens.keys[index] == "the":
        index += 1
    after = marks.at_first.get(index)
    return after if after is not None and _owns(after) else None


def _owns(mark: Mark) -> bool:
    return (
        mark.entry is not None and mark.entry.kind not in ("block", "person") and mark.entry.code is not None
    )


def _add_person(tokens: Tokens, marks: Marks, lexicon: Lexicon, mark: Mark, owner: Mark | None) -> None:
    name = _name_after(tokens, marks, lexicon, mark, owner) or _name_before(
        tokens, marks, lexicon, mark, owner
    )
    if name is None or mark.role is None:
        return
    first, last = name
    titled = tokens.case[first] != "mixed" or first == mark.last + 1 and owner is None
    title = " ".join(tokens.keys[mark.first : mark.last + 1])
    if titled and owner is None and title not in lexicon.strong:
        return
    sector = mark.role.sector
    known = lexicon.surnames.get(tokens.keys[last])
    code = None
    if owner is not None and owner.entry is not None:
        code = owner.entry.code
        if owner.entry.kind == "org" and sector == "GOV":  # the head of an army is no minister
            sector = owner.entry.role or sector
    if known is not None and code in (None, known.code):
        entry = replace(known, alone=True)
    else:
        entry = Entry(name=tokens.surface(first, last), kind="person", type="person", code=code, role=sector)
    confidence = 0.9 if entry.code else 0.6
    marks.put(Mark(first, last, entry, found_by="role-pattern", confidence=confidence))


def _name_after(
    tokens: Tokens, marks: Marks, lexicon: Lexicon, mark: Mark, owner: Mark | None
) -> tuple[int, int] | None:
    first = mark.last + 1
    if owner is not None and owner.first > mark.last:  # the president of Russia, Vladimir Putin
        first = owner.last + 1
    gaps = (" ", ", ", ". ") if owner is not None else (" ", ". ")
    if (
        first >= len(tokens)
        or tokens.gap(first) not in gaps
        or tokens.opens[first]
        and tokens.gap(first) == ". "
        and not mark_is_abbreviation(tokens, mark)
    ):
        return None
    last = _name_end(tokens, marks, lexicon, first)
    return None if last is None else (first, last)


def mark_is_abbreviation(tokens: Tokens, mark: Mark) -> bool:
    """Say whether a role word is a short form such as Gen."""
    return len(tokens.keys[mark.last]) <= _SHORTEST_SURNAME


def _name_end(tokens: Tokens, marks: Marks, lexicon: Lexicon, first: int) -> int | None:
    """Return the last word of the person's name that begins at ``first``, if one does."""
    titled = tokens.case[first] != "mixed"
    limit = first + (_LONGEST_TITLE_CASE_NAME if titled else _LONGEST_NAME)
    last = None
    for index in range(first, min(limit, len(tokens))):
        key = tokens.keys[index]
        if index > first and not (tokens.joined[index] and tokens.gap(index) in (" ", "-")):
            break
        if marks.covered[index] or key in lexicon.headings or key[0].isdigit() or key in lexicon.role_longest:
            break
        if tokens.caps[index]:
            last = index
        elif key not in _PARTICLES:
            break
    return last


def _name_before(
    tokens: Tokens, marks: Marks, lexicon: Lexicon, mark: Mark, owner: Mark | None
) -> tuple[int, int] | None:
    """Return the name before an apposition: Sergey Lavrov, the Russian foreign minister."""
    if owner is None:
        return None
    start = min(owner.first, mark.first)
    while start and tokens.keys[start - 1] in ("the", "a", "an", "former") and tokens.joined[start]:
        start -= 1
    if not start or tokens.gap(start) != ", " or tokens.case[start] != "mixed":
        return None
    last, first = start - 1, start
    while first and start - first < _LONGEST_NAME and _is_free_name(tokens, marks, lexicon, first - 1):
        first -= 1
        if not tokens.joined[first]:
            break
    return (first, last) if first < last else None


def _is_free_name(tokens: Tokens, marks: Marks, lexicon: Lexicon, index: int) -> bool:
    key = tokens.keys[index]
    return (
        not marks.covered[index]
        and tokens.caps[index]
        and key not in lexicon.headings
        and not key[0].isdigit()
    )


def learn(tokens: Tokens, marks: Marks, lexicon: Lexicon, known: Mapping[str, KnownActor]) -> None:
    """Mark the bare surnames of persons that the document names in full, and the names known from outside."""
    learned: dict[str, Entry] = {}
    for mark in marks.names:
        entry = mark.entry
        if entry is None or entry.kind != "person" or (mark.first == mark.last and not entry.alone):
            continue
        key = tokens.keys[mark.last]
        if entry.code is not None and len(key) >= _SHORTEST_SURNAME and key not in lexicon.headings:
            learned.setdefault(key, entry)
    if learned:
        _mark_surnames(tokens, marks, lexicon, learned)
    if known:
        _mark_known(tokens, marks, known)


def _mark_surnames(tokens: Tokens, marks: Marks, lexicon: Lexicon, learned: dict[str, Entry]) -> None:
    for index, key in enumerate(tokens.keys):
        if key not in learned or marks.covered[index] or not tokens.caps[index]:
            continue
        first = index
        if index and tokens.joined[index] and not marks.covered[index - 1] and tokens.caps[index - 1]:
            if tokens.keys[index - 1] in lexicon.forenames:
                continue  # another person of that name
        marks.put(Mark(first, index, learned[key], found_by="learned", confidence=0.85))


def _mark_known(tokens: Tokens, marks: Marks, known: Mapping[str, KnownActor]) -> None:
    from streams.enrich.lexicon import Phrases

    phrases = Phrases()
    for phrase, actor in sorted(known.items()):
        phrases.add(
            phrase,
            Entry(
                name=actor.name,
                kind="known",
                type=actor.type,
                code=actor.country,
                role=actor.role,
                id=actor.id,
            ),
        )
    for index, key in enumerate(tokens.keys):
        for length in range(phrases.longest.get(key, 0), 0, -1):
            last = index + length - 1
            entry = phrases.entries.get(" ".join(tokens.keys[index : last + 1]))
            free = last < len(tokens) and not any(marks.covered[index : last + 1])
            if entry is not None and free and tokens.caps[index] and all(tokens.joined[index + 1 : last + 1]):
                marks.put(Mark(index, last, entry, found_by="known", confidence=0.8))
                break
