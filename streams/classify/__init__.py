"""Documents with their entities in, scores and events out.

Pure and deterministic: no clock, network or chance. Weights and lexicon are read once in a process, on
the first call or by :func:`preload`.
"""

from typing import TYPE_CHECKING

from streams import lazy

if TYPE_CHECKING:
    from streams.classify.events import classify
    from streams.classify.loading import preload
    from streams.classify.scores import Scores, score
    from streams.classify.version import CODER_VERSION, coder_version
else:
    __getattr__ = lazy.exports(
        __name__,
        {
            "CODER_VERSION": "version",
            "Scores": "scores",
            "classify": "events",
            "coder_version": "version",
            "preload": "loading",
            "score": "scores",
        },
    )

__all__ = ["CODER_VERSION", "Scores", "classify", "coder_version", "preload", "score"]
