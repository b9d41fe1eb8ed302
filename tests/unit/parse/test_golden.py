"""Golden pages: what parse makes of each page in tests/golden, field by field."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from streams.parse import Page, parse
from streams.records import Document

GOLDEN = Path(__file__).parents[2] / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.json"))


def load(name: str) -> tuple[Page, list[dict[str, Any]]]:
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    file = next(GOLDEN.glob(f"{name}.*.gz"))
    fetched = expected["fetched_at"]
    page = Page.from_bytes(
        gzip.decompress(file.read_bytes()),
        url=expected["url"],
        content_type=expected["content_type"],
        fetched_at=datetime.fromisoformat(fetched) if fetched else None,
    )
    return page, expected["documents"]


def shown(document: Document, field: str) -> object:
    """Return a field as the golden JSON writes it."""
    value = getattr(document, field)
    if field == "published_at":
        return value.value.isoformat() if value else None
    if field == "dateline":
        return {"place": value.place, "date": value.date, "agency": value.agency} if value else None
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", NAMES)
def test_golden_page(name: str) -> None:
    page, expected = load(name)
    found = parse(page)
    fields = [list(document) for document in expected]
    assert [
        {field: shown(document, field) for field in row} for document, row in zip(found, fields, strict=False)
    ] == expected
    assert len(found) == len(expected)


def test_every_golden_page_has_its_json() -> None:
    pages = {path.name.split(".")[0] for path in GOLDEN.glob("*.gz")}
    assert pages == set(NAMES)
    assert len(NAMES) >= 40
