"""Candidates for events: every act of a text with its actors, before classes are decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streams.classify.actors import Mention, mentions, sides, subject
from streams.classify.clauses import Clause, claims_noun, clauses, sentences
from streams.classify.lexicon import Lexicon, shipped
from streams.classify.modality import modality
from streams.classify.tokens import Token, tokenize
from streams.classify.triggers import Trigger, find, find_unknown
from streams.records import Entity, Modality

_SAYING = frozenset({"says", "said", "say", "tells", "told", "according", "claims", "warns"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An act with its actors, in a clause of a sentence; all ranges are of tokens."""

    trigger: Trigger
    clause: Clause
    sentence: tuple[int, int]
    source: tuple[Mention, ...]
    target: tuple[Mention, ...]
    speaker: tuple[Mention, ...]
    modality: Modality


@dataclass(frozen=True, slots=True)
class Parse:
    """Tokens of a text, its mentions, and the candidates in order."""

    tokens: list[Token]
    mentions: list[Mention]
    candidates: list[Candidate]


def _speaker(
    found: Sequence[Mention], tokens: Sequence[Token], parts: Sequence[Clause]
) -> tuple[Mention, ...]:
    """Return who speaks in a sentence: before a verb of saying, after a closing dash, before a colon."""
    for clause in parts:
        for i in range(clause.start, clause.end):
            if tokens[i].lower in _SAYING and not claims_noun(tokens, i):
                before = subject(found, tokens, clause, i)
                after = [m for m in found if m.start in (i + 1, i + 2) and m.end <= clause.end]
                if before or after:
                    return tuple(before or after[:1])
    last = parts[-1]
    if len(parts) > 1 and last.end - last.start <= 5 and tokens[last.start - 1].text in "—–-|":  # noqa: PLR2004
        return tuple(m for m in found if m.start >= last.start and m.end <= last.end)[:1]
    first = parts[0]
    if first.end < len(tokens) and tokens[first.end].text == ":":
        return tuple(m for m in found if m.end <= first.end)[:1]
    return ()


#: How the acts of a clause are found: its tokens and range, the tokens of names, those that may be a subject.
_Finder = Callable[[Sequence[Token], Clause, frozenset[int], frozenset[int]], list[Trigger]]


def _in_sentence(
    text_tokens: list[Token], found: list[Mention], sentence: tuple[int, int], find_acts: _Finder
) -> list[Candidate]:
    start, end = sentence
    parts = clauses(text_tokens, start, end)
    inside = [m for m in found if start <= m.start and m.end <= end]
    if not inside or not parts:
        return []
    taken = frozenset(i for m in inside for i in range(m.start, m.end))
    subjects = frozenset(m.end - 1 for m in inside if not m.preposition and m.entity.type != "nationality")
    speaker = _speaker(inside, text_tokens, parts)
    result: list[Candidate] = []
    inherited: list[Mention] = []
    for clause in parts:
        acts = find_acts(text_tokens, clause, taken, subjects)
        for trigger in acts:
            source, target = sides(trigger, inside, text_tokens, clause, inherited if clause.shares else ())
            if source or target:
                mood = modality(trigger, text_tokens, clause)
                sides_ = (tuple(source), tuple(target), speaker)
                result.append(Candidate(trigger, clause, sentence, *sides_, mood))
        first = acts[0].start if acts else clause.end
        inherited = subject(inside, text_tokens, clause, first) or inherited
    return result


def parse(text: str, entities: Sequence[Entity], lexicon: Lexicon | None = None) -> Parse:
    """Return the candidates of a text, by the lexicon given or the shipped one.

    Where it finds none, by any verb after a name; then by the lexicon with less doubt about what is a verb.
    """
    tokens = tokenize(text)
    found = mentions(tokens, entities)
    adjectives = frozenset(m.end - 1 for m in found if m.entity.type in ("nationality", "country"))
    known = lexicon or shipped()

    def by_lexicon(*, lenient: bool) -> _Finder:
        return lambda words, clause, taken, _: find(known, words, clause, adjectives, taken, lenient=lenient)

    def read(find_acts: _Finder) -> list[Candidate]:
        return [
            candidate
            for sentence in sentences(text, tokens)
            for candidate in _in_sentence(tokens, found, sentence, find_acts)
        ]

    candidates = read(by_lexicon(lenient=False)) or read(find_unknown) or read(by_lexicon(lenient=True))
    return Parse(tokens, found, candidates)
