"""Documents with their entities in, scores and events out.

Pure and deterministic: no clock, network or chance. Weights and lexicon are read once in a process, on
the first call or by :func:`preload`.
"""

from streams.classify import blend, encoder, lexicon, model, roles
from streams.classify.events import classify
from streams.classify.scores import Scores, score
from streams.classify.version import CODER_VERSION, coder_version
from streams.corrections import NONE, Corrections

__all__ = ["CODER_VERSION", "Scores", "classify", "coder_version", "preload", "score"]


def preload(corrections: Corrections = NONE) -> None:
    """Read weights and lexicon now rather than on the first document."""
    model.shipped()
    model.shipped_unnamed()
    model.shipped_types()
    model.shipped_gate()
    encoder.session()
    encoder.vocabulary()
    blend.shipped()
    roles.shipped()
    lexicon.current(corrections)
