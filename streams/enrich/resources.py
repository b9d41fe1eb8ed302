"""The tables as lookups, loaded once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from streams.corrections import Corrections
from streams.enrich.lexicon import Case, Entry, Kind, Phrases
from streams.enrich.tables import NOT_ALONE, read_table, split
from streams.enrich.tokens import key_of

_LONG_ACRONYM = 4
_PLURAL_ENDS = ("s", "sh", "ch", "ese", "z", "men", "man", "women", "woman")


@dataclass(frozen=True, slots=True)
class Role:
    """What a role word tells: the sector, and whether a person's name may stand beside it."""

    sector: str
    title: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that names are looked up in."""

    names: Phrases
    roles: dict[str, Role]
    role_longest: dict[str, int]
    rules: dict[str, str]
    surnames: dict[str, Entry]
    forenames: frozenset[str]
    headings: frozenset[str]
    modifiers: frozenset[str]
    lists: dict[str, frozenset[str]]  # the word lists by name
    strong: frozenset[str]  # titles that tell a person even where all words have capitals


def _case_of(name: str, rules: dict[str, str]) -> Case:
    """Return how a name must be written to be taken for what it names."""
    rule = rules.get(key_of(name), "any")
    if rule in ("cap", "name"):
        return "cap"
    letters = "".join(c for c in name if c.isalpha())
    if rule == "upper" or (letters.isupper() and len(letters) < _LONG_ACRONYM):
        return "upper"
    return "any"


def _add(
    names: Phrases, rules: dict[str, str], phrases: list[str], kind: Kind, row: dict[str, str | None]
) -> None:
    for phrase in phrases:
        entry = Entry(
            name=row.get("name") or phrases[0],
            kind=kind,
            type=row.get("type") or "country",  # type: ignore[arg-type] # checked by streams.enrich.check
            code=row.get("code") or None,
            role=row.get("role") or None,
            id=row.get("id") or None,
            case=_case_of(phrase, rules),
        )
        names.add(phrase, entry)


def _demonyms(words: list[str]) -> list[str]:
    plurals = [word + "s" for word in words if not word.endswith(_PLURAL_ENDS)]
    return words + plurals


def _territories(names: Phrases, rules: dict[str, str], corrections: Corrections) -> None:
    rows = list(read_table("territories.tsv"))
    canonical = {row["code"]: row["name"] for row in rows}
    qids = {row["code"]: row["qid"] for row in rows}
    more: dict[str, list[str]] = {}
    for row in read_table("country_names.tsv", corrections):
        more.setdefault(row["code"], []).extend(split(row["names"]))
    for row in rows:
        code = row["code"]
        facts = {
            "name": row["name"],
            "type": "country",
            "code": code,
            "role": "GOV",
            "id": row["qid"] or code,
        }
        _add(names, rules, [row["name"], *more.get(code, [])], "country", dict(facts))
    for line in read_table("demonyms.tsv", corrections):
        code = line["code"]
        facts = {"name": canonical[code], "type": "nationality", "code": code, "id": qids[code] or code}
        _add(names, rules, _demonyms(split(line["words"])), "demonym", dict(facts))


def _bodies(names: Phrases, rules: dict[str, str], corrections: Corrections) -> None:
    for row in read_table("blocks.tsv", corrections):
        _add(names, rules, split(row["phrases"]), "block", {"type": "place"})
    for row in read_table("seas.tsv"):
        _add(names, rules, split(row["names"]), "sea", {"type": "place", "name": split(row["names"])[0]})
    for row in read_table("organisations.tsv", corrections):
        facts = {"type": row["type"], "code": row["code"], "role": row["role"], "id": row["qid"]}
        _add(names, rules, split(row["names"]), "org", dict(facts))


def _places(names: Phrases, rules: dict[str, str], corrections: Corrections) -> None:
    for row in read_table("metonyms.tsv", corrections):
        facts = {"type": "place", "code": row["code"], "role": row["role"], "id": row["qid"]}
        _add(names, rules, split(row["names"]), "metonym", dict(facts))
    for row in read_table("territories.tsv"):
        if row["capital"]:
            facts = {"type": "place", "code": row["code"], "role": "GOV"}
            _add(names, rules, [row["capital"]], "capital", dict(facts))
    for row in read_table("regions_own.tsv", corrections):
        for name in split(row["names"]):
            _add(names, rules, [name], "region", {"type": "place", "code": row["code"]})
    for row in read_table("regions.tsv"):
        facts = {"type": "place", "code": row["code"], "id": row["qid"]}
        _add(names, rules, [row["name"]], "region", dict(facts))


def _roles(corrections: Corrections) -> tuple[dict[str, Role], dict[str, int]]:
    roles: dict[str, Role] = {}
    longest: dict[str, int] = {}
    for row in read_table("roles.tsv", corrections):
        for phrase in split(row["phrases"]):
            key = key_of(phrase)
            roles.setdefault(key, Role(row["role"], title=row["kind"] == "title"))
            first = key.split(" ", 1)[0]
            longest[first] = max(longest.get(first, 0), key.count(" ") + 1)
    return roles, longest


def _leaders(names: Phrases, corrections: Corrections) -> dict[str, Entry]:
    """Add office holders; return the surnames that need a title or the full name beside them."""
    surnames: dict[str, Entry] = {}
    for row in read_table("leaders.tsv", corrections):
        years = (int(row["from"]), int(row["to"] or 9999))
        canonical = split(row["names"])[0].removeprefix(NOT_ALONE)
        for name in split(row["names"]):
            alone, plain = not name.startswith(NOT_ALONE), name.removeprefix(NOT_ALONE)
            entry = Entry(
                name=canonical, kind="person", type="person", code=row["code"] or None,
                role=row["role"] or None, case="cap", alone=alone, years=years,
            )  # fmt: skip
            if alone:
                names.add(plain, entry)
            else:
                surnames.setdefault(key_of(plain), entry)
    return surnames


# One at a time: what a worker codes with changes seldom, and each takes memory.
@lru_cache(maxsize=1)
def lexicon(corrections: Corrections) -> Lexicon:
    """Return the lookups; the first call in a process reads the tables."""
    rules: dict[str, str] = {}
    for row in read_table("words.tsv", corrections):
        rules.setdefault(row["word"], row["rule"])
    names = Phrases()
    _bodies(names, rules, corrections)
    _territories(names, rules, corrections)
    surnames = _leaders(names, corrections)
    _places(names, rules, corrections)
    roles, longest = _roles(corrections)
    lists = {row["list"]: frozenset(split(row["words"])) for row in read_table("wordlists.tsv")}
    return Lexicon(
        names, roles, longest, rules, surnames,
        lists["forename"], lists["heading"], lists["modifier"],
        lists,
        frozenset(map(key_of, lists["strong"])),
    )  # fmt: skip
