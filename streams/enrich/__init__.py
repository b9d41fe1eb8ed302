"""Enrichment: who and what a document names, where and when. See :func:`enrich`."""

from typing import TYPE_CHECKING

from streams import lazy

if TYPE_CHECKING:
    from streams.enrich.actors import KnownActor
    from streams.enrich.stage import enrich, preload
else:
    __getattr__ = lazy.exports(__name__, {"KnownActor": "actors", "enrich": "stage", "preload": "stage"})

__all__ = ["KnownActor", "enrich", "preload"]
