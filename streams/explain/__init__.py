"""Why a document was coded as it was: a record of every value with what gave it, and what else there was.

Pure, as the stages are: it asks the functions that code, and states what they answer. It decides nothing.
"""

from streams.explain.records import Explanation
from streams.explain.trace import explain

__all__ = ["Explanation", "explain"]
