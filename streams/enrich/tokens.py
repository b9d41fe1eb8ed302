"""Text to tokens: where each word stands, and the key it is looked up by."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# A dotted abbreviation (U.S., U.K), or a word with inner apostrophes (People's, Sana'a).
_TOKEN = re.compile(r"[^\W\d_](?:\.[^\W\d_])+(?![^\W_])\.?|[^\W_]+(?:['’ʼ‘][^\W_]+)*")
_POSSESSIVE = ("'s", "’s", "ʼs", "‘s", "'S", "’S")
# What may stand between two words of one name.
_JOINS = frozenset({" ", "-", "‐", "‑", "–", "\u00a0", " & ", "  ", "’ ", "' "})
_ABBREVIATIONS = frozenset({"st", "n", "s", "dr", "mt", "ft", "gen", "col", "lt", "maj", "sen", "rep", "gov"})
_SENTENCE_ENDS = frozenset('.!?\n:;—|•"“')
_MIXED, _LOWER, _UPPER, _TITLE = "mixed", "lower", "upper", "title"
_TITLE_SHARE = 0.8
_SHORT_WORD = 4


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text, as parallel lists.

    ``joined[i]`` says that word ``i`` may continue a name begun before it; ``opens[i]`` that it opens
    a sentence; ``case[i]`` is how its line is written: mixed, lower, upper or title.
    """

    text: str
    keys: list[str]
    starts: list[int]
    ends: list[int]
    caps: list[bool]
    joined: list[bool]
    opens: list[bool]
    case: list[str]

    def __len__(self) -> int:
        return len(self.keys)

    def gap(self, index: int) -> str:
        """Return what stands between a word and the one before it."""
        return self.text[self.ends[index - 1] : self.starts[index]] if index else ""

    def surface(self, first: int, last: int) -> str:
        """Return the text of the words ``first`` to ``last``, the latter included."""
        return self.text[self.starts[first] : self.ends[last]]


def fold(word: str) -> str:
    """Return the key of a word: no case, dots or diacritics."""
    if word.isascii():
        return word.replace(".", "").lower()
    parts = unicodedata.normalize("NFKD", word.replace(".", "").replace("’", "'"))
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


def key_of(phrase: str) -> str:
    """Return the key of a phrase, as :func:`tokenise` would see it."""
    return " ".join(fold(_bare(word)) for word in _TOKEN.findall(phrase))


def _bare(word: str) -> str:
    return word[:-2] if word.endswith(_POSSESSIVE) else word


def _line_cases(text: str) -> list[tuple[int, str]]:
    """Return the end of each line with the way it is written."""
    cases, end = [], 0
    for line in text.split("\n"):
        end += len(line) + 1
        cases.append((end, _case_of(line)))
    return cases


def _case_of(line: str) -> str:
    if line.islower():
        return _LOWER
    if line.isupper():
        return _UPPER
    words = [w for w in line.split() if len(w) >= _SHORT_WORD and w[0].isalpha()]
    capitals = sum(w[0].isupper() for w in words)
    return _TITLE if len(words) >= _SHORT_WORD and capitals >= _TITLE_SHARE * len(words) else _MIXED


def _joins(gap: str, previous: str) -> bool:
    # Gen. Milley, N.Korea, Joseph R. Biden.
    dotted = gap in (". ", ".") and previous in _ABBREVIATIONS
    return gap in _JOINS or dotted or (gap == ". " and len(previous) == 1)


def tokenise(text: str) -> Tokens:
    """Split a text into words."""
    tokens = Tokens(text, [], [], [], [], [], [], [])
    lines, line, last, previous = _line_cases(text), 0, 0, ""
    for match in _TOKEN.finditer(text):
        word = match.group()
        start, end = match.span()
        if word.endswith(_POSSESSIVE):
            word, end = word[:-2], end - 2
        gap = text[last:start]
        while start >= lines[line][0]:
            line += 1
        tokens.joined.append(bool(previous) and (gap == " " or _joins(gap, previous)))
        tokens.opens.append(not previous or (gap != " " and not _SENTENCE_ENDS.isdisjoint(gap)))
        previous = fold(word)
        tokens.keys.append(previous)
        tokens.starts.append(start)
        tokens.ends.append(end)
        tokens.caps.append(not word[0].islower())
        tokens.case.append(lines[line][1])
        last = match.end()
    return tokens
