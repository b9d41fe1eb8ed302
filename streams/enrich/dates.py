"""Dates that a document names, reckoned from its own date; never that date itself unasked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta

from streams.enrich import reckoning
from streams.enrich.date_words import AHEAD, MONTH_OF, NUMBERS, PATTERN, TO_DO, TRIGGERS
from streams.enrich.reading import Reading
from streams.enrich.reckoning import Reckoned
from streams.enrich.tokens import Tokens
from streams.records import Document, EventDate, Span

_CLAUSE = 60  # how many characters before a weekday are searched for a look ahead
_HOURS_A_DAY = 24
_WORDS_AROUND = 6  # more than any date has before or after its month, weekday or unit
_YEAR_DIGITS = 4
_STEPS = {"day before yesterday": -2, "yesterday": -1, "tomorrow": 1, "day after tomorrow": 2}
_MIDDLE = 15
_PARTS = re.compile(r"[.\n]")
_OBJECT_AT_MOST = 4  # words from a verb to the last one of what it is done to
_PASTS = frozenset(
    {"sent", "flew", "met", "led", "gave", "took", "brought", "built", "bought", "made", "held"}
)
# Verbs, where they stand without a capital.
_VERBS = frozenset({"may", "march", "mar"})


def find_dates(reading: Reading, document: Document) -> tuple[EventDate, ...]:
    """Return the dates that the text names, in the order of the text.

    A date without a year, or relative to the day of writing, is left out where the document has no
    ``published_at``: it could only be guessed. ``method`` is ``explicit`` (with its year), ``partial``
    (the year was reckoned) or ``relative``.
    """
    base = document.published_at.value.date() if document.published_at is not None else None
    found: list[EventDate] = []
    for start, end in _windows(reading.tokens):
        found.extend(_dates(reading, start, end, base))
    return tuple(found)


def _windows(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Yield the stretches of text that may hold a date: searching all of it would take most of the time."""
    start = end = -1
    for index, key in enumerate(tokens.keys):
        if key not in TRIGGERS and not (len(key) == _YEAR_DIGITS and key.isdecimal()):
            continue
        first = tokens.starts[max(0, index - _WORDS_AROUND)]
        last = tokens.ends[min(len(tokens) - 1, index + _WORDS_AROUND)]
        if first > end:
            if end > 0:
                yield start, end
            start = first
        end = last
    if end > 0:
        yield start, end


def _dates(reading: Reading, start_at: int, stop_at: int, base: date | None) -> Iterator[EventDate]:
    text = reading.tokens.text
    match = PATTERN.search(text, start_at, stop_at)
    while match is not None:
        try:
            reckoned, after = _reckon(match, reading, base), match.end()
        except (ValueError, OverflowError):  # 31 April, or beyond the calendar: what follows may be a date
            reckoned, after = None, match.start() + 1
        if reckoned is not None:
            start, end, precision, method = reckoned
            yield EventDate(
                start=start.isoformat(),
                end=end.isoformat(),
                precision=precision,
                method=method,
                span=Span(start=match.start(), end=match.end()),
            )
        match = PATTERN.search(text, after, stop_at)


def _reckon(match: re.Match[str], reading: Reading, base: date | None) -> Reckoned | None:
    if match["iso"]:
        return reckoning.one_day(date.fromisoformat(match["iso"]), "explicit")
    if match["day_a"]:
        return _days(match, reading, ("month_a", "day_a", "month_b", "day_b", "year_a"), base)
    if match["day_c"]:
        return _days(match, reading, ("month_c", "day_c", "month_c", "day_d", "year_c"), base)
    if match["month_e"] or match["month_f"]:
        return _month(match, reading, base)
    return None if base is None else _relative(match, reading, base)


def _month_number(name: str) -> int:
    if name in _VERBS:
        raise ValueError("a verb")
    return MONTH_OF[name.lower().rstrip(".")]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word.lower()]


def _looks_ahead(match: re.Match[str], reading: Reading) -> bool:
    """Say whether a word of the clause before a date says that it is still to come."""
    before = reading.tokens.text[max(0, match.start() - _CLAUSE) : match.start()]
    clause = _PARTS.split(before)[-1]
    if AHEAD.search(clause) is not None:
        return True
    offset = match.start() - len(clause)
    return any(_is_to_do(to, offset, reading) for to in TO_DO.finditer(clause))


