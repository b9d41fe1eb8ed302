"""Which page and document a record belongs to: what log lines and spans name it by.

A page is named by its place on ``pages.raw``, as in the lineage header: ``topic/partition/offset``.
"""

from __future__ import annotations

from collections.abc import Iterable

from streams import headers as h
from streams.agents.work import Item

# Pages that a line about a whole batch names; a batch of documents is mostly of fewer.
_PAGES = 20


def place(stage: str, item: Item) -> dict[str, str]:
    """Return the ids of the page, and after parse of the document, that a record holds."""
    if stage == "parse":
        return {"page": h.text(h.lineage(item.topic, item.partition, item.offset))}
    named = {"page": item.headers.get(h.LINEAGE), "document": item.headers.get(h.CE_ID)}
    return {name: h.short(value) for name, value in named.items() if value}


def batch(stage: str, items: Iterable[Item]) -> dict[str, object]:
    """Return what a line about a whole batch says: its stage and its pages."""
    pages = list(dict.fromkeys(page for item in items if (page := place(stage, item).get("page"))))
    return {"stage": stage, "pages": [*pages[:_PAGES], *(["…"] if len(pages) > _PAGES else [])]}
