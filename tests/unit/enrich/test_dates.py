from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.enrich import enrich
from streams.records import Document, EventDate, Lineage, Timestamp

WRITTEN = datetime(2022, 4, 12, 9, tzinfo=UTC)  # a Tuesday


def dates(text: str, written: datetime | None = WRITTEN) -> list[EventDate]:
    document = Document(
        document_id="d",
        kind="teaser",
        headline=text,
        page_url="https://example.org/",
        site="example.org",
        published_at=Timestamp(value=written, precision="minute", source="test") if written else None,
        sources={},
        lineage=Lineage(page_id="p"),
    )
    return list(enrich(document).dates)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision", "method"),
    [
        ("He spoke on Wednesday", "2022-04-06", "2022-04-06", "day", "relative"),
        ("He will speak on Wednesday", "2022-04-13", "2022-04-13", "day", "relative"),
        ("He spoke on Tuesday", "2022-04-12", "2022-04-12", "day", "relative"),
        ("The visit of April 14–18", "2022-04-14", "2022-04-18", "range", "partial"),
        ("From April 28 to May 3", "2022-04-28", "2022-05-03", "range", "partial"),
        ("On 24 February 2022 it began", "2022-02-24", "2022-02-24", "day", "explicit"),
        ("Since 2021-12-31", "2021-12-31", "2021-12-31", "day", "explicit"),
        ("On December 20 he left", "2021-12-20", "2021-12-20", "day", "partial"),
        ("Losses over the past day", "2022-04-11", "2022-04-12", "range", "relative"),
        ("Over the past 24 hours", "2022-04-11", "2022-04-12", "range", "relative"),
        ("In the past week", "2022-04-05", "2022-04-12", "range", "relative"),
        ("It opens next month", "2022-05-01", "2022-05-31", "month", "relative"),
        ("In March it rained", "2022-03-01", "2022-03-31", "month", "partial"),
        ("Three days ago", "2022-04-09", "2022-04-09", "day", "relative"),
        ("The strikes overnight", "2022-04-11", "2022-04-12", "range", "relative"),
        ("Last weekend", "2022-04-09", "2022-04-10", "range", "relative"),
        ("It fell last year", "2021-01-01", "2021-12-31", "year", "relative"),
        ("Xi to visit France in February", "2023-02-01", "2023-02-28", "month", "partial"),
        ("Xi to visit France in April", "2022-04-01", "2022-04-30", "month", "partial"),
        ("Leaders will meet on March 3", "2023-03-03", "2023-03-03", "day", "partial"),
        ("Talks to resume on Wednesday", "2022-04-13", "2022-04-13", "day", "relative"),
        ("Shells fell, according to officials, on Wednesday", "2022-04-06", "2022-04-06", "day", "relative"),
        ("Russia sends troops to Syria on Wednesday", "2022-04-06", "2022-04-06", "day", "relative"),
        ("US Sends Troops to Poland on Wednesday", "2022-04-06", "2022-04-06", "day", "relative"),
        ("US Troops to Leave Poland on Wednesday", "2022-04-13", "2022-04-13", "day", "relative"),
        ("Xi to Visit France on Wednesday", "2022-04-13", "2022-04-13", "day", "relative"),
        ("It sent ships to Sosnovaya on Wednesday", "2022-04-06", "2022-04-06", "day", "relative"),
        ("Xi to visit France\nHe spoke on Wednesday", "2022-04-06", "2022-04-06", "day", "relative"),
        ("Saudi crown prince to visit Paris on January 18", "2023-01-18", "2023-01-18", "day", "partial"),
        ("They met on Friday, April 15", "2022-04-15", "2022-04-15", "day", "partial"),
        ("They met on Monday, 11 April 2022", "2022-04-11", "2022-04-11", "day", "explicit"),
        ("They meet this Friday", "2022-04-15", "2022-04-15", "day", "relative"),
        ("They met this Monday", "2022-04-11", "2022-04-11", "day", "relative"),
        ("Shells fell last night", "2022-04-11", "2022-04-12", "range", "relative"),
        ("He spoke this morning", "2022-04-12", "2022-04-12", "day", "relative"),
        ("Talks were held over the weekend", "2022-04-09", "2022-04-10", "range", "relative"),
        ("Talks will be held at the weekend", "2022-04-16", "2022-04-17", "range", "relative"),
        (
            "Kyiv used missiles to strike Russia on Wednesday",
            "2022-04-06",
            "2022-04-06",
            "day",
            "relative",
        ),
        ("United Nations troops to leave on Wednesday", "2022-04-13", "2022-04-13", "day", "relative"),
        ("They moved to expel him on Wednesday", "2022-04-06", "2022-04-06", "day", "relative"),
        ("A delay due to the storm of Wednesday", "2022-04-06", "2022-04-06", "day", "relative"),
    ],
)
def test_dates_are_reckoned_from_the_day_of_writing(
    text: str, start: str, end: str, precision: str, method: str
) -> None:
    (found,) = dates(text)
    assert (found.start, found.end, found.precision, found.method) == (start, end, precision, method)


@pytest.mark.parametrize("text", ["He spoke.", "It may march on", "On February 30", "The next day"])
def test_what_is_no_date_gives_none(text: str) -> None:
    assert dates(text) == []


def test_without_a_day_of_writing_only_full_dates_are_taken() -> None:
    found = dates("On Monday, April 4, yesterday and on 3 May 2021", None)
    assert [(d.start, d.method) for d in found] == [("2021-05-03", "explicit")]


def test_an_impossible_date_drops_no_other() -> None:
    assert [d.start for d in dates("On February 30 and May 5")] == ["2022-05-05"]


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_day_of_writing_is_survived(written: datetime) -> None:
    text = "past 999 days, next 999 years, last month, next week, 999 years ago, tomorrow, last Monday, May 1"
    for found in dates(text, written):
        assert found.start <= found.end


def test_what_is_to_come_in_february_is_of_the_next_year_also_in_a_leap_year() -> None:
    (found,) = dates("Xi to visit France in February", datetime(2024, 11, 5, tzinfo=UTC))
    assert (found.start, found.end) == ("2025-02-01", "2025-02-28")
