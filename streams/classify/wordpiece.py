"""Text to the pieces of words that the encoder was trained on (WordPiece, as BERT's uncased models cut).

The usual library for this brings a client of a model hub with it, which has no place in a service that
downloads nothing; the method is short. Source: Devlin et al., 2019, and Wu et al., 2016, section 4.1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_CHUNK = re.compile(r"\S+")
_LONGEST_WORD = 100
_PREFIX = "##"
_UNKNOWN, _START, _END = "[UNK]", "[CLS]", "[SEP]"
#: Blocks of CJK ideographs; each of their signs is a word.
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip


def _is_mark(sign: str) -> bool:
    """Whether a sign is a word of its own: punctuation, every ASCII symbol, an ideograph."""
    if sign.isascii():
        return not sign.isalnum()
    code = ord(sign)
    return unicodedata.category(sign).startswith("P") or any(a <= code <= b for a, b in _IDEOGRAPHS)


Place = tuple[int, int]


def _signs(chunk: str) -> Iterator[tuple[str, int]]:
    """Yield the signs of a chunk in lower case, accents apart, each with where it came from."""
    lowered = chunk.lower()
    # By itself a sign may become several, and a sigma not the one that ends a word.
    each = lowered if len(lowered) == len(chunk) else map(str.lower, chunk)
    for at, part in enumerate(each):
        for sign in unicodedata.normalize("NFD", part):
            yield sign, at


def words_of(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield lower-cased words without accents, and marks; each with its start and end in the text."""
    for found in _CHUNK.finditer(text):
        start, word, first, last = found.start(), "", 0, 0
        for sign, at in _signs(found.group()):
            kind = "" if sign.isascii() and sign.isprintable() else unicodedata.category(sign)
            if kind == "Mn" or kind.startswith("C") or sign == "\ufffd":
                continue
            if _is_mark(sign):
                if word:
                    yield word, start + first, start + last
                yield sign, start + at, start + at + 1
                word = ""
            else:
                first, last = (first if word else at), at + 1
                word += sign
        if word:
            yield word, start + first, start + last


def _pieces(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """Return the longest known pieces from left to right; one unknown piece makes the word unknown."""
    unknown = [vocabulary[_UNKNOWN]]
    if len(word) > _LONGEST_WORD:
        return unknown
    found: list[int] = []
    start = 0
    while start < len(word):
        prefix = _PREFIX if start else ""
        for end in range(len(word), start, -1):
            number = vocabulary.get(prefix + word[start:end])
            if number is not None:
                break
        else:
            return unknown
        found.append(number)
        start = end
    return found


@dataclass(frozen=True, slots=True)
class Pieces:
    """The numbers of a text's pieces, and where each one's word stands; start and end have no length."""

    numbers: list[int]
    places: list[Place]


def encode(text: str, vocabulary: Mapping[str, int], most: int) -> Pieces:
    """Return a text's pieces between those of start and end, at most ``most`` together."""
    numbers, places = [vocabulary[_START]], [(0, 0)]
    for word, start, end in words_of(text):
        found = _pieces(word, vocabulary)
        numbers += found
        places += [(start, end)] * len(found)
        if len(numbers) >= most:
            break
    end = len(text)
    return Pieces([*numbers[: most - 1], vocabulary[_END]], [*places[: most - 1], (end, end)])
