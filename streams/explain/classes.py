"""Why a text is of a class or of none: what the linear model counted."""

from __future__ import annotations

from streams.classify.features import coded_text, features
from streams.classify.model import HEADS, Model, shipped_gate, shipped_unnamed
from streams.classify.scores import Scores, gate_blocks, model_for
from streams.explain import words
from streams.explain.records import ClassVerdict, Weight
from streams.records import EVENT_CLASSES, EnrichedDocument

_STRONGEST = 6
_LEAST = 0.05
#: The gate: whether a text that has a class may tell an event.
ANY = "any"


def verdicts(enriched: EnrichedDocument, scores: Scores) -> tuple[ClassVerdict, ...]:
    """Return one verdict for each class, and one for whether there is an event at all."""
    model = model_for(enriched)
    blocks = features(coded_text(enriched), enriched.entities)
    gate, counted = shipped_gate(), gate_blocks(enriched)
    opens = round(float(gate.probabilities(counted)[0]), 4)
    return (
        *(_verdict(model, blocks, name, HEADS.index(name), scores.of(name)) for name in EVENT_CLASSES),
        _verdict(gate, counted, ANY, 0, opens),
    )


def _verdict(
    model: Model, blocks: tuple[set[str], ...], name: str, head: int, probability: float
) -> ClassVerdict:
    slope = float(model.slope[head])
    weights = [
        Weight(what=words.feature(term), value=round(float(share[head]) * slope, 3))
        for block in blocks
        for term, share in model.shares(block).items()
    ]
    ordered = sorted(weights, key=lambda w: (-w.value, w.what))
    total = float(model.log_odds(blocks)[head]) * slope + float(model.offset[head])
    threshold = round(float(model.thresholds[head]), 4)
    return ClassVerdict(
        name=name,
        probability=probability,
        threshold=threshold,
        reported=probability > threshold,
        total=round(total, 3),
        speaks_for=tuple(w for w in ordered[:_STRONGEST] if w.value >= _LEAST),
        speaks_against=tuple(w for w in ordered[: -_STRONGEST - 1 : -1] if w.value <= -_LEAST),
    )


def model_words(enriched: EnrichedDocument) -> str:
    """Say which of the two models read the text, and why."""
    if model_for(enriched) is shipped_unnamed():
        return "unnamed.npz: the text names no country or nationality that the gazetteer knows"
    return "weights.npz: the text names a country or a nationality"


def outcome(scores: Scores, events: int, acts: int) -> str:
    """Say what became of a text as a whole."""
    if not scores.classes:
        return "no event: no class is above its threshold"
    reported = ", ".join(scores.classes)
    if not scores.reported:
        return f"no event: {reported} would be, but the text as a whole is not surely about an event"
    if not acts:
        return f"no event: {reported}, but nowhere stand an act and an actor in one clause"
    if not events:
        return f"no event: {reported}, but no act fits"
    return f"{events} event{'s' if events > 1 else ''}: {reported}"
