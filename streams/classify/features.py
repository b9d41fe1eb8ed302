"""What the class model counts in a text: words, pairs of words, letter runs, and how many states are named.

The same functions serve training and run time, so that both see the same features.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from streams.classify.concepts import concepts_of
from streams.classify.masking import mask
from streams.classify.tokens import tokenize
from streams.records import EnrichedDocument, Entity, Span, document_text

_SHORTEST, _LONGEST = 3, 5
_MANY = 3
# What follows the last white space, which the cut may have gone through.
_SENTENCE_END = re.compile(r"[.!?]+[\"”’)]*(?!\S)|(?=\n)|\Z")
_LAST_WORD = re.compile(r"\s+\S*\Z")
Blocks = tuple[set[str], ...]
MAX_CHARACTERS = 600  # a headline with its summary; a body adds words of other subjects


def coded_text(enriched: EnrichedDocument) -> str:
    """Return the part of the document that its class is decided on: headline and summary or lead.

    It is a prefix of ``Document.text``, so entity spans hold in it.
    """
    document = enriched.document
    lead = document.body[:1] if not document.summary else ()
    text = document_text(document.headline, document.summary, lead)
    return text if len(text) <= MAX_CHARACTERS else _LAST_WORD.sub("", text[: MAX_CHARACTERS + 1])


def whole_sentence(enriched: EnrichedDocument, sentence: Span) -> Span:
    """Return the whole of a sentence of the coded text, also of the one in which that text is cut."""
    text, cut = enriched.document.text, len(coded_text(enriched))
    if sentence.end < cut or text[cut : cut + 1] in ("", "\n"):
        return sentence
    end = _SENTENCE_END.search(text, cut, cut + MAX_CHARACTERS)
    return Span(start=sentence.start, end=end.end()) if end is not None else sentence


def word_features(words: Sequence[str]) -> Iterator[str]:
    """Yield each word and each pair of neighbours."""
    previous = "^"
    for word in words:
        yield word
        yield f"{previous} {word}"
        previous = word
    yield f"{previous} $"


@lru_cache(maxsize=50_000)
def letter_features(word: str) -> tuple[str, ...]:
    """Return the letter runs of one word, with its borders; a mask token has none."""
    if word.startswith("<") or not word[0].isalnum():
        return ()
    padded = f" {word} "
    return tuple(
        "#" + padded[i : i + n]
        for n in range(_SHORTEST, _LONGEST + 1)
        for i in range(len(padded) - n + 1)
    )  # fmt: skip


def state_features(entities: Sequence[Entity]) -> Iterator[str]:
    """Yield how many different states and bodies are named, and the roles of those who act."""
    codes = {e.country for e in entities if e.country}
    yield f"@states={min(len(codes), _MANY)}"
    for role in {e.role for e in entities if e.role}:
        yield f"@role={role}"


def shape_features(words: Sequence[str]) -> Iterator[str]:
    """Yield concepts, each pair of concepts and mentions in a text, and runs of two and three in order."""
    line = [
        concept
        for word in words
        for concept in ((word,) if word.startswith("<") else concepts_of(word))
    ]  # fmt: skip
    present = sorted(set(line))
    for i, one in enumerate(present):
        yield f"%{one}"
        for other in present[i + 1 :]:
            yield f"%{one}&{other}"
    for i in range(len(line) - 1):
        yield f"%{line[i]}>{line[i + 1]}"
    for i in range(len(line) - 2):
        yield f"%{line[i]}>{line[i + 1]}>{line[i + 2]}"


def features_of(words: Sequence[str], states: Sequence[str]) -> tuple[set[str], set[str], set[str]]:
    """Return the word, letter and shape features of masked words, with those of the states named."""
    letters = {run for word in set(words) for run in letter_features(word)}
    shapes = {*shape_features(words), *(f"%{state}" for state in states)}
    return {*word_features(words), *states}, letters, shapes


def features(text: str, entities: Sequence[Entity]) -> tuple[set[str], set[str], set[str]]:
    """Return the word, letter and shape features of a text."""
    inside = [e for e in entities if e.span.end <= len(text)]
    return features_of(mask(tokenize(text), inside), tuple(state_features(inside)))


def names_state(entities: Sequence[Entity], length: int) -> bool:
    """Whether a country or a nationality is named in the first ``length`` characters."""
    return any(e.type in ("country", "nationality") and e.span.end <= length for e in entities)


def features_unnamed(text: str, entities: Sequence[Entity]) -> tuple[set[str], set[str], set[str]]:
    """Return the features of a text as if its countries and nationalities were names nobody knows.

    The second model is trained on these: a name that the gazetteer lacks must not make a text "none".
    """
    inside = [e for e in entities if e.span.end <= len(text)]
    words = [w for w in mask(tokenize(text), inside) if w not in ("<country>", "<nationality>")]
    known = [e for e in inside if e.type not in ("country", "nationality")]
    return features_of(words, tuple(state_features(known)))
