"""The values of an event, each with what gave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from streams.classify import blend, roles
from streams.classify.choice import TypeOdds
from streams.classify.events import Coded, Coding, confidence_factors
from streams.classify.mood import QUESTION
from streams.classify.tokens import span_of
from streams.classify.when import when_told
from streams.explain import words
from streams.explain.acts import codes, words_of
from streams.explain.records import Value, Weight
from streams.records import EVENT_CLASSES, Actor, EnrichedDocument

_FEW = 4


def values(coded: Coded, coding: Coding, enriched: EnrichedDocument) -> tuple[Value, ...]:
    """Return the values of one event, in the order of a reader's questions."""
    return (
        _class(coded, coding),
        _type(coded, coding.odds, enriched.document.text),
        *_sides(coded, coding),
        _place(coded, enriched),
        _date(coded, enriched),
        _modality(coded, enriched),
        _confidence(coded, coding),
    )


def _class(coded: Coded, coding: Coding) -> Value:
    event, scores = coded.event, coding.scores
    own = coded.told.candidate.trigger.act.event_class
    if own == event.event_class:
        why = "the act's own class, and the model reports it"
    elif own is None:
        context = ", ".join(event.contexts) or "none"
        why = f"the act may be of any class; contexts of its sentence: {context}"
    else:
        why = f"the model reports it; the act is one of {own}, but no other act fits better"
    others = tuple(f"{c} {scores.of(c):.2f}" for c in EVENT_CLASSES if c != event.event_class)
    return Value(field="class", value=event.event_class, why=why, instead=others)


def _type(coded: Coded, odds: TypeOdds, text: str) -> Value:
    event, trigger = coded.event, coded.told.candidate.trigger
    ordered = sorted(odds.items(), key=lambda pair: -pair[1])
    words_ = words_of(text, event.spans.trigger)
    why = (
        f"“{words_}” is “{words.short(trigger.phrase)}” of the lexicon"
        if trigger.phrase
        else f"“{words_}” is no act of the lexicon, but the verb after a name"
    )
    if not trigger.phrase:
        why += f", {trigger.act.type} unless the type model is surer of another"
    elif event.type != trigger.act.type:
        why += (
            f", there {trigger.act.type}: overruled by the type model, which is surer of {event.type} "
            f"by {odds[event.type] - odds[trigger.act.type]:.2f}"
        )
    if coded.further:
        why += "; the type model reads what the text is mostly about, which is another act"
    kind = "/".join(filter(None, (event.type, event.mode, event.cameo)))
    return Value(
        field="type",
        value=kind,
        why=why,
        weights=()
        if coded.further
        else tuple(Weight(what=f"log odds of {name}", value=round(v, 2)) for name, v in ordered[:_FEW]),
        instead=tuple(name for name, _ in ordered[:_FEW] if name != event.type),
    )


def _sides(coded: Coded, coding: Coding) -> tuple[Value, Value]:
    told = coded.told
    of_source, of_target = roles.shipped()
    read = roles.by_encoder(told, coding.scores.reading)
    as_source, as_target = roles.side_odds(told, read)
    likely = roles.likely(as_source)

    def side(name: str, actors: Sequence[Actor], odds: roles.Odds) -> Value:
        weights_of, at = (of_source, 0) if name == "source" else (of_target, 1)
        heard = [None if pair is None else pair[at] for pair in read]
        given = None if name == "source" else likely
        ruled = codes(told.ruled[0] if name == "source" else told.ruled[1])
        chosen = {actor.country for actor in actors}
        reasons = [
            Weight(what=f"{code} as {name}, log odds", value=round(value, 2))
            for code, (value, _) in sorted(odds.items(), key=lambda pair: -pair[1][0])
        ]
        strongest = [
            weight
            for code, (_, i) in odds.items()
            if code in chosen
            for weight in _reasons(told, i, weights_of, given, code, heard[i])
        ]
        instead = tuple(f"{code}: not likely" for code in odds if code not in chosen)
        by_rule = not any(value > 0 for value, _ in odds.values()) and bool(actors)
        why = "the scorer finds nobody likely: by rule" if by_rule else f"weighed; by rule it is {ruled}"
        shown = ", ".join(f"{a.name} ({a.country or '?'}{' ' + a.role if a.role else ''})" for a in actors)
        if coded.further:
            why = "by rule, from its own sentence: the text is mostly about another act"
            return Value(field=name, value=shown or "nobody", why=why)
        return Value(
            field=name, value=shown or "nobody", why=why, weights=(*reasons, *strongest), instead=instead
        )

    event = coded.event
    return (
        side("source", event.source, as_source),
        side("target", event.target, as_target),
    )


