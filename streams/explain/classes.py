"""Why a text is of a class or of none: what the linear model counted, and what the encoder says."""

from __future__ import annotations

from dataclasses import replace

from streams.classify import blend
from streams.classify.blend import GATE
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
    reading = scores.reading
    model, gate = model_for(enriched), shipped_gate()
    blocks = features(coded_text(enriched), enriched.entities)
    read = dict(zip(HEADS, reading.classes, strict=True)) if reading else {}
    return (
        *(_verdict(model, blocks, name, HEADS.index(name), read.get(name)) for name in EVENT_CLASSES),
        replace(_verdict(gate, gate_blocks(enriched), GATE, 0, reading.gate if reading else None), name=ANY),
    )


def _verdict(
    model: Model, blocks: tuple[set[str], ...], name: str, head: int, read: float | None
) -> ClassVerdict:
    """Weigh one head; without what the encoder ``read``, the linear model alone, which reports nothing."""
    both = blend.shipped()[name]
    share = 1.0 if read is None else both.linear
    slope = float(model.slope[head]) * share
    weights = [
        Weight(what=words.feature(term), value=round(float(shares[head]) * slope, 3))
        for block in blocks
        for term, shares in model.shares(block).items()
    ]
    if read is not None:
        weights.append(
            Weight(what="the text as a whole, by the encoder", value=round(both.encoder * read, 3))
        )
    ordered = sorted(weights, key=lambda w: (-w.value, w.what))
    linear = float(model.calibrated(blocks)[head])
    total = linear if read is None else both.log_odds(linear, read)
    probability = blend.probability(total)
    return ClassVerdict(
        name=name,
        probability=round(probability, 4),
        threshold=both.threshold,
        reported=read is not None and probability > both.threshold,
        total=round(total, 3),
        speaks_for=tuple(w for w in ordered[:_STRONGEST] if w.value >= _LEAST),
        speaks_against=tuple(w for w in ordered[: -_STRONGEST - 1 : -1] if w.value <= -_LEAST),
    )


def model_words(enriched: EnrichedDocument, scores: Scores) -> str:
    """Say which models read the text, and why."""
    if model_for(enriched) is shipped_unnamed():
        linear = "unnamed.npz: the text names no country or nationality that the gazetteer knows"
    else:
        linear = "weights.npz: the text names a country or a nationality"
    if scores.reading:
        return f"{linear}; and the encoder, since a class has a chance of {blend.OPEN_FROM:.2f} or more"
    return f"{linear}; not the encoder, since no class has a chance of {blend.OPEN_FROM:.2f}"


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
