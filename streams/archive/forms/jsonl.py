"""JSON Lines by zstd: independent frames, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import zstandard

from streams.archive.record import Archived, from_line, to_line
from streams.errors import InvalidRecord

SUFFIX = ".jsonl.zst"
GROWS = True
_LEVEL = 6


def pack(records: Sequence[Archived]) -> tuple[bytes, int]:
    """See :class:`streams.archive.forms.Form`."""
    plain = b"".join(to_line(record) for record in records)
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(plain), len(plain)


def unpack(packed: bytes, plain_bytes: int) -> Iterator[Archived]:
    """See :class:`streams.archive.forms.Form`."""
    try:
        plain = zstandard.ZstdDecompressor().decompress(packed, max_output_size=plain_bytes)
    except (zstandard.ZstdError, MemoryError) as error:
        raise InvalidRecord(f"damaged: {error}") from error
    if len(plain) != plain_bytes:
        raise InvalidRecord(f"{len(plain):,} unpacked bytes where the manifest has {plain_bytes:,}")
    for line in plain.split(b"\n")[:-1]:
        yield from_line(line)
