"""The scores of a document: how probable each class is, and which it is about."""

from __future__ import annotations

import math
from dataclasses import dataclass

from streams.classify import blend, encoder
from streams.classify.acts import act_features
from streams.classify.candidates import Parse, parse
from streams.classify.encoder import Reading
from streams.classify.features import Blocks, coded_text, features, names_state
from streams.classify.model import HEADS, Floats, Model, shipped, shipped_gate, shipped_unnamed
from streams.records import EVENT_CLASSES, EnrichedDocument, EventClass


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities of one document.

    ``classes`` are those above their thresholds, in the order of ``EVENT_CLASSES``; ``primary`` is the
    one the text is about, or ``none`` when no class is reported. ``reported`` is whether the gate is sure
    enough that an event may be told. ``reading`` is the encoder's, of a text that it read.
    """

    diplomacy: float
    military: float
    trade: float
    none: float
    classes: tuple[EventClass, ...]
    primary: str
    reported: bool = True
    reading: Reading | None = None

    def of(self, event_class: EventClass) -> float:
        """Return the probability of one class."""
        return {"diplomacy": self.diplomacy, "military": self.military, "trade": self.trade}[event_class]


def model_for(enriched: EnrichedDocument) -> Model:
    """Return the model that reads a document.

    A text that names no country the gazetteer knows is read by a model that was trained without
    such names: the other takes their absence for evidence of no event.
    """
    named = names_state(enriched.entities, len(coded_text(enriched)))
    return shipped() if named else shipped_unnamed()


def read(enriched: EnrichedDocument) -> Parse:
    """Return the acts of the part of a document that is coded, by the shipped lexicon."""
    text = coded_text(enriched)
    return parse(text, [e for e in enriched.entities if e.span.end <= len(text)])


def gate_blocks(
    enriched: EnrichedDocument, counted: Blocks | None = None, acts: Parse | None = None
) -> Blocks:
    """Return what the gate counts: what the class model does, and the acts; each is taken if at hand."""
    counted = counted or features(coded_text(enriched), enriched.entities)
    return *counted, act_features(acts or read(enriched))


def gate_odds(enriched: EnrichedDocument, counted: Blocks, acts: Parse | None = None) -> float:
    """Return the linear gate's log odds that a text tells an event."""
    return float(shipped_gate().calibrated(gate_blocks(enriched, counted, acts))[0])


def tells_event(
    enriched: EnrichedDocument, counted: Blocks, reading: Reading, acts: Parse | None = None
) -> bool:
    """Tell whether the gate lets a text that has a class tell an event."""
    gate = blend.shipped()[blend.GATE]
    return gate.probability(gate_odds(enriched, counted, acts), reading.gate) >= gate.threshold


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What the linear model makes of a text: its features, and log odds in the order of ``HEADS``."""

    text: str
    counted: Blocks
    odds: Floats

    @property
    def is_open(self) -> bool:
        """Whether any class has enough of a chance for the encoder to read the text."""
        least = math.log(blend.OPEN_FROM / (1 - blend.OPEN_FROM))
        return bool(self.text) and float(self.odds.max()) >= least


def first_look(enriched: EnrichedDocument) -> FirstLook:
    """Look at one document's headline and summary (or lead) with the linear model."""
    text = coded_text(enriched)
    counted = features(text, enriched.entities)
    return FirstLook(text, counted, model_for(enriched).calibrated(counted))


def score(enriched: EnrichedDocument, look: FirstLook | None = None, acts: Parse | None = None) -> Scores:
    """Score one document on its headline and summary (or lead).

    The first look may be at hand, and the acts that :func:`read` returns.
    """
    look = look or first_look(enriched)
    if not look.is_open:
        linear = dict(zip(HEADS, map(float, look.odds), strict=True))
        probability = {head: round(blend.probability(odds), 4) for head, odds in linear.items()}
        return _scores(probability, (), reading=None, reported=False)
    reading, blends = encoder.read(look.text), blend.shipped()
    exact = {
        head: blends[head].probability(float(linear), read)
        for head, linear, read in zip(HEADS, look.odds, reading.classes, strict=True)
    }
    classes = tuple(c for c in EVENT_CLASSES if exact[c] > blends[c].threshold)
    probability = {head: round(value, 4) for head, value in exact.items()}
    reported = bool(classes) and tells_event(enriched, look.counted, reading, acts)
    return _scores(probability, classes, reading=reading, reported=reported)


def _scores(
    probability: dict[str, float],
    classes: tuple[EventClass, ...],
    *,
    reading: Reading | None,
    reported: bool,
) -> Scores:
    return Scores(
        diplomacy=probability["diplomacy"],
        military=probability["military"],
        trade=probability["trade"],
        none=round(1 - probability["any"], 4),
        classes=classes,
        primary=max(classes, key=lambda c: probability[c]) if classes else "none",
        reported=reported,
        reading=reading,
    )
