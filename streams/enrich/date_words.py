"""The words that dates are written with, as one expression."""

from __future__ import annotations

import re

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH_OF = {name[:size]: n for n, name in enumerate(_MONTHS, 1) for size in (3, len(name))} | {"sept": 9}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
}  # fmt: skip

# A text without any of these names no date that is read here.
TRIGGERS = (
    frozenset(MONTH_OF)
    | frozenset(WEEKDAYS)
    | {"today", "yesterday", "tomorrow", "tonight", "overnight", "ago"}
    | {"night", "morning", "afternoon", "evening"}
    | {"day", "days", "week", "weeks", "month", "months", "year", "years", "hours", "weekend"}
)

_MONTH = (
    r"(?P<{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept(?:ember|\.)?|Sep\.?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?P<{0}>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<{0}>(?:19|20)\d\d))"
_TO = r" ?(?:-|–|—|to|and|through) ?"
_COUNT = r"(?P<{0}>\d{{1,3}}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
# Words before a month that stands alone: 'March' opens sentences as a verb, and is a surname's part.
_LEAD = r"(?:in|since|by|until|last|next|this|late|early|mid|end of|during|from|of)[ -]"

# Its weekday is no second date: 'on Friday, March 14'.
_NAMED_DAY = r"(?:(?:on |by |until |since )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? (?:the )?)?"
_MONTH_FIRST = (
    rf"\b{_NAMED_DAY}{_MONTH.format('month_a')} {_DAY.format('day_a')}"
    rf"(?:{_TO}(?:{_MONTH.format('month_b')} )?{_DAY.format('day_b')})?"
    rf"(?![\d:%,]\d|[\d:%]){_YEAR.format('year_a')}?\b"
)
_DAY_FIRST = (
    rf"\b{_NAMED_DAY}{_DAY.format('day_c')}(?:{_TO}{_DAY.format('day_d')})? (?:of )?"
    rf"{_MONTH.format('month_c')}{_YEAR.format('year_c')}?(?![\w-])"
)
_MONTH_ALONE = rf"\b(?P<lead>{_LEAD}){_MONTH.format('month_e')}{_YEAR.format('year_e')}?(?![\w-]| [0-3]?\d\b)"
_MONTH_YEAR = rf"\b{_MONTH.format('month_f')}{_YEAR.format('year_f')}\b"
_WEEKDAY = (
    r"\b(?:(?P<when>last|next|this|past|on|by|until|late|early|since) )?"
    r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_SINGLE = (
    r"\b(?P<single>day before yesterday|day after tomorrow|yesterday|today|tomorrow|tonight|overnight"
    r"|last night|this (?:morning|afternoon|evening)|(?:over|at|during) the weekend)\b"
)
_PERIOD = (
    r"\b(?P<side>past|last|previous|next|coming|this)"
    r"(?: (?P<count>\d{1,3}|two|three|four|five|six|seven|ten|twelve))?"
    r"[ -](?P<unit>day|hour|week|weekend|month|year)s?\b"
)
_AGO = rf"\b{_COUNT.format('ago')} (?P<ago_unit>day|week|month|year)s? ago\b"

_ISO = r"\b(?P<iso>(?:19|20)\d\d-[01]\d-[0-3]\d)\b"

PATTERN = re.compile(
    rf"{_ISO}|{_MONTH_FIRST}|{_DAY_FIRST}|{_MONTH_ALONE}|{_MONTH_YEAR}|{_WEEKDAY}|{_SINGLE}|{_PERIOD}|{_AGO}",
    re.IGNORECASE,
)
# Words before a day or a month that say it is still to come: 'will attend on Wednesday'.
AHEAD = re.compile(
    r"\b(?:will|next|upcoming|due(?! to)|plans?|planned|scheduled|expected|would|shall|ahead of)\b",
    re.IGNORECASE,
)
# So does a headline's 'to' before a verb: it follows a name, a plural or an office ('Xi to visit'); after a
# verb ('agreed to send') it says nothing of when.
TO_DO = re.compile(r"\b(\w+) [Tt]o (?=(?!(?:the|a|an|this|that|his|her|its|their|our)\b)[A-Za-z][a-z]+\b)")