def _reasons(
    told: roles.Told,
    i: int,
    weights: Mapping[str, float],
    given: set[str] | None,
    code: str,
    odds: float | None,
) -> list[Weight]:
    """Return what speaks for a mention: what the encoder reads, as one weight, and the strongest features.

    Each counts as much as it does in the log odds.
    """
    side = blend.shipped()[blend.SOURCE if given is None else blend.TARGET]
    share = 1.0 if odds is None else side.linear
    read = [] if odds is None else [Weight(what=f"{code}: the encoder", value=round(side.encoder * odds, 2))]
    terms = roles.features(told, i) + ([] if given is None else roles.given_source(told, i, given))
    known = sorted({t for t in terms if weights.get(t)}, key=lambda t: (-abs(weights[t]), t))
    return read + [
        Weight(what=f"{code}: {words.side(term)}", value=round(share * weights[term], 2))
        for term in known[:3]
    ]


def _place(coded: Coded, enriched: EnrichedDocument) -> Value:
    place = coded.event.place
    instead = tuple(
        dict.fromkeys(
            f"{p.name} ({p.country}), {p.precision}" for p in enriched.places if p.span != _at(coded)
        )
    )
    if place is None:
        return Value(
            field="place", value="none", why="no place is named in the act's clause", instead=instead[:_FEW]
        )
    point = f", {place.lat:.2f} {place.lon:.2f}" if place.lat is not None and place.lon is not None else ""
    return Value(
        field="place",
        value=f"{place.name} ({place.country}), {place.precision}{point}",
        why=f"named in {_clause_of(coded)}",
        instead=instead[:_FEW],
    )


def _clause_of(coded: Coded) -> str:
    candidate, tokens, span = coded.told.candidate, coded.told.parsed.tokens, coded.event.spans.place
    own = span_of(tokens, candidate.clause.start, candidate.clause.end)
    if span is not None and own.start <= span.start and span.end <= own.end:
        return "the act's clause"
    evidence = coded.event.spans.evidence
    if span is not None and not (evidence.start <= span.start and span.end <= evidence.end):
        return "a sentence that tells the act again"
    return "the clause that the act's goes on about"


def _at(coded: Coded) -> object:
    return coded.event.spans.place


def _date(coded: Coded, enriched: EnrichedDocument) -> Value:
    date, found = coded.event.date, enriched.dates
    others = tuple(f"{d.start} to {d.end}, {words.method(d.method)}" for d in found if d != date)
    if date is None:
        several = f"the text names {len(found)} dates, and none is surely of this act"
        alone = "the text names one, of another act or of the background"
        why = several if len(found) > 1 else alone if found else "none is named"
        return Value(field="date", value="none", why=why, instead=others)
    span = date.span
    named = f"“{words_of(enriched.document.text, span)}”, " if span else ""
    shown = date.start if date.start == date.end else f"{date.start} to {date.end}"
    return Value(field="date", value=shown, why=f"{named}{words.method(date.method)}", instead=others)


def _modality(coded: Coded, enriched: EnrichedDocument) -> Value:
    told = coded.told
    modality, word, date = when_told(told.candidate, coded.event.type, told.parsed, enriched)
    why = f"“{word}” stands before the act" if word else "no word before the act says otherwise"
    if word == QUESTION:
        why = "the text asks whether it is so"
    elif word and date is not None and date.span and word == words_of(enriched.document.text, date.span):
        why = f"“{word}” is after the day of writing"
    return Value(field="modality", value=modality, why=why)


def _confidence(coded: Coded, coding: Coding) -> Value:
    event = coded.event
    probability = coding.scores.of(event.event_class)
    factors = confidence_factors(coded.told.candidate)
    why = f"the probability of {event.event_class}, {probability:.4f}" + "".join(
        f" × {factor} since {what}" for what, factor in factors.items() if factor < 1
    )
    return Value(field="confidence", value=f"{event.confidence:.4f}", why=why)
