"""English verb forms, by rule and from a short list of irregular verbs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal

Form = Literal["base", "s", "past", "ing"]

_VOWELS = frozenset("aeiou")


@cache
def irregular() -> dict[str, tuple[str, ...]]:
    """Return past and participle of the irregular verbs."""
    text = (files("streams.classify") / "data" / "irregular.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {base: tuple(rest) for base, *rest in rows}


def _doubles(verb: str) -> bool:
    """Tell whether the last letter may double (ban, banned); both spellings are then accepted."""
    return (
        len(verb) > 2  # noqa: PLR2004 - shorter verbs (go, do) never double
        and verb[-1] not in _VOWELS
        and verb[-1] not in "wxy"
        and verb[-2] in _VOWELS
        and verb[-3] not in _VOWELS
    )


def forms(verb: str) -> Iterator[tuple[str, Form]]:
    """Yield each form of a verb with its kind; past tense and past participle are one kind."""
    yield verb, "base"
    consonant_y = verb.endswith("y") and verb[-2:-1] not in _VOWELS
    if consonant_y:
        yield verb[:-1] + "ies", "s"
    else:
        yield verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"), "s"
    stems = [verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb]
    if _doubles(verb):
        stems.append(verb + verb[-1])
    for stem in stems:
        yield stem + "ing", "ing"
    if verb in irregular():
        for past in irregular()[verb]:
            yield past, "past"
    elif consonant_y:
        yield verb[:-1] + "ied", "past"
    else:
        for stem in stems:
            yield stem + ("d" if stem.endswith("e") else "ed"), "past"
