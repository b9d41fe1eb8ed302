"""Weights and lexicon, read ahead."""

from __future__ import annotations

from streams.classify import blend, encoder, lexicon, model, roles, sides
from streams.corrections import NONE, Corrections


def preload(corrections: Corrections = NONE) -> None:
    """Read weights and lexicon now rather than on the first document."""
    model.shipped()
    model.shipped_unnamed()
    model.shipped_types()
    model.shipped_gate()
    encoder.session(encoder.ENCODER_FILE)
    encoder.vocabulary()
    blend.shipped()
    roles.shipped()
    encoder.session(sides.SIDES_FILE)
    lexicon.current(corrections)
