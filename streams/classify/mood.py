"""Whether an event is said to have happened, by more of its sentence than the models count.

``modality`` reads one word before an act; the models were trained on that reading, so it stays as it is. Here
the act has its final type, and its whole sentence is at hand.
"""

from __future__ import annotations

from itertools import pairwise

from streams.classify.candidates import Candidate, Parse
from streams.classify.clauses import HARD, spaced_hyphen
from streams.classify.modality import mood
from streams.records import Modality, PloverType

#: What :func:`mood_of` names where no word but the sign of a question tells it.
QUESTION = "?"
# A question that opens with one of these takes for granted that the act happened: "Why did X attack Y?"
_ASKS_FOR_MORE = frozenset({"why", "how", "who", "whom", "whose", "what", "when", "where", "which"})
# What is begun, managed or forced happens, though "to" stands before it.
_DOES = frozenset({
    "continue", "continues", "continued", "begin", "begins", "began", "begun", "start", "starts", "started",
    "manage", "manages", "managed", "forced", "compelled", "helps", "helped",
})  # fmt: skip
# So does what something is used for ("used drones to attack").
_MEANS = frozenset({"used", "uses", "using"})
# What is refused does not happen.
_DOES_NOT = frozenset({
    "refuse", "refuses", "refused", "refusing", "decline", "declines", "declined", "declining", "failing",
    "unable", "unwilling", "reluctant",
})  # fmt: skip
_SAID = frozenset({
    "said", "announced", "told", "confirmed", "added", "pledged", "promised", "vowed", "declared", "decided",
    "agreed", "stated", "insisted",
})  # fmt: skip
_CONDITIONS = frozenset({"if", "unless", "whether"})
# These are about an act, which a word of the future or of denial before it concerns: who refuses to send
# refuses now.
_ABOUT_AN_ACT = frozenset({"REJECT", "THREATEN", "REQUEST", "ACCUSE"})
_DENIALS = frozenset({"not", "won't", "don't", "doesn't", "didn't", "cannot", "never"})
_REACH = 4  # as many words may name the means, and stand before "to"


def mood_of(candidate: Candidate, told_as: PloverType, parsed: Parse) -> tuple[Modality, str]:
    """Return the modality of an event of a type, and the word that tells it; empty where none does."""
    found, word = mood(candidate.trigger, parsed.tokens, candidate.clause)
    if _is_asked(candidate, parsed):
        return "hypothetical", QUESTION
    if word == "would" and _is_reported(candidate, parsed):
        found = "future"
    if found in ("future", "negated") and _is_content(candidate, told_as, parsed):
        return "asserted", ""
    if found != "future":
        return found, word
    return _of_future(candidate, word, parsed)


def _of_future(candidate: Candidate, word: str, parsed: Parse) -> tuple[Modality, str]:
    """Return what a word of the future tells, with the verb that governs it."""
    if word == "due" and not candidate.trigger.act.verb and _is_cause(candidate, parsed):
        return "asserted", ""
    if word == "to":
        ruler = _ruler(candidate, parsed)
        if ruler in _DOES or ruler in _MEANS:
            return "asserted", ""
        if ruler in _DOES_NOT:
            return "negated", ruler
    return "future", word


def _is_cause(candidate: Candidate, parsed: Parse) -> bool:
    """Say whether an act that is a noun stands after "due to"."""
    before = [t.lower for t in parsed.tokens[candidate.clause.start : candidate.trigger.start]]
    return ("due", "to") in pairwise(before)


def _ruler(candidate: Candidate, parsed: Parse) -> str:
    """Return the word before the "to" of an act ("continues to bomb"), or before the name there."""
    tokens, clause, to = parsed.tokens, candidate.clause, candidate.trigger.start - 1
    if any(token.lower in _MEANS for token in tokens[max(clause.start, to - _REACH) : to]):
        return "used"
    at = next((m.start for m in parsed.mentions if m.end == to), to) - 1
    return tokens[at].lower if at >= clause.start else ""


def _is_content(candidate: Candidate, told_as: PloverType, parsed: Parse) -> bool:
    """Say whether the words before an act tell what is refused, threatened or asked for, not whether it is.

    So where the act's own word names what it is about ("refuses to deliver"), and in a refusal told by "not".
    """
    trigger = candidate.trigger
    if told_as not in _ABOUT_AN_ACT:
        return False
    own = (token.lower for token in parsed.tokens[trigger.start : trigger.end])
    return trigger.act.type != told_as or (told_as == "REJECT" and not _DENIALS.isdisjoint(own))


def _is_reported(candidate: Candidate, parsed: Parse) -> bool:
    """Say whether "would" is the future of somebody's words ("said it would"), on no condition."""
    start, end = candidate.sentence
    before = {token.lower for token in parsed.tokens[start : candidate.trigger.start]}
    return bool(before & _SAID) and not any(t.lower in _CONDITIONS for t in parsed.tokens[start:end])


def _is_asked(candidate: Candidate, parsed: Parse) -> bool:
    """Say whether an act stands in a question of whether it happened."""
    tokens, (start, end) = parsed.tokens, candidate.sentence

    def parts(at: int) -> bool:
        return tokens[at].text in HARD or (at > start and spaced_hyphen(tokens, at))

    signs = range(candidate.trigger.end, end)
    stop = next((at for at in signs if tokens[at].text == QUESTION or parts(at)), None)
    if stop is None or tokens[stop].text != QUESTION:
        return False
    opens = next((at + 1 for at in range(candidate.trigger.start - 1, start - 1, -1) if parts(at)), start)
    words = (tokens[at].lower for at in range(opens, stop) if tokens[at].text[0].isalnum())
    return next(words, "") not in _ASKS_FOR_MORE
