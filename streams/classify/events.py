"""Events of a document: who did what to whom, read from its clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from streams import ids
from streams.classify.actors import JOINERS, Mention
from streams.classify.candidates import Candidate, Parse, parse
from streams.classify.choice import (
    Choice,
    TypeOdds,
    contexts_around,
    each_its_own,
    parted,
    settled,
    type_odds,
    weighed,
)
from streams.classify.features import coded_text, whole_sentence
from streams.classify.lexicon import Act, current, shipped
from streams.classify.naming import actors, named
from streams.classify.plover import intensity
from streams.classify.roles import Told, assign
from streams.classify.scores import Scores, first_look, score
from streams.classify.setting import locate, reaches
from streams.classify.tokens import span_of
from streams.classify.version import coder_version
from streams.classify.when import when_told
from streams.corrections import NONE, Corrections
from streams.records import (
    EnrichedDocument,
    Entity,
    Event,
    EventClass,
    EventSpans,
    Span,
)

_WITHOUT_SIDE = 0.85
_NOUN = 0.9


def _spans(side: Sequence[Mention]) -> tuple[Span, ...]:
    return tuple(mention.entity.span for mention in side)


def confidence_factors(candidate: Candidate) -> dict[str, float]:
    """Return what the probability of the class is multiplied with."""
    return {
        "by rule a side is missing": 1.0 if candidate.source and candidate.target else _WITHOUT_SIDE,
        "the act is a noun": 1.0 if candidate.trigger.act.verb else _NOUN,
    }


def _confidence(candidate: Candidate, probability: float) -> float:
    for factor in confidence_factors(candidate).values():
        probability *= factor
    return round(probability, 4)


def ruled_sides(candidate: Candidate, event_class: EventClass) -> tuple[Sequence[Mention], Sequence[Mention]]:
    """Return source and target by rule; in diplomacy the speaker is the source."""
    source, target = candidate.source, candidate.target
    speaker = candidate.speaker
    if event_class == "diplomacy" and speaker and not {m.code for m in speaker} & {m.code for m in source}:
        spoken = {m.code: m for m in (*source, *target) if m.code not in {s.code for s in speaker}}
        return speaker, tuple(spoken.values())
    return source, target


@dataclass(frozen=True, slots=True)
class Coded:
    """One act that became an event: what was told, and the event.

    ``further`` is an act beside what the text is mostly about: its own sentence told its type and sides.
    """

    told: Told
    event: Event
    further: bool = False


@dataclass(frozen=True, slots=True)
class Coding:
    """How a document was read: its scores, its acts, and the events that were made of them."""

    scores: Scores
    parsed: Parse
    odds: TypeOdds
    events: tuple[Coded, ...]


def _event(
    enriched: EnrichedDocument,
    parsed: Parse,
    choice: Choice,
    scores: Scores,
    odds: TypeOdds,
    corrections: Corrections,
) -> Coded:
    document, tokens = enriched.document, parsed.tokens
    candidate, event_class, further = choice.candidate, choice.event_class, choice.further
    act = candidate.trigger.act if further else settled(candidate.trigger.act, odds)
    told = Told(parsed, candidate, event_class, act.type, ruled_sides(candidate, event_class))
    if further:
        source, target = own_sides(told, act)
    else:
        source, target = (_of_own_part(side, candidate, parsed) for side in assign(told, scores.reading))
    if not (source or target):
        source, target = told.ruled
    evidence = whole_sentence(enriched, span_of(tokens, *candidate.sentence))
    place, place_span = locate(candidate, act, target, parsed, enriched)
    modality, _, date = when_told(candidate, act.type, parsed, enriched)
    pairs = zip((source, target), told.ruled, strict=True)
    source, target = (named(side, ruled, parsed, corrections) for side, ruled in pairs)
    who, whom = actors(source), actors(target)
    event = Event(
        event_id=ids.event_id(document.document_id, event_class, act.type, who, whom, evidence),
        document_id=document.document_id,
        event_class=event_class,
        type=act.type,
        mode=act.mode,
        contexts=contexts_around(candidate, parsed),
        cameo=act.cameo,
        intensity=intensity(act.type, act.mode),
        source=who,
        target=whom,
        place=place,
        date=date,
        modality=modality,
        confidence=_confidence(candidate, scores.of(event_class)),
        evidence=document.text[evidence.start : evidence.end],
        spans=EventSpans(
            trigger=span_of(tokens, candidate.trigger.start, candidate.trigger.end),
            source=_spans(source),
            target=_spans(target),
            place=place_span,
            date=date.span if date is not None else None,
            evidence=evidence,
        ),
        headline=document.headline,
        language=document.language,
        url=document.url,
        page_url=document.page_url,
        site=document.site,
        published_at=document.published_at,
        fetched_at=document.fetched_at,
        coder_version=coder_version(corrections),
        lineage=document.lineage,
    )
    return Coded(told, event, further)


def classify(enriched: EnrichedDocument, corrections: Corrections = NONE) -> tuple[Event, ...]:
    """Return the events a document reports, in the order of its text.

    None when the document is about none of the classes, or when no actor and act stand in one clause.
    ``corrections`` are an operator's, of the lexicon; the document was enriched with the same.
    """
    look = first_look(enriched)
    if not look.is_open:
        return ()
    parsed = _parse(enriched, corrections)
    if not parsed.candidates:  # the encoder need not read what no event can be made of
        return ()
    # The gate reads by the shipped lexicon, whatever an operator's is.
    scores = score(enriched, look, parsed if current(corrections) is shipped() else None)
    if not scores.reported:
        return ()
    return tuple(coded.event for coded in coding(enriched, scores, corrections, parsed).events)


def _inside(enriched: EnrichedDocument) -> list[Entity]:
    """Return the entities of the part of a document that is coded."""
    end = len(coded_text(enriched))
    return [e for e in enriched.entities if e.span.end <= end]


def _parse(enriched: EnrichedDocument, corrections: Corrections) -> Parse:
    return parse(coded_text(enriched), _inside(enriched), current(corrections))


def coding(
    enriched: EnrichedDocument,
    scores: Scores,
    corrections: Corrections = NONE,
    parsed: Parse | None = None,
) -> Coding:
    """Read the acts of a document, or take them; events are made where its scores say that it reports one."""
    text, inside = coded_text(enriched), _inside(enriched)
    parsed = parsed or _parse(enriched, corrections)
    odds = type_odds(text, inside, parsed, scores.reading)
    told: list[Coded] = []
    for choice in each_its_own(weighed(parsed, scores, odds), odds) if scores.reported else ():
        if not choice.apart:
            continue
        coded = _event(enriched, parsed, choice, scores, odds, corrections)
        again = next((i for i, other in enumerate(told) if _tells_again(coded, other)), None)
        if again is None:
            told += [coded] if coded.event.target or not (choice.further and choice.candidate.target) else []
        else:
            told[again] = _completed(told[again], coded.event)
    told.sort(key=lambda coded: coded.told.candidate.trigger.start)
    found: dict[str, Coded] = {}
    for coded in told:
        found.setdefault(coded.event.event_id, coded)
    return Coding(scores, parsed, odds, tuple(found.values()))


def _of_own_part(side: Sequence[Mention], candidate: Candidate, parsed: Parse) -> list[Mention]:
    """Return who of a side stands in no other part of a line whose parts tell acts of their own."""
    at = candidate.trigger.start
    same = (c.trigger.start for c in parsed.candidates if c.sentence == candidate.sentence)
    others = [other for other in same if parted(other, at, parsed)]
    return [m for m in side if all(parted(m.start, other, parsed) for other in others)]


def own_sides(told: Told, act: Act) -> tuple[Sequence[Mention], Sequence[Mention]]:
    """Return source and target of a further act by rule; where two agree ("in Geneva") is no side of it."""
    candidate = told.candidate
    source, target = told.ruled
    if any(parted(m.start, candidate.trigger.start, told.parsed) for m in candidate.speaker):
        source, target = candidate.source, candidate.target
    if not act.verb and act.type == "ASSAULT":
        source = _with_joined(source, told)
    if reaches(act):
        return source, target
    return source, tuple(m for m in target if not (m.located and m.entity.type == "place"))


def _with_joined(side: Sequence[Mention], told: Told) -> Sequence[Mention]:
    """Return a side with who is joined to it from the left: "US and Israeli strikes"."""
    found = list(side)
    for mention in reversed(told.parsed.mentions if found else []):
        between = [t.lower for t in told.parsed.tokens[mention.end : found[0].start]]
        if between and all(word in JOINERS for word in between):
            found.insert(0, mention)
    return found


def _tells_again(coded: Coded, other: Coded) -> bool:
    """Say whether a further act is one already told: by the same, in no other way, time or place."""
    one, two = coded.event, other.event
    # What a model read in the main act, the lexicon may call as it calls its repetition.
    types = {two.type, other.told.candidate.trigger.act.type}
    if not coded.further or one.event_class != two.event_class or one.type not in types:
        return False
    source, target = ({a.country for a in side} for side in (two.source, two.target))
    apart = (
        (one.mode, two.mode),
        (one.modality, two.modality),
        (one.place and one.place.name, two.place and two.place.name),
        (one.date and (one.date.start, one.date.end), two.date and (two.date.start, two.date.end)),
    )
    return (
        {a.country for a in one.source} <= source
        and {a.country for a in one.target} <= source | target
        and not any(mine and its and mine != its for mine, its in apart)
    )


def _completed(coded: Coded, again: Event) -> Coded:
    """Return what was told with the place and the date that only its repetition names."""
    event = coded.event
    if event.place is None and again.place is not None:
        event = replace(event, place=again.place, spans=replace(event.spans, place=again.spans.place))
    if event.date is None and again.date is not None:
        event = replace(event, date=again.date, spans=replace(event.spans, date=again.spans.date))
    return replace(coded, event=event)
