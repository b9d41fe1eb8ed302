"""Headers: a dead letter always fits, and nothing in it can steer a terminal."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import headers as h

LETTER = h.DeadLetter(
    stage="parse",
    error="InvalidPage",
    message="empty",
    traceback="",
    attempts=1,
    first_at="2026-03-04T08:00:00Z",
    last_at="2026-03-04T08:00:00Z",
    topic="pages.raw",
    partition=1,
    offset=2,
)


def test_a_dead_letter_survives_its_headers() -> None:
    assert h.DeadLetter.from_headers(LETTER.to_headers()) == LETTER


@given(st.text(max_size=20_000), st.text(max_size=20_000))
def test_its_headers_are_small_whatever_the_error_said(message: str, traceback: str) -> None:
    import dataclasses  # noqa: PLC0415  (only here)

    long = dataclasses.replace(LETTER, message=message, traceback=traceback)
    assert sum(len(name) + len(value) for name, value in long.to_headers()) < 64 * 1024


@given(st.lists(st.tuples(st.sampled_from(["dl_stage", "dl_offset", "dl_attempts", "url", ""]), st.binary())))
def test_hostile_headers_are_read_without_error(headers: list[tuple[str, bytes]]) -> None:
    letter = h.DeadLetter.from_headers(headers)
    assert letter.partition == 0
    assert all(not name.startswith("dl_") for name, _ in h.original(headers))


@given(st.text())
def test_what_is_printed_has_no_control_characters(text: str) -> None:
    assert not set(h.printable(text)) & {chr(c) for c in (*range(9), *range(11, 32), 127, *range(128, 160))}


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_a_printed_line_is_one_line_in_its_own_direction(text: str) -> None:
    shown = h.one_line(text)
    assert len(shown.splitlines()) <= 1
    assert not set(shown) & set("\t\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x1b")
    shown.encode()


def test_an_endless_value_is_cut_where_it_is_printed() -> None:
    assert len(h.one_line("x" * 10_000_000)) < 3000


@pytest.mark.parametrize(
    "written",
    [b"--5", "\u00b2".encode(), b"9" * 5000, b"1_0", b" 1", "\N{ARABIC-INDIC DIGIT THREE}".encode()],
)
def test_what_is_no_number_counts_as_nothing(written: bytes) -> None:
    assert h.DeadLetter.from_headers([("dl_attempts", written)]).attempts == 0


def test_the_end_of_a_long_traceback_is_kept() -> None:
    import dataclasses  # noqa: PLC0415  (only here)

    long = dataclasses.replace(LETTER, traceback="x" * 20_000 + "ZeroDivisionError")
    assert dict(long.to_headers())["dl_traceback"].endswith(b"ZeroDivisionError")


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (b"pages.raw/3/17", ("pages.raw", 3, 17)),
        (b"a/b/3/17", ("a/b", 3, 17)),
        (b"/3/17", None),
        (b"3/17", None),
        (b"pages.raw/-1/17", None),
        (b"pages.raw/3/x", None),
        (b"", None),
        (None, None),
    ],
)
def test_a_lineage_is_read(value: bytes | None, place: tuple[str, int, int] | None) -> None:
    assert h.place(value) == place


def test_json_for_a_terminal_is_the_same_json_without_what_steers_it() -> None:
    value = {"key": "a\x9b2J\x7f\u202e\u0007b", "words": "Zürich 東京 \U0001f600"}
    shown = h.harmless_json(orjson.dumps(value))
    assert orjson.loads(shown) == value
    assert not set("\x9b\x7f\u202e\x07") & set(shown.decode())
    assert "東京" in shown.decode()
