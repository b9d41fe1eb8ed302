"""Source and target of an event: every mention of its text is weighed for both sides.

The readings of ``actors`` (voice, prepositions, order) are features here, beside what stands around a
mention and what kind of act is told. A side is a logistic regression over them; its log odds are plain
sums, read from ``data/roles.tsv``, which ``training/roles.py`` writes. Where the encoder read the text, what
``sides`` makes of it is added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from streams.classify import blend, sides
from streams.classify.actors import Mention
from streams.classify.blend import Blend
from streams.classify.candidates import Candidate, Parse
from streams.classify.encoder import Reading
from streams.records import EventClass, PloverType

WEIGHTS_FILE = "roles.tsv"
BIAS = "bias"
_JOINING = frozenset({",", "and", "&", "or", "/", "-", "–"})
_FEW = 3
_FAR = 4

Sides = tuple[Sequence[Mention], Sequence[Mention]]
Weights = tuple[Mapping[str, float], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Told:
    """An act as it is told: its candidate, the class and type it has, and the sides read by rule."""

    parsed: Parse
    candidate: Candidate
    event_class: EventClass
    type: PloverType
    ruled: Sides


def _side(told: Told, mention: Mention) -> str:
    trigger = told.candidate.trigger
    if mention.end <= trigger.start:
        return "before"
    return "after" if mention.start >= trigger.end else "inside"


def _reach(told: Told, mention: Mention) -> str:
    clause, (start, end) = told.candidate.clause, told.candidate.sentence
    if clause.start <= mention.start < clause.end:
        return "clause"
    return "sentence" if start <= mention.start < end else "text"


def rule_of(told: Told, mention: Mention) -> str:
    """Return what a mention is by rule: ``s`` source, ``t`` target, ``!`` where it is this mention itself."""
    source, target = told.ruled
    as_source = "s" if any(m.code == mention.code for m in source) else "-"
    as_target = "t" if any(m.code == mention.code for m in target) else "-"
    exact = mention in source or mention in target
    return f"{as_source}{as_target}{'!' if exact else ''}"


def _joined(told: Told, mention: Mention, other: Mention) -> bool:
    """Tell whether two neighbours stand in one list."""
    between = [t.lower for t in told.parsed.tokens[mention.end : other.start]]
    return len(between) <= _FAR and any(word in _JOINING for word in between)


def _near(told: Told, i: int) -> Iterator[str]:
    """Yield what the neighbours of mention ``i`` are by rule, where they are listed with it."""
    found = told.parsed.mentions
    if i and _joined(told, found[i - 1], found[i]):
        yield f"listed after {rule_of(told, found[i - 1])[:2]}"
    if i + 1 < len(found) and _joined(told, found[i], found[i + 1]):
        yield f"listed before {rule_of(told, found[i + 1])[:2]}"


def _words(told: Told, mention: Mention) -> Iterator[str]:
    """Yield the words beside a mention; names are hidden, so that no state is learned by heart."""
    before, after, then = (_word(told, at) for at in (mention.start - 1, mention.end, mention.end + 1))
    yield f"word before={before}"
    yield f"word after={after}"
    yield f"words after={after} {then}"


def _word(told: Told, at: int) -> str:
    tokens = told.parsed.tokens
    if not 0 <= at < len(tokens):
        return "^"
    return "<name>" if any(m.start <= at < m.end for m in told.parsed.mentions) else tokens[at].lower


def _acts(told: Told) -> tuple[str, ...]:
    """Return what is known of the act, each of which a mention's place is paired with."""
    trigger = told.candidate.trigger
    voice = "passive" if trigger.passive else "active" if trigger.act.verb else "noun"
    word = told.parsed.tokens[trigger.start].lower
    return ("", voice, told.event_class, told.type, f"by {word}")


def features(told: Told, i: int) -> list[str]:
    """Return the features of mention ``i`` of a text, for an act told in it."""
    found = told.parsed.mentions
    mention = found[i]
    codes = list(dict.fromkeys(m.code for m in found))
    order, count = codes.index(mention.code), len(codes)
    side, rule = _side(told, mention), rule_of(told, mention)
    low, high = sorted((mention.start, told.candidate.trigger.start))
    between = len({m.code for m in found if low < m.start < high})
    speaks = any(m.code == mention.code for m in told.candidate.speaker)
    kind = f"{mention.entity.type} {mention.entity.role or '-'}"
    places = [
        f"rule {rule}",
        f"side {side} {_reach(told, mention)}",
        f"preposition {side} {mention.preposition}",
        f"order {min(order, _FEW)} of {min(count, _FAR)}",
        f"kind {side} {kind}",
        f"speaks {speaks} {bool(told.candidate.speaker)}",
    ]
    result = [BIAS, *(f"{act}: {place}" for act, place in product(_acts(told), places))]
    sides = f"{bool(told.ruled[0])} {bool(told.ruled[1])}"
    result += [
        f"rule {rule} {sides}",
        f"rule {rule} order {min(order, _FEW)} of {min(count, _FAR)}",
        f"rule {rule} speaks {speaks}",
        f"rule {rule} kind {kind}",
        f"between {side} {min(between, _FEW)}",
        f"times {min(sum(m.code == mention.code for m in found), _FEW)}",
        f"first {i == 0} last {i + 1 == len(found)}",
        f"mood {told.candidate.modality} {side}",
        f"body {mention.code if mention.code in ('EUU', 'NAT', 'UNO', 'IGO') else 'state'} {side}",
    ]
    result += _near(told, i)
    result += _words(told, mention)
    result += _beside(told, mention)
    return result


