"""Reckoning with days, weeks and months from the day a text was written."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from streams.enrich.date_words import WEEKDAYS
from streams.records import DatePrecision

# First day, last day, how exact, and how it was found.
Reckoned = tuple[date, date, DatePrecision, str]

_WEEK = 7
_SATURDAY = 5
_DAYS_IN = {"day": 1, "week": _WEEK, "month": 30, "year": 365}
# News looks back more often than ahead: a day without a year is rather ten months past than two ahead.
_PAST_BIAS = timedelta(days=30)


def one_day(day: date, method: str) -> Reckoned:
    """Return a single day."""
    return day, day, "day", method


def whole_month(year: int, month: int, method: str) -> Reckoned:
    """Return the first to the last day of a month."""
    last = calendar.monthrange(year, month)[1]
    return date(year, month, 1), date(year, month, last), "month", method


def whole_year(year: int) -> Reckoned:
    """Return the first to the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31), "year", "relative"


def whole_week(day: date) -> Reckoned:
    """Return Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6), "week", "relative"


def stretch(base: date, step: int, count: int, unit: str) -> Reckoned:
    """Return the ``count`` units before (``step`` < 0) or after a day: the past two weeks."""
    other = base + timedelta(days=step * count * _DAYS_IN[unit])
    return min(base, other), max(base, other), "range", "relative"


def year_for(month: int, day: int, base: date, *, ahead: bool = False) -> int:
    """Return the year that puts a day of the calendar nearest to the day of writing, or first from it on."""
    years = [y for y in (base.year - 1, base.year, base.year + 1) if day <= calendar.monthrange(y, month)[1]]
    if not years:
        raise ValueError(f"month {month} has no day {day} in these years")
    later = [year for year in years if date(year, month, day) >= base]
    if ahead and later:
        return later[0]
    return min(years, key=lambda year: (abs(date(year, month, day) - base + _PAST_BIAS), year))


def is_weekend(day: date) -> bool:
    """Say whether a day is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def months_from(base: date, months: int) -> tuple[int, int]:
    """Return year and month that lie some months before or after a day."""
    total = base.year * 12 + base.month - 1 + months
    return total // 12, total % 12 + 1


def weekday_near(name: str, base: date, when: str, *, ahead: bool) -> Reckoned:
    """Return the named day of the week: the last one up to the day of writing, or the first from it on.

    ``this`` names the day of the week of writing; on a Sunday that of the coming week.
    """
    index = WEEKDAYS.index(name.lower())
    if when == "this":
        ahead = index >= base.weekday() or base.weekday() > _SATURDAY
    if ahead:
        forward = (index - base.weekday()) % _WEEK
        return one_day(base + timedelta(days=forward or (_WEEK if when == "next" else 0)), "relative")
    back = (base.weekday() - index) % _WEEK
    return one_day(base - timedelta(days=back or (_WEEK if when == "last" else 0)), "relative")


def ago(count: int, unit: str, base: date) -> Reckoned:
    """Return the day, week, month or year that lies ``count`` units back."""
    if unit == "day":
        return one_day(base - timedelta(days=count), "relative")
    if unit == "week":
        return whole_week(base - timedelta(days=count * _WEEK))
    if unit == "month":
        return whole_month(*months_from(base, -count), "relative")
    return whole_year(base.year - count)


def unit_beside(unit: str, step: int, base: date) -> Reckoned:
    """Return the week, weekend, month or year before (-1), around (0) or after (1) a day."""
    if unit == "week":
        return whole_week(base + timedelta(days=step * _WEEK))
    if unit == "weekend":
        saturday = base + timedelta(days=(_SATURDAY - base.weekday()) % _WEEK)  # the coming one
        if base.weekday() > _SATURDAY:
            saturday -= timedelta(days=_WEEK)  # on a Sunday: yesterday's
        saturday += timedelta(days=_WEEK * min(step, 0))
        return saturday, saturday + timedelta(days=1), "range", "relative"
    if unit == "month":
        return whole_month(*months_from(base, step), "relative")
    return whole_year(base.year + step)
