"""A dead letter always fits its topic, whatever the record was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import headers as h
from streams.agents import letters
from streams.broker import topics

_lengths = st.sampled_from([0, 1, 500, 5_000, 3_000_000])


@given(
    key=_lengths,
    value=_lengths,
    headers=st.lists(st.tuples(_lengths, _lengths), max_size=3),
    times=st.sampled_from([1, 1000]),
)
def test_a_letter_that_was_refused_fits_whatever_the_record_was(
    key: int, value: int, headers: list[tuple[int, int]], times: int
) -> None:
    given_headers = [("ü" * name, b"v" * size) for name, size in headers] * times
    short_key, short, few, cut = letters.kept(b"k" * key, b"v" * value, given_headers, cut=True)
    size = len(short_key or b"") + len(short) + sum(len(n.encode()) + len(v) for n, v in few)
    assert ("headers" in cut) == (few != given_headers)
    assert ("key" in cut, "value" in cut) == (key > len(short_key or b""), value > len(short))
    assert size + letters.ROOM < 1024 * 1024 < topics.load().topics["dead-letters"].max_bytes


def test_an_ordinary_record_is_kept_whole() -> None:
    headers = [("url", b"https://one.example/"), ("x-long", b"v" * 4096)]
    assert letters.kept(b"key", b"page" * 1000, headers) == (b"key", b"page" * 1000, headers, "")


@pytest.mark.parametrize(
    "headers",
    [[("url", b"https://one.example/" + b"a" * 6_018)], [("n" * 257, b"")], [("x", b"")] * 65],
    ids=["long value", "long name", "many"],
)
def test_a_letter_says_that_headers_were_cut(headers: list[h.Header]) -> None:
    assert letters.kept(b"key", b"page", headers).cut == "headers"


def test_what_an_earlier_letter_said_is_not_kept_twice() -> None:
    assert letters.kept(None, b"", [("dl_attempts", b"3"), ("url", b"")]) == (
        None, b"", [("url", b"")], "",
    )  # fmt: skip


def test_a_header_without_a_value_is_kept_as_an_empty_one() -> None:
    headers: list[h.Header] = [("x-none", None)]  # type: ignore[list-item]  # Kafka has null values
    assert letters.kept(None, b"", headers) == (None, b"", [("x-none", b"")], "")
