"""Imported once by the server that compute processes are forked from: they share what it loads."""

import gc

from streams import classify, enrich
from streams.agents import tasks

# Nothing of it is garbage. To look it through would take a third of the time to load it, and in each process
# a copy of its memory.
gc.disable()
enrich.preload()
classify.preload()
gc.freeze()
gc.enable()

__all__ = ["tasks"]
