"""A plain-text dump becomes the tree: one block a line, no elements."""

from __future__ import annotations

import re

from streams.parse.limits import Limits
from streams.parse.tree import Block, Head, Node, Tree

LONG = 60  # characters that a block must have once a page has its fill of blocks
_HUGE = 100_000
_SPACE = re.compile(r"\s+")
# What str.split takes for space, so that a span ends where its text does; and NUL, which is left out.
_EDGE = "\0" + "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_LINE = re.compile(r"[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def squeeze(text: str) -> str:
    """Return the text with single spaces; a huge one without a list of its million words."""
    if len(text) > _HUGE:
        return _SPACE.sub(" ", text).strip()
    return " ".join(text.split())


def build(source: str, limits: Limits) -> Tree:
    """Read a text dump into a tree. Never raises."""
    root = Node("html", None, 0, 0)
    line = Node("line", root, 1, 1)
    blocks: list[Block] = []
    end_of_last = -1
    gap = False
    for found in _LINE.finditer(source):
        raw = found[0].replace("\0", "")
        text = squeeze(raw)
        breaks = source.count("\n", end_of_last, found.start()) if end_of_last >= 0 else 0
        gap = (
            gap or breaks > 1 or (breaks == 0 and source.count("\r", max(end_of_last, 0), found.start()) > 1)
        )
        end_of_last = found.end()
        if not text or text == "\u200b":
            gap = True
            continue
        start = found.start() + len(found[0]) - len(found[0].lstrip(_EDGE))
        end = found.start() + len(found[0].rstrip(_EDGE))
        if len(blocks) < limits.max_blocks or len(text) >= LONG:
            blocks.append(Block(text, start, end, line, len(blocks), gap=gap))
        gap = False
    root.last = line.last = len(blocks)
    return Tree(source, [root, line], blocks, Head(), [], plain=True)
