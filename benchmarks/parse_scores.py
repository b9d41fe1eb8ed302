"""How parse's results are scored: token and n-gram F1, segments, teasers, dates."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import mean, median

# Scripts without spaces count a character as a token.
_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+"
)


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


def f1(found: Counter[object], gold: Counter[object]) -> float:
    """F1 of two multisets; two empty ones agree."""
    if not found and not gold:
        return 1.0
    shared = (found & gold).total()
    return 2 * shared / (found.total() + gold.total())


def token_f1(found: str, gold: str) -> float:
    return f1(Counter(tokens(found)), Counter(tokens(gold)))


def gram_f1(found: str, gold: str, size: int = 4) -> float:
    return f1(Counter(_grams(found, size)), Counter(_grams(gold, size)))


def _grams(text: str, size: int) -> Iterable[tuple[str, ...]]:
    words = tokens(text)
    return zip(*(words[i:] for i in range(size)), strict=False)


def squeeze(text: str) -> str:
    return " ".join(text.split())


def half_of(name: str) -> int:
    """Return 0 for the half that is tuned on, 1 for the half that is only reported."""
    return zlib.crc32(name.encode()) % 2


def same_day(found: datetime | str | None, gold: str) -> bool | None:
    """Whether the day agrees, in the zone either was written in; None when none was found."""
    if found is None:
        return None
    if isinstance(found, str):
        return found[:10] == gold[:10]
    right = datetime.fromisoformat(gold)
    days = {gold[:10]}
    if right.tzinfo is not None and found.tzinfo is not None:
        days.add(right.astimezone(found.tzinfo).date().isoformat())
    return found.date().isoformat() in days


@dataclass
class Tally:
    """Scores of one engine on one half of one set."""

    values: dict[str, list[float]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    worst: list[tuple[float, str]] = field(default_factory=list)

    def add(self, name: str, value: float) -> None:
        self.values.setdefault(name, []).append(value)

    def mean(self, name: str) -> float | None:
        values = self.values.get(name)
        return mean(values) if values else None

    def median(self, name: str) -> float | None:
        values = self.values.get(name)
        return median(values) if values else None

    def p95(self, name: str) -> float | None:
        values = sorted(self.values.get(name, []))
        return values[min(len(values) - 1, int(len(values) * 0.95))] if values else None

    def ratio(self, part: str, *whole: str) -> float | None:
        total = sum(self.counts[name] for name in whole)
        return self.counts[part] / total if total else None