def _beside(told: Told, mention: Mention) -> Iterator[str]:
    """Yield the acts that stand nearest before and after a mention in its sentence."""
    found = told.parsed.candidates
    before = next((c for c in reversed(found) if c.trigger.end <= mention.start), None)
    after = next((c for c in found if c.trigger.start >= mention.end), None)
    for name, candidate in (("before", before), ("after", after)):
        if candidate is None or not candidate.sentence[0] <= mention.start < candidate.sentence[1]:
            yield f"no act {name}"
            continue
        act, place = candidate.trigger.act, _reach(told, mention)
        own = candidate.trigger.start == told.candidate.trigger.start
        kind = f"{'verb' if act.verb else 'noun'}{' passive' if candidate.trigger.passive else ''}"
        yield f"act {name} {kind} {own} {place}"
        yield f"act {name} {act.type} {kind} {own} {mention.preposition}"
        yield f"act {name} {told.parsed.tokens[candidate.trigger.start].lower}"


def given_source(told: Told, i: int, source: Collection[str]) -> list[str]:
    """Return what the chosen sources tell of mention ``i`` as a target."""
    mention = told.parsed.mentions[i]
    others = {m.code for m in told.parsed.mentions} - set(source)
    state = "source" if mention.code in source else "other"
    return [
        f"given {state} {min(len(source), 2)} {min(len(others), _FEW)}",
        f"given {state} {told.type}",
        f"given {state} {rule_of(told, mention)}",
        f"given {state} {told.event_class} {_side(told, mention)}",
    ]


def weigh(weights: Mapping[str, float], terms: Iterable[str]) -> float:
    """Return the log odds of a mention."""
    return sum(weights.get(term, 0.0) for term in terms)


def best(mentions: Sequence[Mention], odds: Sequence[float]) -> dict[str, tuple[float, int]]:
    """Return each code's highest log odds, with the mention that has them."""
    found: dict[str, tuple[float, int]] = {}
    for i, mention in enumerate(mentions):
        if mention.code not in found or odds[i] > found[mention.code][0]:
            found[mention.code] = odds[i], i
    return found


def likely(odds: Mapping[str, tuple[float, int]]) -> set[str]:
    """Return the codes that are more probable than not."""
    return {code for code, (value, _) in odds.items() if value > 0}


Odds = dict[str, tuple[float, int]]


def by_encoder(told: Told, reading: Reading | None, model: Any = None) -> list[sides.Odds | None]:
    """Return what the encoder says of each mention; None where it did not read so far."""
    return sides.read(told, reading, [rule_of(told, mention) for mention in told.parsed.mentions], model)


def side_odds(
    told: Told,
    read: Sequence[sides.Odds | None] = (),
    weights: Weights | None = None,
    blends: Mapping[str, Blend] | None = None,
) -> tuple[Odds, Odds]:
    """Return each code's log odds as source and as target, with the mention that has them.

    ``read`` is what :func:`by_encoder` returns; without it the linear weights count alone.
    """
    of_source, of_target = weights or shipped()
    blends = blends or blend.shipped()
    found = told.parsed.mentions
    read = read or [None] * len(found)
    terms = [features(told, i) for i in range(len(found))]

    def mixed(side: str, linear: float, odds: float | None) -> float:
        return linear if odds is None else blends[side].log_odds(linear, odds)

    source = best(
        found,
        [
            mixed(blend.SOURCE, weigh(of_source, own), odds and odds[0])
            for own, odds in zip(terms, read, strict=True)
        ],
    )
    codes = likely(source)
    target = [
        mixed(blend.TARGET, weigh(of_target, [*own, *given_source(told, i, codes)]), odds and odds[1])
        for i, (own, odds) in enumerate(zip(terms, read, strict=True))
    ]
    return source, best(found, target)


def chosen(told: Told, odds: tuple[Odds, Odds]) -> Sides:
    """Return the mentions that are likely source and target.

    A code may be both: an army acts on its own land, and those who agree do so with each other.
    """

    def side(of: Odds) -> list[Mention]:
        return [told.parsed.mentions[i] for i in sorted(of[code][1] for code in likely(of))]

    source, target = odds
    return side(source), side(target)


def assign(told: Told, reading: Reading | None = None, weights: Weights | None = None) -> Sides:
    """Return source and target of an act told in a text, by its reading too where there is one."""
    return chosen(told, side_odds(told, by_encoder(told, reading), weights))


def read(text: str) -> Weights:
    """Read the table of weights: term, tab, weight as source, tab, weight as target.

    Raises:
        ValueError: a line is not of this form.
    """
    source: dict[str, float] = {}
    target: dict[str, float] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        term, as_source, as_target = line.split("\t")
        source[term] = float(as_source)
        target[term] = float(as_target)
    return source, target


@cache
def shipped() -> Weights:
    """Return the weights that ship with this package, read once in a process."""
    return read((files("streams.classify") / "data" / WEIGHTS_FILE).read_text(encoding="utf-8"))
