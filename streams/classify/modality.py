"""Whether an act is said to have happened: asserted, future, hypothetical or negated."""

from __future__ import annotations

from collections.abc import Sequence

from streams.classify.clauses import Clause
from streams.classify.tokens import Token
from streams.classify.triggers import Trigger
from streams.records import Modality

_NEGATIONS = frozenset(
    {"not", "never", "no", "without", "cannot", "neither", "nor", "fails", "failed", "fail"}
)
_FUTURE = frozenset(
    {"will", "'ll", "shall", "plans", "set", "about", "expected", "vows", "poised", "going", "due"}
)
_HYPOTHETICAL = frozenset({
    "may", "might", "could", "would", "should", "considers", "considering", "mulls", "weighs", "possible",
    "possibly", "if", "unless", "whether", "potential",
})  # fmt: skip
_REACH = 5


def modality(trigger: Trigger, tokens: Sequence[Token], clause: Clause) -> Modality:
    """Read the words before an act: a negation wins over a condition, a condition over the future."""
    return mood(trigger, tokens, clause)[0]


def mood(trigger: Trigger, tokens: Sequence[Token], clause: Clause) -> tuple[Modality, str]:
    """Return the modality of an act, and the word that tells it; empty where no word does."""
    before = [t.lower for t in tokens[max(clause.start, trigger.start - _REACH) : trigger.start]]
    negation = next((w for w in before if w in _NEGATIONS or w.endswith("n't")), "")
    if negation and trigger.act.type != "REJECT":
        return "negated", negation
    condition = next((w for w in before if w in _HYPOTHETICAL), "")
    if clause.condition or condition:
        return "hypothetical", condition or tokens[clause.start].lower
    # "to": headlines write the future so ("Germany to send tanks").
    future = next((w for w in before if w in _FUTURE), "")
    if not future and before[-1:] == ["to"] and trigger.act.verb:
        future = "to"
    return ("future", future) if future else ("asserted", "")
