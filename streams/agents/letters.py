"""How much of a record a dead letter keeps: all of it, or as much as certainly fits its topic."""

from __future__ import annotations

from collections.abc import Sequence

from streams import headers as h
from streams.broker import topics

#: What the headers of a letter and the frame of a record may take.
ROOM = 64 * 1024
_HEADERS, _NAME, _VALUE, _SHORT = 64, 256, 4096, 1024


def kept(
    key: bytes | None, value: bytes, headers: Sequence[h.Header], *, cut: bool = False
) -> tuple[bytes | None, bytes, list[h.Header]]:
    """Return key, value and headers as a dead letter holds them.

    Headers longer than any that a record should have are always cut, the value where it alone is
    larger than the topic allows. With ``cut``, for a letter that the broker refused as too large,
    the result is less than a megabyte whatever the record was.
    """
    limit = topics.load().topics["dead-letters"].max_bytes - ROOM
    few = [(name[:_NAME], (given or b"")[:_VALUE]) for name, given in h.original(headers)[:_HEADERS]]
    if cut:
        return key and key[:_SHORT], value[:_SHORT], few
    return key, value[:limit], few
