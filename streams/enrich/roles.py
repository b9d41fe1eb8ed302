"""Role words: they tell the sector of the country or body before them, and name persons."""

from __future__ import annotations

from dataclasses import replace

from streams.enrich.lexicon import Entry
from streams.enrich.marks import Mark
from streams.enrich.person_names import name_after, name_before
from streams.enrich.reading import Reading
from streams.enrich.resources import Role

_OWNER_GAPS = frozenset({" ", "'s ", "’s ", "-", "' ", "’ ", "ʼs "})
_MODIFIERS_AT_MOST = 2
_SURE, _UNSURE = 0.9, 0.6


def read_roles(reading: Reading) -> None:
    """Tell names the sector of the role words beside them, and mark the persons the role words name."""
    owners: dict[int, Mark] = {}  # by the last word of the role words that belong to them
    for mark in reading.marks.roles:
        if mark.role is None:
            continue
        owner = _owner_before(reading, owners, mark) or _owner_after(reading, mark)
        if owner is not None:
            owners[mark.last] = owner
            owner.sector = owner.sector or mark.role.sector
        if mark.role.title:
            _mark_person(reading, mark, mark.role, owner)


def _owner_before(reading: Reading, owners: dict[int, Mark], mark: Mark) -> Mark | None:
    """Return the country or body that stands before role words (Russia's new defence minister)."""
    index, tokens = mark.first, reading.tokens
    for _ in range(_MODIFIERS_AT_MOST + 1):
        if not index or tokens.gap(index) not in _OWNER_GAPS:
            return None
        index -= 1
        if index in owners:
            return owners[index]
        before = reading.marks.at_last.get(index)
        if before is not None:
            return before if _owns(before) else None
        if tokens.keys[index] not in reading.lexicon.modifiers:
            return None
    return None


def _owner_after(reading: Reading, mark: Mark) -> Mark | None:
    """Return the country after 'of': the president of Russia."""
    index, tokens = mark.last + 1, reading.tokens
    if index >= len(tokens) or tokens.keys[index] != "of" or not tokens.joined[index]:
        return None
    index += 1
    if index < len(tokens) and tokens.keys[index] == "the":
        index += 1
    after = reading.marks.at_first.get(index)
    return after if after is not None and _owns(after) else None


def _owns(mark: Mark) -> bool:
    entry = mark.entry
    return entry is not None and entry.kind not in ("block", "person") and entry.code is not None


def _mark_person(reading: Reading, mark: Mark, role: Role, owner: Mark | None) -> None:
    name = name_after(reading, mark, owner) or name_before(reading, mark, owner)
    if name is None:
        return
    first, last = name
    # 'Major Stake' is no person: without a country, only titles that are nothing else.
    if owner is None and reading.key(mark.first, mark.last) not in reading.lexicon.strong:
        return
    code, sector = _standing(role, owner)
    known = reading.lexicon.surnames.get(reading.tokens.keys[last])
    if known is not None and code in (None, known.code):
        entry = replace(known, alone=True)
    else:
        name_words = reading.tokens.surface(first, last)
        entry = Entry(name=name_words, kind="person", type="person", code=code, role=sector)
    confidence = _SURE if entry.code else _UNSURE
    reading.marks.put(Mark(first, last, entry, found_by="role-pattern", confidence=confidence))


def _standing(role: Role, owner: Mark | None) -> tuple[str | None, str]:
    """Return country and sector of a person: the head of an army is no minister."""
    if owner is None or owner.entry is None:
        return None, role.sector
    if owner.entry.kind == "org" and role.sector == "GOV":
        return owner.entry.code, owner.entry.role or role.sector
    return owner.entry.code, role.sector
