"""Enrichment: who and what a document names, where and when. See :func:`enrich`."""

from streams.enrich.actors import KnownActor
from streams.enrich.stage import enrich, preload

__all__ = ["KnownActor", "enrich", "preload"]