def _is_to_do(to: re.Match[str], offset: int, reading: Reading) -> bool:
    """Say whether a verb follows "to" ("Xi to visit"), and no name ("troops to Syria")."""
    tokens, marks = reading.tokens, reading.marks
    verb = bisect_left(tokens.starts, offset + to.end())
    titled = to[1][0].isupper()  # then verbs may be, too: "Xi to Visit France"
    if marks.covered[verb] or (tokens.caps[verb] and not titled):
        return False
    if not titled and any(_is_past(index, reading) for index in range(verb - 2 - _OBJECT_AT_MOST, verb - 2)):
        return False  # a purpose: "used missiles to strike"
    return titled or to[1].endswith("s") or any(role.last == verb - 2 for role in marks.roles)


def _is_past(index: int, reading: Reading) -> bool:
    """Say whether a word looks like a verb in the past, and no name ("United Nations")."""
    key = reading.tokens.keys[index] if index >= 0 else ""
    return (key in _PASTS or key.endswith("ed")) and not reading.marks.covered[index]


def _days(
    match: re.Match[str], reading: Reading, names: tuple[str, str, str, str, str], base: date | None
) -> Reckoned | None:
    """Return a day, or the days of a range, with or without a year."""
    month_name, day_word, end_month_name, end_word, year_word = (match[name] for name in names)
    month, day = _month_number(month_name), int(day_word)
    if year_word:
        year = int(year_word)
    elif base is not None:
        year = reckoning.year_for(month, day, base, ahead=_looks_ahead(match, reading))
    else:
        return None
    start, method = date(year, month, day), "explicit" if year_word else "partial"
    if not end_word:
        return reckoning.one_day(start, method)
    end_month = _month_number(end_month_name) if end_month_name else month
    end = date(year + (end_month < month), end_month, int(end_word))
    return (start, end, "range", method) if end > start else reckoning.one_day(start, method)


def _month(match: re.Match[str], reading: Reading, base: date | None) -> Reckoned | None:
    """Return a month that is named without a day."""
    month = _month_number(match["month_e"] or match["month_f"])
    year_word, lead = match["year_e"] or match["year_f"], (match["lead"] or "").strip(" -").lower()
    if year_word:
        return reckoning.whole_month(int(year_word), month, "explicit")
    if base is None:
        return None
    year = reckoning.year_for(month, _MIDDLE, base)
    here = (base.year, base.month)
    ahead = lead not in ("last", "since") and _looks_ahead(match, reading)
    if (lead == "next" and (year, month) <= here) or (ahead and (year, month) < here):
        year += 1
    elif lead == "last" and (year, month) >= here:
        year -= 1
    return reckoning.whole_month(year, month, "partial")


def _relative(match: re.Match[str], reading: Reading, base: date) -> Reckoned | None:
    if match["weekday"]:
        when = (match["when"] or "").lower()
        looks_ahead = when not in ("last", "past", "since") and _looks_ahead(match, reading)
        ahead = when in ("next", "by", "until") or looks_ahead
        return reckoning.weekday_near(match["weekday"], base, when, ahead=ahead)
    if match["ago"]:
        return reckoning.ago(_number(match["ago"]), match["ago_unit"].lower(), base)
    if match["single"]:
        return _single(match["single"].lower(), base, ahead=_looks_ahead(match, reading))
    return _period(match["side"].lower(), match["count"], match["unit"].lower(), base)


def _single(word: str, base: date, *, ahead: bool) -> Reckoned:
    if word.endswith("weekend"):
        return reckoning.unit_beside("weekend", 0 if ahead or reckoning.is_weekend(base) else -1, base)
    if word in ("overnight", "last night"):
        return base - timedelta(days=1), base, "range", "relative"
    return reckoning.one_day(base + timedelta(days=_STEPS.get(word, 0)), "relative")


def _period(side: str, count: str | None, unit: str, base: date) -> Reckoned | None:
    """Return the past day, the next two weeks, this month."""
    step = -1 if side in ("past", "last", "previous") else 0 if side == "this" else 1
    if unit == "hour":
        days = max(1, round(_number(count) / _HOURS_A_DAY)) if count else 1
        return reckoning.stretch(base, step or -1, days, "day")
    if unit == "weekend":
        return reckoning.unit_beside(unit, step, base)
    if count is not None:
        return reckoning.stretch(base, step or -1, _number(count), unit)
    if side == "past":
        return reckoning.stretch(base, -1, 1, unit)
    # 'the next day' and 'the last day' are reckoned from something else in the text.
    return None if unit == "day" else reckoning.unit_beside(unit, step, base)
