"""How large a page may be, and how deep, before a tree is made of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps that keep one page from taking the time or the memory of many.

    Above ``max_bytes`` a page is refused; above the others the surplus is left out and the rest is
    read: of blocks, the short ones. Bytes are counted after decompression, so a small archive
    cannot hide a large page.
    """

    max_bytes: int = 10 * 1024 * 1024
    max_depth: int = 256
    max_attribute_chars: int = 8_192
    max_nodes: int = 50_000
    max_blocks: int = 20_000
    max_json_chars: int = 2_000_000
    max_teasers: int = 1_000
