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
    before = [t.lower for t in tokens[max(clause.start, trigger.start - _REACH) : trigger.start]]
    if trigger.act.type != "REJECT" and any(w in _NEGATIONS or w.endswith("n't") for w in before):
        return "negated"
    if clause.condition or any(w in _HYPOTHETICAL for w in before):
        return "hypothetical"
    # "to": headlines write the future so ("Germany to send tanks").
    future = any(w in _FUTURE for w in before) or (before[-1:] == ["to"] and trigger.act.verb)
    return "future" if future else "asserted"
