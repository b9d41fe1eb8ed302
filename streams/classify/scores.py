"""The scores of a document: how probable each class is, and which it is about."""

from __future__ import annotations

from dataclasses import dataclass

from streams.classify.acts import act_features
from streams.classify.candidates import Parse, parse
from streams.classify.features import Blocks, coded_text, features, names_state
from streams.classify.model import HEADS, Model, shipped, shipped_gate, shipped_unnamed
from streams.records import EVENT_CLASSES, EnrichedDocument, EventClass


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities of one document.

    ``classes`` are those above their thresholds, in the order of ``EVENT_CLASSES``; ``primary`` is the
    one the text is about, or ``none`` when no class is reported. ``reported`` is whether the gate is sure
    enough that an event may be told.
    """

    diplomacy: float
    military: float
    trade: float
    none: float
    classes: tuple[EventClass, ...]
    primary: str
    reported: bool = True

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


def gate_blocks(enriched: EnrichedDocument, counted: Blocks | None = None) -> Blocks:
    """Return what the gate counts: what the class model does (given, if at hand), and the acts."""
    counted = counted or features(coded_text(enriched), enriched.entities)
    return *counted, act_features(read(enriched))


def tells_event(enriched: EnrichedDocument, counted: Blocks) -> bool:
    """Tell whether the gate lets a text that has a class tell an event."""
    gate = shipped_gate()
    return float(gate.probabilities(gate_blocks(enriched, counted))[0]) >= float(gate.thresholds[0])


def score(enriched: EnrichedDocument, model: Model | None = None) -> Scores:
    """Score one document on its headline and summary (or lead)."""
    text = coded_text(enriched)
    if model is None:
        model = model_for(enriched)
    counted = features(text, enriched.entities)
    values = model.probabilities(counted)
    probability = {head: round(float(value), 4) for head, value in zip(HEADS, values, strict=True)}
    margin = {c: float(values[i] - model.thresholds[i]) for i, c in enumerate(EVENT_CLASSES)}
    classes = tuple(c for c in EVENT_CLASSES if margin[c] > 0) if text else ()
    return Scores(
        diplomacy=probability["diplomacy"],
        military=probability["military"],
        trade=probability["trade"],
        none=round(1 - probability["any"], 4),
        classes=classes,
        reported=bool(classes) and tells_event(enriched, counted),
        primary=max(classes, key=lambda c: probability[c]) if classes else "none",
    )
