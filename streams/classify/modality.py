"""Whether an act is said to have happened: asserted, future, hypothetical or negated."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from streams.classify.clauses import Clause
from streams.classify.tokens import Token
from streams.classify.triggers import Trigger
from streams.records import Modality

_NEGATIONS = frozenset(
    {"not", "never", "no", "without", "cannot", "neither", "nor", "fails", "failed", "fail"}
)
_FUTURE = frozenset({"will", "'ll", "shall", "plans", "set", "expected", "vows", "poised", "going", "due"})
_HYPOTHETICAL = frozenset({
    "may", "might", "could", "would", "should", "considers", "considering", "mulls", "weighs", "possible",
    "possibly", "if", "unless", "whether", "potential",
})  # fmt: skip
_REACH = 5
# Before May, the month: no mood follows them.
_BEFORE_A_MONTH = frozenset(
    {"in", "on", "of", "last", "since", "early", "late", "by", "until", "from", "during"}
)


def modality(trigger: Trigger, tokens: Sequence[Token], clause: Clause) -> Modality:
    """Read the words before an act: a negation wins over a condition, a condition over the future.

    The models count this reading; what an event says is read by ``mood_of``.
    """
    return mood(trigger, tokens, clause)[0]


def mood(trigger: Trigger, tokens: Sequence[Token], clause: Clause) -> tuple[Modality, str]:
    """Return the modality of an act, and the word that tells it; empty where no word does."""
    reach = range(max(clause.start, trigger.start - _REACH), trigger.start)
    before = [tokens[at].lower for at in reach if not _is_name_or_number(tokens, at)]
    negation = next((w for w in before if w in _NEGATIONS or w.endswith("n't")), "")
    if negation and trigger.act.type != "REJECT":
        return "negated", negation
    condition = next((w for w in before if w in _HYPOTHETICAL), "")
    if clause.condition or condition:
        return "hypothetical", condition or tokens[clause.start].lower
    # "to": headlines write the future so ("Germany to send tanks").
    future = next((w for w in before if w in _FUTURE), "")
    if not future and ("about", "to") in pairwise(before):
        future = "about to"
    if not future and before[-1:] == ["to"] and trigger.act.verb:
        future = "to"
    return ("future", future) if future else ("asserted", "")


def _is_name_or_number(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a word is no mood here: May, the month, or No. before a number."""
    word = tokens[at].lower
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if word == "no":
        return after == "." or after[:1].isdigit()
    if word != "may":
        return False
    before = tokens[at - 1] if at else None
    beside = before is not None and (before.lower in _BEFORE_A_MONTH or before.text[0].isdigit())
    return beside or after[:1].isdigit()
