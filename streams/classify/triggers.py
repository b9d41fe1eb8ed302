"""Acts in a clause: lexicon phrases, read as verb or as noun by the words around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from streams.classify.clauses import Clause
from streams.classify.inflect import Form
from streams.classify.lexicon import Act, Lexicon, match
from streams.classify.tokens import Token

_DETERMINERS = frozenset({
    "the", "a", "an", "its", "his", "her", "their", "our", "my", "this", "that", "these", "those", "new",
    "more", "no", "any", "some", "first", "last", "major", "'s", "of", "in", "on", "for", "over", "from",
    "with",
    "by", "against", "at", "into", "another", "military", "nuclear", "economic", "joint",
    "air", "peace", "trade",
})  # fmt: skip
# After these an -ed form describes the noun that follows: "on imported steel", "Ukraine's occupied south".
_BEFORE_PARTICIPLE = frozenset({
    "the", "a", "an", "its", "his", "her", "their", "our", "my", "these", "those", "'s", "of", "in", "on",
    "for", "over", "from", "with", "against", "at", "into", "another", "new", "some", "any", "no",
})  # fmt: skip
_BEFORE_VERB = frozenset({
    "to", "will", "would", "could", "may", "might", "must", "should", "can", "not", "cannot", "won't",
    "don't", "doesn't", "didn't", "can't", "and", "they", "we", "i", "you", "who", "'ll", "shall", "let",
    "help", "never",
})  # fmt: skip
_AFTER_NOUN = frozenset(
    {"on", "against", "of", "by", "with", "between", "in", "to", "for", "over", "from", "near"}
)
_BE = frozenset(
    {"is", "are", "was", "were", "be", "been", "being", "gets", "get", "got", "'re", "has", "have"}
)
_AGENT = frozenset({"by", "in", "at", "near", "over", "after", "during", "as", "for", "from", "on", "amid"})
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Trigger:
    """An act at tokens ``[start, end)``."""

    act: Act
    start: int
    end: int
    passive: bool
    words: int
    #: The phrase of the lexicon.
    phrase: str = ""


def _is_verb(form: Form, tokens: Sequence[Token], i: int, clause: Clause, adjectives: frozenset[int]) -> bool:
    """Tell whether a word that may be verb or noun is a verb here."""
    before = tokens[i - 1].lower if i > clause.start else ""
    if form in ("past", "ing"):
        return form == "ing" or before not in _BEFORE_PARTICIPLE
    after = tokens[i + 1].lower if i + 1 < clause.end else ""
    if before in _BEFORE_VERB:
        return True
    if before in _DETERMINERS or not before or not before[0].isalnum():
        return False
    if form == "base":
        plural = before.endswith("s") and not before.endswith("'s")
        return plural and after not in _AFTER_NOUN
    return not (i - 1 in adjectives and after in _AFTER_NOUN)


def _passive(act: Act, form: Form, tokens: Sequence[Token], start: int, end: int, clause: Clause) -> bool:
    if form != "past":
        return False
    after = tokens[end].lower if end < clause.end else ""
    if after == "by":
        return True
    before = [t.lower for t in tokens[max(clause.start, start - _NEAR) : start]]
    if any(word in _BE - {"has", "have"} for word in before):
        return True
    # Headlines drop the auxiliary: "Two soldiers killed in Kherson".
    return (
        act.type in ("ASSAULT", "COERCE", "SANCTION") and (not after or after in _AGENT) and end == start + 1
    )


def find(
    lexicon: Lexicon,
    tokens: Sequence[Token],
    clause: Clause,
    adjectives: frozenset[int],
    taken: frozenset[int],
) -> list[Trigger]:
    """Return the acts of a clause, in order; ``taken`` are tokens of mentions, which report nothing."""
    found: list[Trigger] = []
    i = clause.start
    while i < clause.end:
        best: Trigger | None = None
        if i not in taken:
            for phrase in lexicon.get(tokens[i].lower, ()):
                end = match(phrase, tokens, i, clause.end)
                if end is None or (best and len(phrase.rest) + 1 < best.words):
                    continue
                if phrase.act.verb and not (phrase.rest and any(phrase.gaps)):
                    usable = _is_verb(phrase.form, tokens, i, clause, adjectives)
                else:
                    usable = True
                if usable and best is None:
                    passive = phrase.act.verb and _passive(phrase.act, phrase.form, tokens, i, end, clause)
                    best = Trigger(phrase.act, i, end, passive, len(phrase.rest) + 1, phrase.written)
        if best:
            found.append(best)
        # The words inside a gap may hold an act of their own: go on after the first word.
        i += 1 if not best or best.end - best.start > best.words else best.words
    return found
