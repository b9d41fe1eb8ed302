"""Concepts of a word: which topics a word belongs to, from ``data/concepts.tsv``."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files


@cache
def _table() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    whole: dict[str, list[str]] = {}
    stems: dict[str, list[str]] = {}
    text = (files("streams.classify") / "data" / "concepts.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            concept, words = line.split("\t")
            for word in words.split(" "):
                table, key = (stems, word[:-1]) if word.endswith("*") else (whole, word)
                table.setdefault(key, []).append(concept)
    return whole, stems


@lru_cache(maxsize=50_000)
def concepts_of(word: str) -> tuple[str, ...]:
    """Return the concepts of a lower-case word, sorted; none for a word the table lacks."""
    whole, stems = _table()
    found = set(whole.get(word, ()))
    for length in range(2, len(word) + 1):
        found.update(stems.get(word[:length], ()))
    return tuple(sorted(found))
