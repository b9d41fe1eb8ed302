"""Which candidates become events: one for each class that the model reports, more where the text is plain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from streams.classify import blend
from streams.classify.acts import act_features
from streams.classify.candidates import Candidate, Parse
from streams.classify.contexts import contexts_of
from streams.classify.encoder import Reading
from streams.classify.features import features
from streams.classify.lexicon import Act
from streams.classify.model import TYPE_HEADS, shipped_types
from streams.classify.plover import GENERAL_CODES
from streams.classify.scores import Scores
from streams.classify.triggers import Trigger
from streams.records import Entity, EventClass, PloverType

_TRADE = frozenset({"economic", "natural_resource"})
_MILITARY = frozenset({"military", "terrorism"})


def class_of(candidate: Candidate, contexts: Iterable[str], scores: Scores) -> EventClass | None:
    """Return the class an act has here: its own when the model reports it, else by its context.

    None when the act decides a class that the model does not report.
    """
    hint = candidate.trigger.act.event_class
    present = set(contexts)
    if hint is not None and hint in scores.classes:
        return hint
    if hint is None:
        if "trade" in scores.classes and present & _TRADE:
            return "trade"
        if "military" in scores.classes and present & _MILITARY:
            return "military"
        return scores.classes[0] if len(scores.classes) == 1 else None if not scores.classes else "diplomacy"
    return None


def contexts_around(candidate: Candidate, parsed: Parse) -> tuple[str, ...]:
    """Return the contexts of the sentence that a candidate stands in; the West Bank makes none economic."""
    named = (m for m in parsed.mentions if m.entity.type in ("country", "place"))
    hidden = {at for m in named for at in range(m.start, m.end)}
    return contexts_of(parsed.tokens[at].lower for at in range(*candidate.sentence) if at not in hidden)


TypeOdds = Mapping[PloverType, float]

_TYPE_SHARE = 0.8
_OVERRULE = 0.5


def type_odds(
    text: str, entities: Sequence[Entity], parsed: Parse, reading: Reading | None = None
) -> dict[PloverType, float]:
    """Return how likely each PLOVER type is in a text: the logarithm, up to a constant.

    By the linear type model, and by the encoder's reading where there is one.
    """
    values = shipped_types().log_odds((*features(text, entities), act_features(parsed)))
    linear = {plover: float(value) for plover, value in zip(TYPE_HEADS, values, strict=True)}
    if reading is None:
        return linear
    both = blend.shipped()[blend.TYPE]
    return {plover: both.log_odds(value, reading.types[plover]) for plover, value in linear.items()}


def settled(act: Act, odds: TypeOdds) -> Act:
    """Return the act, its type overruled where the type model is much surer of another.

    A word such as "back" or "hit" is many acts; the rest of the text tells which. Mode and code belong to
    the lexicon's reading and go with it; what is left is the type's general code, if it has one. Never by
    PROTEST: crowds are of none of the three classes, so an act that has one is no protest.
    """
    best = max(TYPE_HEADS, key=lambda t: odds[t])
    if odds[best] - odds[act.type] <= _OVERRULE or best == "PROTEST":
        return act
    code = GENERAL_CODES.get(best)
    return Act(type=best, mode=None, cameo=code, event_class=act.event_class, verb=act.verb)


def fit_parts(candidate: Candidate, event_class: EventClass, odds: TypeOdds) -> dict[str, float]:
    """Return what speaks for a candidate: plain verbs with both sides, early in the text, first."""
    act = candidate.trigger.act
    return {
        "the act's own class": 1.0 * (act.event_class == event_class),
        "odds of its type": _TYPE_SHARE * odds[act.type],
        "a verb": 1.0 * act.verb,
        "several words": 1.0 * (candidate.trigger.words > 1),
        "has a source": 1.0 * bool(candidate.source),
        "has a target": 0.8 * bool(candidate.target),
        "asserted": 0.5 * (candidate.modality == "asserted"),
        "later in the text": -0.02 * candidate.trigger.start,
    }


def fit(candidate: Candidate, event_class: EventClass, odds: TypeOdds) -> float:
    """Return how well a candidate tells its class."""
    return sum(fit_parts(candidate, event_class, odds).values())


def _fallback(parsed: Parse, event_class: EventClass, odds: TypeOdds) -> Candidate | None:
    """Return the best act of another class, for a class the text reports in words of its own."""
    free = [c for c in parsed.candidates if c.source]
    return max(free, key=lambda c: fit(c, event_class, odds), default=None)


def choose(parsed: Parse, scores: Scores, odds: TypeOdds) -> list[tuple[EventClass, Candidate]]:
    """Return the events' classes and candidates, in the order of the text."""
    by_class: dict[EventClass, list[Candidate]] = {c: [] for c in scores.classes}
    for candidate in parsed.candidates:
        event_class = class_of(candidate, contexts_around(candidate, parsed), scores)
        if event_class in by_class:
            by_class[event_class].append(candidate)
    chosen: list[tuple[EventClass, Candidate]] = []
    for event_class, found in by_class.items():
        best = max(found, key=lambda c: fit(c, event_class, odds), default=None)
        if best is None and event_class == scores.primary:
            best = _fallback(parsed, event_class, odds)
        if best is not None:
            chosen.append((event_class, best))
            chosen += [(event_class, c) for c in _more(found, best)]
    return sorted(chosen, key=lambda pair: pair[1].trigger.start)


