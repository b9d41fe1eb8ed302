"""How much a block reads like running text, in any language."""

from __future__ import annotations

import re

from streams.parse.tree import Block

# Scripts written without spaces: about two characters make a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_STOPS = ".!?…。！？।॥؟۔።"
_CLOSERS = "\"'”’»)]』」）】›“‘"
_MAX_LINKED = 0.5
_MIN_CHARS = 12
_MIN_WORDS = 10
_MIN_SENTENCE_WORDS = 4
_MAX_WEIGHT = 120  # so that one endless block does not outweigh an article


def words(text: str) -> int:
    """Return the number of words; for Chinese, Japanese, Thai and the like, an estimate."""
    count = text.count(" ") + 1
    if len(text) > count * 12:
        count += len(_UNSPACED.findall(text)) // 2
    return count


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, quotes and brackets aside."""
    return text.rstrip(_CLOSERS + " ")[-1:] in _STOPS if text else False


def linked_share(block: Block) -> float:
    """Return the share of the block's text that is links, at most 1."""
    return min(1.0, block.linked / max(1, len(block.text))) if block.links else 0.0


def weigh(blocks: list[Block]) -> None:
    """Set each block's weight: its words, less what is linked; nothing for labels and link lists."""
    for block in blocks:
        if len(block.text) < _MIN_CHARS:
            continue
        share = linked_share(block)
        if share > _MAX_LINKED:
            continue
        count = words(block.text)
        if count >= _MIN_WORDS or (count >= _MIN_SENTENCE_WORDS and ends_sentence(block.text)):
            block.weight = min(count, _MAX_WEIGHT) * (1 - share)
