"""Acts in a clause: lexicon phrases, read as verb or as noun by the words around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from streams.classify.clauses import Clause
from streams.classify.inflect import Form
from streams.classify.lexicon import Act, Lexicon, Phrase, match
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
# Verbs of the lexicon whose forms are no nouns in news: "Egypt condemn" and "Russia delivers to" cannot be
# read otherwise, as "Russia strikes on" can.
VERBS_ONLY = frozenset(
    """
    abandon abduct abolish abstain accede accept accuse acknowledge acquire acquit admit adopt advise
    agree allege allocate allow amass annex announce apologise apologize applaud apply appoint apprehend
    approve arbitrate argue arraign arrive ask assassinate assist assure attend avoid behead berate
    besiege bolster bombard break bring bulldoze bury buy cancel canvass capture carry castigate censure
    choose clinch coerce collaborate come commandeer commemorate commend complain concede conclude
    condemn confer confirm confiscate congratulate conquer conscript consider consult contradict convene
    convey convict cooperate coordinate criticise criticize declare decry defend defy deliver demolish
    denounce deny deplore deploy deport designate destroy detain detonate disagree disavow discuss
    disengage dismantle dismiss dispatch displace disregard disrupt dissolve distribute donate downgrade
    downplay eject elect eliminate encircle encourage endorse engage enter equip escalate establish
    evacuate evict examine exclude execute exempt expand expel explain expropriate extend extradite
    facilitate finalise flee foil fortify gather give go greet hack halve harass hear hijack ignore
    impose impound imprison inaugurate indict infiltrate inform injure insist inspect install intensify
    intercept interfere interrogate introduce invade invest investigate invite isolate join kidnap kill
    lambast laud lend liberate liken loosen lose lower maim mediate meet mobilise mobilize mock mourn
    mull nationalise negotiate neutralise normalise obstruct occupy oppose organise oust overrun oversee
    overturn penalise penetrate permit persecute plead postpone predict prepare prevent prohibit propose
    prosecute provide punish quit ratify reach reaffirm rebuff rebuild recapture receive recognise
    recognize recommend redeploy refuse refute reimpose reinforce reinstate reiterate reject relocate
    remain remind remove renew reopen repatriate repel replace rescind resign resist respond restore
    restrict resume retake retaliate reveal revoke scold seek seize sell send sever shun slam soften
    speak spurn strengthen submit subpoena sue suggest summon suppress surround suspend swear sympathise
    take tell threaten throw thwart tighten unblock undercut unfreeze unveil uphold urge vacate violate
    waive warn weaken withdraw withhold write
    """.split()  # noqa: SIM905 - easier to read than a list
)
_LISTING = frozenset({"and", "&", ","})
# Ends of nouns in the plural, beside s.
_PLURALS = ("men", "women", "people", "police", "children")
_TO = frozenset({"to", "will", "would", "must", "should", "could", "may", "might", "can", "cannot", "won't"})
_SHORTEST_VERB = 4
# Ends of words that are no verbs although they end in s.
_NO_VERB = ("ss", "us", "is", "ers", "ors", "ists", "ians")
#: A verb that the lexicon does not have: the model and the context decide class and type.
UNKNOWN = Act(type="CONSULT", mode=None, cameo=None, event_class=None, verb=True)


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


def _listed(tokens: Sequence[Token], i: int, clause: Clause, taken: frozenset[int]) -> bool:
    """Tell whether token ``i`` ends a list of names, which takes a verb in the plural."""
    if i not in taken:
        return False
    while i >= clause.start and i in taken:
        i -= 1
    return i > clause.start and tokens[i].lower in _LISTING


def _is_verb(
    phrase: Phrase,
    tokens: Sequence[Token],
    i: int,
    clause: Clause,
    adjectives: frozenset[int],
    taken: frozenset[int],
    *,
    lenient: bool,
) -> bool:
    """Tell whether a word that may be verb or noun is a verb here; ``lenient`` prefers the verb."""
    form = phrase.form
    before = tokens[i - 1].lower if i > clause.start else ""
    if form in ("past", "ing"):
        return form == "ing" or before not in _BEFORE_PARTICIPLE
    after = tokens[i + 1].lower if i + 1 < clause.end else ""
    if before in _BEFORE_VERB:
        return True
    if before in _DETERMINERS or not before or not before[0].isalnum():
        return False
    only = lenient or phrase.head in VERBS_ONLY
    if form == "base":
        plural = before.endswith(("s", *_PLURALS)) and not before.endswith("'s")
        return (plural or _listed(tokens, i - 1, clause, taken)) and (only or after not in _AFTER_NOUN)
    return only or not (i - 1 in adjectives and after in _AFTER_NOUN)


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
    *,
    lenient: bool = False,
) -> list[Trigger]:
    """Return the acts of a clause, in order; ``taken`` are tokens of mentions, which report nothing.

    ``lenient`` is for a text in which no act was found: a word that may be verb or noun is a verb then.
    """
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
                    usable = _is_verb(phrase, tokens, i, clause, adjectives, taken, lenient=lenient)
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


def find_unknown(
    tokens: Sequence[Token], clause: Clause, taken: frozenset[int], subjects: frozenset[int]
) -> list[Trigger]:
    """Return the verb of a clause that stands right after its subject, be it in the lexicon or not.

    For clauses of a text in which the lexicon finds no act. ``taken`` are tokens of names, ``subjects`` the
    last ones of those that may be a subject. Read by form: "Namibia forbids", "NATO to fly".
    """
    for i in range(clause.start + 1, clause.end):
        if i - 1 not in subjects:
            continue
        to = tokens[i].lower in _TO
        at = i + to
        if at < clause.end and at not in taken and _looks_like_verb(tokens[at], after_to=to):
            return [Trigger(UNKNOWN, at, at + 1, passive=False, words=1)]
    return []


def _looks_like_verb(token: Token, *, after_to: bool) -> bool:
    word = token.lower
    if not word.isalpha() or len(word) < _SHORTEST_VERB:
        return False
    return after_to or (word.endswith(("s", "ed")) and not word.endswith(_NO_VERB))
