"""Dates that a document names, reckoned from its own date; never that date itself unasked."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

from streams.enrich.tokens import Tokens
from streams.records import DatePrecision, Document, EventDate, Span

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_OF = {name: n for n, name in enumerate(_MONTHS, 1)}
_MONTH_OF |= {name[:3]: n for n, name in enumerate(_MONTHS, 1) if name != "may"} | {"sept": 9}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "several": 3, "few": 3,
}  # fmt: skip
# Without one of these words a text names no date that is read here.
_TRIGGERS = (
    frozenset(_MONTH_OF) | frozenset(_DAYS) | frozenset(d + "s" for d in _DAYS)
    | {"today", "yesterday", "tomorrow", "tonight", "overnight", "ago"}
    | {"day", "days", "week", "weeks", "month", "months", "year", "years", "hours", "weekend"}
)  # fmt: skip
_MONTH = r"(?P<month{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept(?:ember|\.)?|Sep\.?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_DAY = r"(?P<{0}>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_PATTERN = re.compile(
    "|".join((
        r"\b(?P<iso>(?:19|20)\d\d-[01]\d-[0-3]\d)\b",
        rf"\b{_MONTH.format(1)} {_DAY.format('d1')}(?: ?(?:-|–|—|to|and) ?(?:{_MONTH.format(2)} )?{_DAY.format('d2')})?(?![\d:%])(?:,? {_YEAR.format('y1')})?\b",
        rf"\b{_DAY.format('d3')}(?: ?(?:-|–|—|to|and) ?{_DAY.format('d4')})? (?:of )?{_MONTH.format(3)}(?:,? {_YEAR.format('y2')})?(?![\w-])",
        rf"\b(?P<bare>(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Ll]ast|[Nn]ext|[Tt]his|[Ll]ate|[Ee]arly|[Mm]id-?|[Ee]nd of|[Dd]uring|[Ff]rom) ?){_MONTH.format(4)}(?:,? {_YEAR.format('y3')})?(?![\w-])",
        r"\b(?P<lead>(?:last|next|this|past|on|by|until|late|early|since) )?(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?!s\b)(?: (?:morning|afternoon|evening|night))?\b",
        r"\b(?P<single>day before yesterday|day after tomorrow|yesterday|today|tomorrow|tonight|overnight)\b",
        r"\b(?P<side>past|last|previous|next|coming|this)(?: (?P<count>\d{1,3}|two|three|four|five|six|seven|ten|twelve|several|few))?[ -](?P<unit>day|24 hours|48 hours|hours|week|weekend|month|year)s?\b",
        r"\b(?P<agocount>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve) (?P<agounit>day|week|month|year)s? ago\b",
    )),
    re.IGNORECASE,
)  # fmt: skip
_WEEK = 7
_NEAR_PAST = timedelta(days=200)
# Verbs of what is to come: 'will attend on Wednesday' is the next Wednesday.
_FUTURE = re.compile(
    r"\b(?:will|to|next|upcoming|set|due|plans?|planned|scheduled|expected|would|shall|ahead of)\b", re.I
)
_CLAUSE = 60

Reckoned = tuple[date, date, DatePrecision, str]


def find_dates(tokens: Tokens, document: Document) -> tuple[EventDate, ...]:
    """Return the dates that the text names, in the order of the text.

    A date without a year, or relative to the day of writing, is left out where the document has no
    ``published_at``: it could only be guessed.
    """
    if _TRIGGERS.isdisjoint(tokens.keys) and "-" not in tokens.text:
        return ()
    base = document.published_at.value.date() if document.published_at is not None else None
    return tuple(_dates(tokens.text, base))


def _dates(text: str, base: date | None) -> Iterator[EventDate]:
    for match in _PATTERN.finditer(text):
        try:
            reckoned = _reckon(match, text, base)
        except (ValueError, OverflowError):  # 31 April, or a year out of the calendar
            continue
        if reckoned is not None:
            start, end, precision, method = reckoned
            yield EventDate(
                start=start.isoformat(), end=end.isoformat(), precision=precision, method=method,
                span=Span(start=match.start(), end=match.end()),
            )  # fmt: skip


def _reckon(match: re.Match[str], text: str, base: date | None) -> Reckoned | None:
    groups = match.groupdict()
    if groups["iso"]:
        day = date.fromisoformat(groups["iso"])
        return day, day, "day", "explicit"
    if groups["d1"]:
        return _calendar_days(groups, ("month1", "d1", "month2", "d2", "y1"), base)
    if groups["d3"]:
        return _calendar_days(groups, ("month3", "d3", "month3", "d4", "y2"), base)
    if groups["bare"]:
        return _month_alone(groups, base)
    if base is None:
        return None
    if groups["weekday"]:
        return _weekday(match, text, base)
    if groups["single"]:
        return _single(groups["single"].lower(), base)
    if groups["agocount"]:
        return _ago(_number(groups["agocount"]), groups["agounit"].lower(), base)
    return _period(groups["side"].lower(), groups["count"], groups["unit"].lower(), base)


def _month_number(name: str) -> int:
    return _MONTH_OF[name.lower().rstrip(".")]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.get(word.lower(), 1)


def _year_for(month: int, day: int, base: date) -> int:
    """Return the year that puts a day nearest to the day of writing, the past before the future."""
    years = (base.year, base.year - 1, base.year + 1)
    valid = [y for y in years if day <= calendar.monthrange(y, month)[1]]
    return min(valid, key=lambda y: (abs((date(y, month, day) - base) + timedelta(days=30)), y))


def _calendar_days(
    groups: dict[str, str | None], names: tuple[str, ...], base: date | None
) -> Reckoned | None:
    month1, day1, month2, day2, year = (groups[name] for name in names)
    if month1 is None or day1 is None or (year is None and base is None):
        return None
    month, day = _month_number(month1), int(day1)
    if day == 0:
        raise ValueError("no such day")
    number = int(year) if year else _year_for(month, day, base) if base is not None else 0
    start = date(number, month, day)
    method = "explicit" if year else "partial"
    if day2 is None:
        return start, start, "day", method
    end_month = _month_number(month2) if month2 else month
    end = date(number + (end_month < month), end_month, int(day2))
    return (start, end, "range", method) if end >= start else (start, start, "day", method)


def _month_alone(groups: dict[str, str | None], base: date | None) -> Reckoned | None:
    name, year, lead = groups["month4"], groups["y3"], (groups["bare"] or "").lower()
    if name is None or (year is None and base is None):
        return None
    if name == "may" or (name.islower() and name == "march"):  # the verbs
        return None
    month = _month_number(name)
    number = int(year) if year else 0
    if year is None and base is not None:
        number = _year_for(month, 15, base)
        if lead.startswith("next") and (number, month) <= (base.year, base.month):
            number += 1
        if lead.startswith("last") and (number, month) >= (base.year, base.month):
            number -= 1
    last = calendar.monthrange(number, month)[1]
    return date(number, month, 1), date(number, month, last), "month", "explicit" if year else "partial"


def _weekday(match: re.Match[str], text: str, base: date) -> Reckoned:
    """Return the weekday nearest before the day of writing, or after it where the clause looks ahead."""
    index = _DAYS.index(match["weekday"].lower())
    back = (base.weekday() - index) % _WEEK
    lead = (match["lead"] or "").strip().lower()
    clause = text[max(0, match.start() - _CLAUSE) : match.start()].rsplit(".", 1)[-1]
    ahead = lead in ("next", "by", "until") or (lead != "last" and _FUTURE.search(clause) is not None)
    if lead == "last" and back == 0:
        back = _WEEK
    day = (
        base + timedelta(days=(_WEEK - back) % _WEEK or (_WEEK if lead == "next" else 0))
        if ahead
        else base - timedelta(days=back)
    )
    return day, day, "day", "relative"


def _single(word: str, base: date) -> Reckoned:
    steps = {"day before yesterday": -2, "yesterday": -1, "tomorrow": 1, "day after tomorrow": 2}
    if word == "overnight":
        return base - timedelta(days=1), base, "range", "relative"
    day = base + timedelta(days=steps.get(word, 0))
    return day, day, "day", "relative"


def _shift_months(day: date, months: int) -> tuple[int, int]:
    total = day.year * 12 + day.month - 1 + months
    return total // 12, total % 12 + 1


def _ago(count: int, unit: str, base: date) -> Reckoned:
    if unit in ("day", "week"):
        day = base - timedelta(days=count * (1 if unit == "day" else _WEEK))
        return (day, day, "day", "relative") if unit == "day" else (*_week_of(day), "week", "relative")
    if unit == "month":
        return _whole_month(*_shift_months(base, -count))
    return date(base.year - count, 1, 1), date(base.year - count, 12, 31), "year", "relative"


def _week_of(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _whole_month(year: int, month: int) -> Reckoned:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month", "relative"


def _period(side: str, count: str | None, unit: str, base: date) -> Reckoned | None:
    step = -1 if side in ("past", "last", "previous") else 0 if side == "this" else 1
    if unit.endswith("hours"):
        digits = unit.split()[0] if unit != "hours" else count or "24"
        days = max(1, round(_number(digits) / 24))
        return _span(base, step or -1, days)
    if count is not None or (side == "past" and unit != "weekend"):
        days = {"day": 1, "week": _WEEK, "month": 30, "year": 365}.get(unit, 1) * (
            _number(count) if count else 1
        )
        return _span(base, step or -1, days)
    if unit == "day":
        day = base + timedelta(days=step)
        return day, day, "day", "relative"
    if unit == "week":
        return (*_week_of(base + timedelta(days=step * _WEEK)), "week", "relative")
    if unit == "weekend":
        saturday = base - timedelta(days=(base.weekday() - 5) % _WEEK)
        saturday += timedelta(days=_WEEK * (step > 0 or (step == 0 and base.weekday() < 5)))
        return saturday, saturday + timedelta(days=1), "range", "relative"
    if unit == "month":
        return _whole_month(*_shift_months(base, step))
    return date(base.year + step, 1, 1), date(base.year + step, 12, 31), "year", "relative"


def _span(base: date, step: int, days: int) -> Reckoned:
    other = base + timedelta(days=step * days)
    return min(base, other), max(base, other), "range", "relative"
