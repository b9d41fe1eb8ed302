"""Headers: a dead letter always fits, and nothing in it can steer a terminal."""

from __future__ import annotations

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


def test_the_end_of_a_long_traceback_is_kept() -> None:
    import dataclasses  # noqa: PLC0415  (only here)

    long = dataclasses.replace(LETTER, traceback="x" * 20_000 + "ZeroDivisionError")
    assert dict(long.to_headers())["dl_traceback"].endswith(b"ZeroDivisionError")
