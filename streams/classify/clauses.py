"""Sentences and clauses, in one pass over the tokens: no parser, only signs and joining words.

A clause is where an actor, an act and a place must stand together to make one event.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from streams.classify.tokens import Token

_ENDS = frozenset(".!?")
_ABBREVIATIONS = frozenset(
    {"mr", "mrs", "ms", "dr", "gen", "sen", "rep", "gov", "st", "lt", "col", "sgt", "no", "vs"}
)
#: Signs that part what a line tells.
HARD = frozenset(";:—–|")
# Words that open a clause with its own subject, or that take over the subject before them.
_OPENERS = frozenset({
    "as", "after", "while", "but", "when", "because", "although", "though", "before", "amid", "if", "unless",
    "whether", "that", "since", "until", "despite",
})  # fmt: skip
# What is said has a subject of its own, or takes over the speaker: "X says Y did", "X says it will".
_SAYING = frozenset({"says", "said", "say", "saying", "claims", "believes", "thinks", "insists"})
# After these, or before those, "claims" is the noun: "rejects the territorial claims over".
_NOUN_BEFORE = frozenset({"the", "its", "his", "her", "their", "these", "those", "all", "'s", "of", "and"})
_NOUN_AFTER = frozenset({"of", "over", "on", "to", "in", "against", "about", "as", "from", "by"})
_CONDITIONS = frozenset({"if", "unless", "whether", "should"})


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens ``[start, end)``; ``shares`` when it may take the subject of the clause before it."""

    start: int
    end: int
    shares: bool = False
    condition: bool = False


def sentences(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield ``[start, end)`` token ranges: one for each sentence of each line."""
    start = 0
    for i, token in enumerate(tokens):
        last = i + 1 == len(tokens)
        following = None if last else tokens[i + 1]
        broken = following is not None and "\n" in text[token.end : following.start]
        ended = (
            token.text in _ENDS
            and following is not None
            and (following.text[0].isupper() or not following.text[0].isalnum())
            and following.start > token.end
            and not (i and tokens[i - 1].lower in _ABBREVIATIONS)
        )
        if last or broken or ended:
            yield start, i + 1
            start = i + 1


def claims_noun(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether the token is "claims" as a noun, which attributes nothing to anybody."""
    if tokens[i].lower != "claims":
        return False
    before = tokens[i - 1].lower if i else ""
    after = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    return before in _NOUN_BEFORE or after in _NOUN_AFTER


def spaced_hyphen(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether a hyphen stands for a dash."""
    return tokens[i].text == "-" and (
        tokens[i].start > tokens[i - 1].end and (i + 1 == len(tokens) or tokens[i + 1].start > tokens[i].end)
    )


def clauses(tokens: Sequence[Token], start: int, end: int) -> list[Clause]:
    """Return the clauses of the sentence ``[start, end)``."""
    found: list[Clause] = []
    begin, shares, condition = start, False, False
    for i in range(start, end):
        token = tokens[i]
        hard = token.text in HARD or (i > start and spaced_hyphen(tokens, i))
        opener = token.lower in _OPENERS and i > begin
        spoken = token.lower in _SAYING and i > begin and not claims_noun(tokens, i)
        comma = token.text == "," and i > begin + 2
        if hard or opener or comma or spoken:
            if i > begin:
                found.append(Clause(begin, i + spoken, shares, condition))
            begin = i if opener else i + 1
            shares, condition = not hard, opener and token.lower in _CONDITIONS
    if end > begin:
        found.append(Clause(begin, end, shares, condition))
    if found and tokens[found[0].start].lower in _CONDITIONS:
        found[0] = Clause(found[0].start, found[0].end, condition=True)
    return found
