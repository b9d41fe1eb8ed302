"""What a page and an enriched document must become: the stages run again, without Kafka.

Runs in processes of its own; only ids and digests come back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from streams.agents.tasks import run_one
from streams.agents.work import Failed, Item
from streams.corrections import NONE, Corrections
from streams.parse import Limits


@dataclass(frozen=True, slots=True)
class ExpectedPage:
    """The documents of a page, or the error that makes it a dead letter."""

    site: str = ""
    documents: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedEvents:
    """The events of an enriched document as (event id, digest of its bytes), or the error."""

    events: tuple[tuple[str, bytes], ...] = ()
    error: str = ""


def digest(value: bytes) -> bytes:
    """Return what stands for a record's bytes."""
    return hashlib.blake2b(value, digest_size=8).digest()


def expected_pages(items: Sequence[Item], limits: Limits) -> list[ExpectedPage]:
    """Parse pages."""
    return [_page(item, limits) for item in items]


def expected_events(
    items: Sequence[Item], limits: Limits, corrections: Corrections = NONE
) -> list[ExpectedEvents]:
    """Classify enriched documents."""
    return [_events(item, limits, corrections) for item in items]


def _page(item: Item, limits: Limits) -> ExpectedPage:
    result = run_one("parse", item, limits)
    if isinstance(result, Failed):
        return ExpectedPage(error=f"{result.error}: {result.message}")
    return ExpectedPage(result.site, tuple(output.key for output in result.outputs))


def _events(item: Item, limits: Limits, corrections: Corrections) -> ExpectedEvents:
    result = run_one("classify", item, limits, corrections)
    if isinstance(result, Failed):
        return ExpectedEvents(error=f"{result.error}: {result.message}")
    return ExpectedEvents(tuple((output.key, digest(output.value)) for output in result.outputs))
