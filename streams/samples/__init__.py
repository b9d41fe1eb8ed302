"""Sample pages, invented, in the forms in which wires print: what ``dateline up`` shows without a crawler."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

import msgspec

from streams.parse import Page


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of ``manifest.jsonl``."""

    file: str
    url: str
    content_type: str
    fetched_at: datetime


def load() -> tuple[Page, ...]:
    """Return the sample pages in the order of the manifest."""
    folder = files(__name__)
    lines = folder.joinpath("manifest.jsonl").read_text(encoding="utf-8").splitlines()
    entries = (msgspec.json.decode(line, type=_Entry) for line in lines)
    return tuple(
        Page.from_bytes(
            folder.joinpath(entry.file).read_bytes(),
            url=entry.url,
            content_type=entry.content_type,
            fetched_at=entry.fetched_at,
        )
        for entry in entries
    )
