"""Dates and times as machines and people write them on pages.

A doubtful date is none: 04/05/2025 has no month, and a year alone is no date.
"""

# patterns read best in one line
# ruff: noqa: E501
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from streams.parse.datewords import pieces, tells_change
from streams.parse.months import MONTHS, SOLAR_MONTHS
from streams.records import DatePrecision

_ISO = re.compile(
    r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?",
    re.IGNORECASE,
)
_RFC = re.compile(
    r"\b(\d{1,2})[ -]([A-Z][a-z]{2})[a-z]*[ -](\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|UTC|GMT|[+-]\d{4})?"
)
_WORD = r"([^\W\d_][^\d\s_,.:;()/|-]{1,14})"  # vowel signs of Indian scripts and Thai are no letters to \w
_DAY_FIRST = re.compile(
    rf"(?<![\d.])(?<!\d:)(\d{{1,2}})(?:\.|st|nd|rd|th|º|er)?,?\s*(?:de |d'|of )?{_WORD}\.?,?\s*(?:de |del )?(\d{{4}})(?!\d)"
)
_MONTH_FIRST = re.compile(rf"(?<!\w){_WORD}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s*(?:年|년|[./-])\s*(\d{1,2})\s*(?:月|월|[./-])\s*(\d{1,2})(?:\s*(?:日|일))?(?!\d)"
)
# 2024. május 5. -- 2024 m. gegužės 5 d.
_YEAR_WORD = re.compile(rf"(?<![\d.:])(\d{{4}})\.?\s*(?:m\.\s*)?{_WORD}\.?\s+(\d{{1,2}})(?!\d)")
_NUMBERED_MONTH = re.compile(
    r"(?<!\d)(\d{1,2}) tháng (\d{1,2}),? (?:năm )?(\d{4})(?!\d)"
)  # 5 tháng 3 năm 2024
_IN_WORDS = (
    (_NUMBERED_MONTH, (3, 2, 1)),
    (_DAY_FIRST, (3, 2, 1)),
    (_MONTH_FIRST, (3, 1, 2)),
    (_YEAR_WORD, (1, 2, 3)),
)
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
_SHORT = re.compile(r"(?<![\d.:/-])(\d{2})([./])(\d{2})\2(\d{2})(?![\d.:/-])")  # 11.04.25
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?")  # seconds, milliseconds
# A dot needs a word of the clock beside it: 10.31 Uhr, kl. 10.31, but neither 12.50 nor 3.25%.
_DOTTED_CLOCK = r"(?<![\w.,])(?:[01]?\d|2[0-3])\.[0-5]\d"
_CLOCK = re.compile(
    r"\b\d{1,2}:\d{2}\b"
    rf"|{_DOTTED_CLOCK}\s*(?:uhr|hrs?|hs?|u|[ap]\.?\s?m|wi[bt]|wita|gmt|utc|[bic]st|cet|e[ds]t|น)\b"
    rf"|\b(?:klo|kl|ore|alle|pukul|jam|godz|saat|heute|gestern|oggi|ieri)\b[.,]?\s*{_DOTTED_CLOCK}(?![\w.,%]|\s*[%€$£])",
    re.IGNORECASE,
)
# How long ago: it is a line about time, but no day; the page may have been kept for long before it was fetched.
# Months and years are left out: "10 years ago" is a heading.
_AGE = re.compile(
    r"(?:(?:posted|published|updated|about) )*(?:"
    r"(?:\d{1,3} ?(?:h(?:ou)?rs?|h),? )?\d{1,3} ?(?:s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:ee)?ks?|w),? ago"
    r"|an? (?:minute|hour) ago|a few (?:seconds|minutes|hours|days) ago|just now|moments ago)"
    r"|vor (?:\d{1,3}|eine[rm]) (?:sekunden?|minuten?|min\.?|stunden?|std\.?|tag(?:en)?|wochen?)"
    r"|il y a (?:\d{1,3}|une) ?(?:s|secondes?|min\.?|minutes?|h|heures?|j|jours?|semaines?)"
    r"|hace (?:\d{1,3}|una?) ?(?:s|segundos?|min\.?|minutos?|h|horas?|d|días?|semanas?)"
    r"|h[áa] (?:\d{1,3}|uma?) ?(?:s|segundos?|min\.?|minutos?|h|horas?|d|dias?|semanas?)|\d{1,3} (?:segundos?|minutos?|horas?|dias?) atrás"
    r"|(?:\d{1,3}|una|un['’]) ?(?:second[oi]|min\.?|minut[oi]|or[ae]|giorn[oi]|settiman[ae]) fa"
    r"|(?:\d{1,3}|een) ?(?:seconden?|min\.?|minuten?|uur|uren|dag(?:en)?|weken?) geleden"
    r"|(?:f[öo]r )?(?:\d{1,3}|en|ett?) (?:sekunde?r?|min\.?|minut(?:t|er|ter)?|timm?ar|timmen?|timer?|da(?:g|gar|ger|ge)|døgn|veckor?|uger?|uker?) (?:sedan|siden)"
    r"|\d{1,3} ?(?:sekunti[a]?|min\.?|minuutti[a]?|h|tunti[a]?|päivää|viikkoa?) sitten"
    r"|\d{1,3} ?(?:sek\.?|min\.?|minut[ya]?|h|godz\.?|godzin[ya]?|dni|dzień|tygodnie?) temu"
    r"|p[řr]ed \d{1,3} ?(?:min\.?|min[uú]t(?:ami|ou)?|h|hodin(?:ami|ou)|d[nň](?:y|em|ami|om)|týždňami|týdny)"
    r"|\d{1,3} ?(?:сек\.?|секунд[аыу]?|мин\.?|минут[аыу]?|хвилин[аиу]?|ч\.?|час(?:а|ов)?|годин[аиу]?|дн(?:я|ей|і|ів)|день|недел[юиья]+|тижн\w+) (?:назад|тому)"
    r"|преди \d{1,3} (?:мин\.?|минут[аи]|часа?|дни|ден|седмици)|пре \d{1,3} ?(?:мин\.?|минута?|сат(?:и|а)?|дана?)"
    r"|p(?:re|rije) \d{1,3} ?(?:min\.?|minuta?|sat(?:i|a)?|dana?)|acum \d{1,3} (?:de )?(?:min\.?|minute?|or[eă]|zile?)"
    r"|πριν(?: από)? \d{1,3} (?:λεπτ[άό]|ώρ(?:ες|α)|η?μέρ(?:ες|α)|εβδομάδ(?:ες|α))|\d{1,3} (?:λεπτά|ώρ(?:ες|α)|μέρες) πριν"
    r"|\d{1,3} (?:saniye|dk\.?|dakika|sa\.?|saat|gün|hafta) önce"
    r"|\d{1,3} (?:detik|menit|jam|hari|minggu) (?:yang )?(?:lalu|lepas)|\d{1,3} (?:giây|phút|giờ|ngày|tuần) trước"
    r"|(?:منذ|قبل) \d{1,3} (?:ثوان[ٍي]?|ثانية|دقيقة|دقائق|ساعة|ساعات|يوم|يوما|أيام)|\d{1,3} (?:ثانیه|دقیقه|ساعت|روز|هفته) (?:پیش|قبل)"
    r"|לפני \d{1,3} (?:דקות|שעות|ימים)|\d{1,3} (?:सेकंड|मिनट|घंट[ाे]|दिन) पहले"
    r"|\d{1,3} ?(?:秒|分钟|分鐘|分|小时|小時|時間|天|日|周|週間?)前|\d{1,3} ?(?:초|분|시간|일|주) ?전",
    re.IGNORECASE,
)
_LINES = (_YEAR_FIRST, _NUMBERED_MONTH, _DAY_FIRST, _MONTH_FIRST, _YEAR_WORD, _DOTTED, _SHORT)
_DIGIT = re.compile(r"\d")
_YEARS = range(1990, 2100)
_BUDDHIST = 543  # years that the Thai calendar is ahead
_BUDDHIST_YEARS = range(2533, 2643)
_SOLAR_EPOCH = -356_033  # days between the two calendars' counts
_SOLAR_YEARS = range(1369, 1479)  # of the Iranian calendar: those of _YEARS
_LINE_CHARS = 60
_MAX_AGE_CHARS = 30
_MAX_BESIDE = 30  # characters beside the date
_MAX_BESIDE_SHORT = 12  # beside one whose year has two digits
_LAST_CENTURY = 90  # years of two digits from here on
_DIGITS = str.maketrans("０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "012345678901234567890123456789")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time with how exact it is. Without a zone in the source it stands as UTC, exact to the day."""

    value: datetime
    precision: DatePrecision


def read_machine(text: str) -> Moment | None:
    """Read a date as metadata write it: ISO 8601 and its relatives, RFC 2822, else as people do."""
    text = text.strip()[:80]
    if (found := _ISO.match(text)) is not None:
        year, month, day, hour, minute, second, zone = found.groups()
        if moment := _moment((year, month, day), (hour, minute, second), zone):
            return moment
        found = _EPOCH.fullmatch(text)
        return Moment(datetime.fromtimestamp(int(found[1]), UTC), "second") if found else read_visible(text)
    if (found := _RFC.search(text)) is not None and (number := MONTHS.get(found[2].lower())):
        return _moment((found[3], number, found[1]), (found[4], found[5], found[6]), found[7])
    return read_visible(text)


def read_visible(text: str, *, day_first: bool = False) -> Moment | None:
    """Read the first date that people read in a text; to the day, since pages rarely name the zone.

    With ``day_first`` 04/05/2025 is the fourth of May, as in most languages, and 04.05.25 too; else the
    one has no month, and the other might begin with the year.
    """
    text = text.translate(_DIGITS)
    for pattern, order in ((_YEAR_FIRST, (1, 2, 3)), *_IN_WORDS):
        for found in pattern.finditer(text):
            if moment := _named(*(found[i] for i in order)):
                return moment
    for found in _DOTTED.finditer(text):
        first, second, year = int(found[1]), int(found[3]), found[4]
        if found[2] != "." and first <= 12 and second <= 12 and first != second and not day_first:  # noqa: PLR2004
            continue  # day or month first? the page does not say
        day, number = (second, first) if second > 12 else (first, second)  # noqa: PLR2004
        if moment := _moment((year, number, day), None, None):
            return moment
    for found in _SHORT.finditer(text) if day_first else ():
        century = 1900 if int(found[4]) >= _LAST_CENTURY else 2000
        if moment := _moment((century + int(found[4]), found[3], found[1]), None, None):
            return moment
    return None


def _named(year: str, month: str, day: str) -> Moment | None:
    """Return the day of a date whose month is a word, or whose order is known, in the calendar of its page."""
    if int(year) in _SOLAR_YEARS:
        return _solar(int(year), int(month) if month.isdigit() else SOLAR_MONTHS.get(month, 0), int(day))
    number = month if month.isdigit() else MONTHS.get(month.casefold())
    if number and int(year) in _BUDDHIST_YEARS and "\u0e00" <= month[0] <= "\u0e7f":
        year = str(int(year) - _BUDDHIST)
    return _moment((year, number, day), None, None) if number else None


def _solar(year: int, month: int, day: int) -> Moment | None:
    """Return the day of a date of the Iranian calendar: six months of 31 days, then of 30, leaps in 33 years.

    In the years of ``_YEARS`` this gives the days of jdatetime 6, which would be a dependency for this alone.
    """
    half_year = 6
    longest = 31 if month <= half_year else 30
    if not (1 <= month <= 2 * half_year and 1 <= day <= longest):
        return None
    years = year + 1595
    days = 365 * years + years // 33 * 8 + (years % 33 + 3) // 4
    days += 31 * (month - 1) - max(0, month - half_year - 1)
    value = datetime.fromordinal(days + day + _SOLAR_EPOCH).replace(tzinfo=UTC)
    return Moment(value, "day")


def read_either(text: str) -> tuple[Moment, ...]:
    """Return what a date that begins with day or month can mean: 04/05/2025 is in April or in May."""
    found = _DOTTED.match(text.strip())
    if found is None or found[2] == ".":
        return ()
    orders = ((found[4], found[3], found[1]), (found[4], found[1], found[3]))
    return tuple(moment for order in orders if (moment := _moment(order, None, None)))


def is_date_line(text: str) -> bool:
    """Whether a short line says only when something was published."""
    if len(text) > _LINE_CHARS or not _DIGIT.search(text):
        return is_age(text)
    return _is_dated(text)


def is_stamp(text: str) -> bool:
    """Whether a line says only when something was published, and when it was changed."""
    if len(text) > 2 * _LINE_CHARS or not _DIGIT.search(text):
        return is_age(text)
    if _is_dated(text):
        return True
    if not tells_change(text):
        return False
    dated = [_is_dated(piece) for piece in pieces(text) if _DIGIT.search(piece) or len(piece) > _MAX_BESIDE]
    return bool(dated) and all(dated)


def is_age(text: str) -> bool:
    """Whether a line says only how long ago something was published: ``2 hours ago``, ``vor 3 Stunden``."""
    return (
        len(text) <= _MAX_AGE_CHARS and _AGE.fullmatch(text.translate(_DIGITS).strip(" |·•()–-")) is not None
    )


def _is_dated(text: str) -> bool:
    """Whether a short line holds one date and little more."""
    if len(text) > _LINE_CHARS:
        return False
    bare = text.translate(_DIGITS)
    if (_CLOCK.search(bare) and len(bare) <= 12) or is_age(bare):  # noqa: PLR2004
        return True
    found = next((m for p in _LINES if (m := p.search(bare))), None)
    return (
        found is not None
        and len(bare) - len(found[0]) <= (_MAX_BESIDE_SHORT if found.re is _SHORT else _MAX_BESIDE)
        and read_visible(bare, day_first=True) is not None
    )


def _moment(
    date: tuple[str | int, str | int, str | int],
    clock: tuple[str | None, str | None, str | None] | None,
    zone: str | None,
) -> Moment | None:
    year, month, day = (int(part) for part in date)
    if year not in _YEARS:
        return None
    hour, minute, second = (int(part or 0) for part in clock) if clock else (0, 0, 0)
    try:
        value = datetime(year, month, day, hour, minute, second, tzinfo=_zone(zone))
    except ValueError:
        return None
    if clock is None or clock[0] is None or zone is None:
        return Moment(value, "day")
    return Moment(value, "second" if clock[2] is not None else "minute")


def _zone(written: str | None) -> timezone:
    if written is None or written[0] not in "+-":
        return UTC
    digits = written[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if written[0] == "+" else -offset) if offset < timedelta(hours=24) else UTC
