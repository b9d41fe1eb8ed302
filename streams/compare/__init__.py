"""Two runs of the coder against each other: which events are the same, changed, gone, added.

Pure but for temporary files: no Kafka, no clock. :class:`Run` takes the events of a run in any order,
:func:`compare` makes a :class:`Report` of two runs. Memory does not grow with their size. Which events
belong together is said in ``docs/diff.md`` and decided in :mod:`streams.compare.match`.
"""

from streams.compare.compare import Options, compare
from streams.compare.report import Report
from streams.compare.run import Run

__all__ = ["Options", "Report", "Run", "compare"]
