"""Records to archive."""

from __future__ import annotations

from hypothesis import strategies as st

from streams.archive.record import Archived

DAY = 1_772_611_200_000  # 2026-03-04T08:00Z
BINARY = st.none() | st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace"))


NAMES = st.text(max_size=9).map(lambda t: t.encode("utf-8", "replace").decode())


def page(
    offset: int, *, site: str = "press.example", timestamp: int = DAY, value: bytes = b"<p>x"
) -> Archived:
    headers = (("url", f"https://www.{site}/{offset}".encode()), ("content-type", b"text/html"))
    return Archived(
        topic="pages.raw", partition=0, offset=offset, timestamp=timestamp,
        key=site.encode(), headers=headers, value=value,
    )  # fmt: skip
