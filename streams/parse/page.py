"""The input of parse: a page as bytes, with what is known about it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

from streams.errors import InvalidRecord
from streams.ids import page_id
from streams.records import Lineage, RawPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it was fetched: undecoded bytes, and what the crawler said of them."""

    url: str
    body: bytes
    content_type: str
    lineage: Lineage
    fetched_at: datetime | None = None
    publisher: str | None = None

    @classmethod
    def from_bytes(
        cls,
        body: bytes,
        *,
        url: str,
        content_type: str = "text/html",
        fetched_at: datetime | None = None,
        publisher: str | None = None,
    ) -> Page:
        """Make a page that came from no topic."""
        return cls(
            url=url,
            body=body,
            content_type=content_type,
            lineage=Lineage(page_id=page_id(url, body)),
            fetched_at=fetched_at,
            publisher=publisher,
        )

    @classmethod
    def from_record(cls, record: RawPage) -> Page:
        """Make a page from its JSON record.

        Raises:
            InvalidRecord: the body is not the base64 that ``encoding`` promises.
        """
        content_type = record.content_type
        if record.encoding == "base64":
            try:
                body = base64.b64decode(record.body, validate=True)
            except (binascii.Error, ValueError) as error:
                raise InvalidRecord(f"body is not base64: {error}") from error
        else:
            # The text was already decoded by whoever wrote the record: its old charset no longer holds.
            body = record.body.encode("utf-8", "surrogatepass")
            content_type = f"{content_type.partition(';')[0].strip()}; charset=utf-8"
        return cls.from_bytes(
            body,
            url=record.url,
            content_type=content_type,
            fetched_at=record.fetched_at,
            publisher=record.publisher,
        )