@dataclass(frozen=True, slots=True)
class Choice:
    """An act that tells an event of a class.

    ``further`` is one beside what the text is mostly about, which is all that the models of types and sides
    read: its own sentence tells them. Without ``apart`` it tells no event by itself.
    """

    event_class: EventClass
    candidate: Candidate
    further: bool
    apart: bool


def weighed(parsed: Parse, scores: Scores, odds: TypeOdds) -> list[Choice]:
    """Return what :func:`choose` does; the main act of each class, which the text tells first, before others.

    With them come acts that a semicolon parts from those of their class. Where the first act of a class
    stands apart from the very first, it is a further one if it can be.
    """
    pairs = _with_other_parts(choose(parsed, scores, odds), parsed, scores)
    found: list[Choice] = []
    for event_class, candidate in pairs:
        apart = _tells_by_itself(candidate, event_class, parsed)
        first = all(choice.event_class != event_class for choice in found)
        # What fits its class best is told in any case: by the models where it cannot be told without them.
        main = first or (not apart and candidate is _best(event_class, pairs, odds))
        lead = pairs[0][1]
        with_lead = candidate.sentence == lead.sentence and not parted(
            candidate.trigger.start, lead.trigger.start, parsed
        )
        beside = with_lead or not apart
        found.append(Choice(event_class, candidate, further=not (main and beside), apart=apart or main))
    return sorted(found, key=lambda choice: choice.further)


def each_its_own(choices: Sequence[Choice], odds: TypeOdds) -> list[Choice]:
    """Return the choices, main ones first, those in which the models read another's act told by themselves.

    The models read one type in a text. Where two of its acts tell events of two classes, by different actors
    ("condemns the strike"), it is that of one of them; the lexicon tells the other if it is plain.
    """
    found = [
        replace(choice, further=True) if any(_is_of(other, choice, odds) for other in choices) else choice
        for choice in choices
    ]
    return sorted(found, key=lambda choice: choice.further)


def _is_of(other: Choice, choice: Choice, odds: TypeOdds) -> bool:
    """Say whether what the models read in a choice's act is the act of another, of another class."""
    candidate, act = choice.candidate, choice.candidate.trigger.act
    plain = candidate.source and candidate.target and candidate.modality == "asserted"
    if not plain or act.event_class != choice.event_class or other.event_class == choice.event_class:
        return False
    apart = not {m.code for m in candidate.source} & {m.code for m in other.candidate.source}
    return apart and act.type != other.candidate.trigger.act.type == settled(act, odds).type


def _best(
    event_class: EventClass, pairs: Sequence[tuple[EventClass, Candidate]], odds: TypeOdds
) -> Candidate:
    return max((c for k, c in pairs if k == event_class), key=lambda c: fit(c, event_class, odds))


def _with_other_parts(
    pairs: Sequence[tuple[EventClass, Candidate]], parsed: Parse, scores: Scores
) -> list[tuple[EventClass, Candidate]]:
    """Return acts with the plain ones of their classes that stand beyond a semicolon of their sentences."""
    found = list(pairs)
    for candidate in parsed.candidates:
        event_class = class_of(candidate, contexts_around(candidate, parsed), scores)
        if event_class is None or not _tells_by_itself(candidate, event_class, parsed):
            continue
        near = [c for k, c in found if k == event_class and c.sentence == candidate.sentence]
        if near and all(parted(candidate.trigger.start, c.trigger.start, parsed) for c in near):
            found.append((event_class, candidate))
    return found


def parted(one: int, other: int, parsed: Parse) -> bool:
    """Say whether a semicolon stands between two tokens."""
    start, end = sorted((one, other))
    return any(token.text == ";" for token in parsed.tokens[start:end])


def tells_by_itself(trigger: Trigger) -> bool:
    """Say whether an act alone tells an event.

    A verb that the lexicon does not know, and one of saying, tell only what a model reads in them.
    """
    act = trigger.act
    return bool(trigger.phrase) and not (act.type == "CONSULT" and act.event_class is None)


def _tells_by_itself(candidate: Candidate, event_class: EventClass, parsed: Parse) -> bool:
    """Say whether an act and its sentence tell an event of a class, whatever the text is about."""
    if not (_is_plain(candidate) and tells_by_itself(candidate.trigger)):
        return False
    if candidate.trigger.act.event_class is not None:
        return candidate.trigger.act.event_class == event_class
    contexts = set(contexts_around(candidate, parsed))
    if event_class == "military":
        return bool(contexts & _MILITARY)
    return event_class == "diplomacy" or bool(contexts & _TRADE) or not contexts & _MILITARY


def _is_plain(candidate: Candidate) -> bool:
    return candidate.trigger.act.verb and bool(candidate.source and candidate.target)


def _more(found: Sequence[Candidate], best: Candidate) -> list[Candidate]:
    """Return further acts of one class: plain ones of other sentences that tell something else."""
    told = {(best.trigger.act.type, _codes(best))}
    result = []
    for candidate in found:
        key = (candidate.trigger.act.type, _codes(candidate))
        if (
            _is_plain(candidate)
            and candidate.clause != best.clause
            and key not in told
            and candidate.sentence != best.sentence
        ):
            told.add(key)
            result.append(candidate)
    return result


def _codes(candidate: Candidate) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(m.code for m in candidate.source), frozenset(m.code for m in candidate.target)
