"""Ids are the same wherever and whenever they are made, and differ where they should."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from streams import ids
from streams.records import Actor, Span

RUS, CHN = Actor(name="Russia", country="RUS", role="GOV"), Actor(name="China", country="CHN")


def test_a_known_id_never_changes() -> None:
    # Consumers keep these: a change here is a new id for every event there is.
    assert ids.document_id("Headline", "Summary", ["One.", "Two."]) == "068512c5b5d0c89e603a16a1d211a993"
    assert ids.event_id("d", "trade", "SANCTION", [CHN], [RUS], Span(start=0, end=5)) == (
        "82c6b1996c2a99a6a6f5afc67b051373"
    )


def test_a_document_id_ignores_case_and_white_space() -> None:
    assert ids.document_id("A  headline\n", None, []) == ids.document_id("a HEADLINE", "", [])


def test_text_cannot_move_between_fields() -> None:
    assert ids.document_id("a", "b", []) != ids.document_id("ab", "", [])
    assert ids.document_id("a", None, ["b"]) != ids.document_id("a", "b", [])


def test_an_event_id_ignores_the_order_of_actors_and_sees_their_side() -> None:
    span = Span(start=0, end=5)
    one = ids.event_id("d", "trade", "SANCTION", [CHN, RUS], [], span)
    assert one == ids.event_id("d", "trade", "SANCTION", [RUS, CHN], [], span)
    assert one != ids.event_id("d", "trade", "SANCTION", [CHN], [RUS], span)
    assert one != ids.event_id("d", "diplomacy", "SANCTION", [CHN, RUS], [], span)


@given(st.text(), st.text(), st.lists(st.text()))
def test_any_text_has_an_id(headline: str, summary: str, body: list[str]) -> None:
    first = ids.document_id(headline, summary, body)
    assert len(first) == 32
    assert first == ids.document_id(headline, summary, body)


def test_another_process_gives_the_same_id() -> None:
    code = "from streams.ids import document_id; print(document_id('é', 'ß', ['中']))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == ids.document_id("é", "ß", ["中"])


def test_sites() -> None:
    assert ids.site_of("https://www.News.Example:8080/a?b") == "news.example"
    assert ids.site_of("news.example/a") == "news.example"
    assert ids.site_of("http://[broken") == ""
    assert ids.site_of("file:///tmp/a") == ""
