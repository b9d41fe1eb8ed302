"""Imported once by the server that compute processes are forked from: they share what it loads."""

from streams import classify, enrich
from streams.agents import tasks

enrich.preload()
classify.preload()

__all__ = ["tasks"]
