"""PLOVER's contexts of a sentence: what the act is about, from ``data/contexts.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    text = (files("streams.classify") / "data" / "contexts.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {
        context: re.compile("|".join(word.replace("*", ".*") for word in words.split(" ")))
        for context, words in rows
    }


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[str, ...]:
    return tuple(context for context, pattern in _patterns().items() if pattern.fullmatch(word))


def contexts_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return the contexts of lower-case words, in the order of the table."""
    present = {context for word in words for context in _of_word(word)}
    return tuple(context for context in _patterns() if context in present)
