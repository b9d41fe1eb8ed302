"""How much of a record a dead letter keeps: all of it, or as much as certainly fits its topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from streams import headers as h
from streams.broker import topics

#: What the headers of a letter and the frame of a record may take.
ROOM = 64 * 1024
_HEADERS, _NAME, _VALUE, _SHORT = 64, 256, 4096, 1024


class Kept(NamedTuple):
    """What a dead letter holds of a record."""

    key: bytes | None
    value: bytes
    headers: list[h.Header]
    #: Which of these three are not whole, as words with spaces between.
    cut: str


def kept(key: bytes | None, value: bytes, headers: Sequence[h.Header], *, cut: bool = False) -> Kept:
    """Return key, value and headers as a dead letter holds them.

    Headers longer than any that a record should have are always cut, the value where it alone is
    larger than the topic allows. With ``cut``, for a letter that the broker refused as too large,
    the result is less than a megabyte whatever the record was.
    """
    limit = topics.load().topics["dead-letters"].max_bytes - ROOM
    whole = [(name, given or b"") for name, given in h.original(headers)]
    few = [(name[:_NAME], given[:_VALUE]) for name, given in whole[:_HEADERS]]
    short = key and key[:_SHORT] if cut else key
    start = value[: _SHORT if cut else limit]
    parts = {"key": short != key, "value": len(start) < len(value), "headers": few != whole}
    return Kept(short, start, few, " ".join(name for name, is_cut in parts.items() if is_cut))
