"""Dates as machines and people write them; a doubtful one is none."""

# ruff: noqa: E501 - pages and dates are written in one line
from __future__ import annotations

import pytest

from streams.parse.dates import is_date_line, is_stamp, read_machine, read_visible


@pytest.mark.parametrize(
    ("written", "value", "precision"),
    [
        ("2025-04-11T10:02:03.5Z", "2025-04-11T10:02:03+00:00", "second"),
        ("2025-04-11T10:02+0530", "2025-04-11T10:02:00+05:30", "minute"),
        ("2025-04-11 10:02:03 -04:00", "2025-04-11T10:02:03-04:00", "second"),
        ("2025-04-11T10:02:03", "2025-04-11T10:02:03+00:00", "day"),
        ("2025-04-11", "2025-04-11T00:00:00+00:00", "day"),
        ("1744365723", "2025-04-11T10:02:03+00:00", "second"),
        ("1744365723000", "2025-04-11T10:02:03+00:00", "second"),
        ("Fri, 11 Apr 2025 10:02:03 +0200", "2025-04-11T10:02:03+02:00", "second"),
    ],
)
def test_machine_dates(written: str, value: str, precision: str) -> None:
    moment = read_machine(written)
    assert moment is not None
    assert (moment.value.isoformat(), moment.precision) == (value, precision)


@pytest.mark.parametrize(
    "written",
    [
        "11 April 2025", "April 11, 2025", "11. April 2025, 10:31 Uhr", "11 de abril de 2025", "le 11 avril 2025",
        "11 апреля 2025", "2025年4月11日", "2025. 4. 11.", "11.04.2025", "11 Nisan 2025", "11 kwietnia 2025", "١١ أبريل ٢٠٢٥",
    ],
)  # fmt: skip
def test_visible_dates(written: str) -> None:
    moment = read_visible(written)
    assert moment is not None
    assert moment.value.date().isoformat() == "2025-04-11"
    assert is_date_line(written)


@pytest.mark.parametrize(
    "written",
    [
        "04/05/2025",
        "2025",
        "April 2025",
        "31 February 2025",
        "0000-00-00",
        "",
        "in 45 years 2025 people",
        "9999999999",
        "17443657230",
    ],
)
def test_doubtful_dates_are_none(written: str) -> None:
    assert read_visible(written) is None
    assert read_machine(written) is None


def test_a_sentence_with_a_date_is_no_date_line() -> None:
    assert not is_date_line("On 11 April 2025 the two ministers met in Almaty, the agency said")


@pytest.mark.parametrize(
    "line",
    [
        "10:31",
        "Today 10:31",
        "10.31 Uhr",
        "20.15h",
        "9.05 a.m.",
        "9.05 PM",
        "kl. 20.15",
        "klo 20.15",
        "ore 12.50",
    ],
)
def test_a_time_alone_is_a_date_line(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "3.25%",
        "12.50",
        "1.25 million",
        "€12.50",
        "12.50 €",
        "10.31 points",
        "ore 12.50%",
        "29.75 h",
        "1,012.50 h",
    ],
)
def test_a_number_is_no_date_line(line: str) -> None:
    assert not is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "2h ago", "3 hours ago", "1 hour 5 minutes ago", "just now", "Posted 3 hours ago", "Published about 3 hours ago",
        "(3 hours ago)", "• 4 min ago", "vor 2 Stunden", "vor einer Stunde", "il y a 3 heures", "hace 2 horas",
        "há 5 minutos", "5 minutos atrás", "2 ore fa", "3 uur geleden", "för 2 timmar sedan", "for 3 timer siden",
        "3 timer siden", "2 tuntia sitten", "5 minut temu", "před 3 hodinami", "pred 5 minútami", "2 часа назад",
        "3 години тому", "преди 2 часа", "пре 5 минута", "prije 3 sata", "acum 2 ore", "πριν από 3 ώρες", "2 ώρες πριν",
        "2 saat önce", "3 jam yang lalu", "2 giờ trước", "منذ ٣ ساعات", "۲ ساعت پیش", "לפני 3 שעות", "3 घंटे पहले", "2小时前",
        "3時間前", "2시간 전",
    ],
)  # fmt: skip
def test_how_long_ago_is_a_line_about_time_and_no_day(line: str) -> None:
    assert is_date_line(line)
    assert is_stamp(line)
    assert read_visible(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Two hours ago the ferry sank", "5 years ago", "A year ago", "vor 30 Jahren", "Il y a 20 ans", "10 anni fa",
        "100 Tage vor", "3 jours de grève", "1時間", "ago", "A day ago",
    ],
)  # fmt: skip
def test_a_span_of_time_is_none(line: str) -> None:
    assert not is_date_line(line)


def test_an_updated_age_is_a_stamp() -> None:
    assert is_stamp("Updated 3 hours ago")
