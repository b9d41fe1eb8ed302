"""Datelines of the wires, and openings that only look like one."""

from __future__ import annotations

import pytest

from streams.parse.dateline import read_dateline


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("ALMATY, April 11. /TASS/. The minister", ("ALMATY", "April 11", "TASS")),
        ("KATHMANDU, April 25 (Reuters) - The authority", ("KATHMANDU", "April 25", "Reuters")),
        ("MOSCOW. April 11 (Interfax) - The bank", ("MOSCOW", "April 11", "Interfax")),
        ("PARIS (AFP) - The court", ("PARIS", None, "AFP")),
        ("Berlin (dpa) - Der Minister", ("Berlin", None, "dpa")),
        ("MADRID, 12 de abril (EFE).- El ministro", ("MADRID", "12 de abril", "EFE")),
        ("WASHINGTON — The court", ("WASHINGTON", None, None)),
        ("BRUSSELS, 12 April 2025 — The council", ("BRUSSELS", "12 April 2025", None)),
        ("【ソウル＝記者】大統領は", ("ソウル", None, "記者")),
    ],
)
def test_datelines(opening: str, expected: tuple[str | None, str | None, str | None]) -> None:
    line = read_dateline(opening)
    assert line is not None
    assert (line.place, line.date, line.agency) == expected


@pytest.mark.parametrize(
    "opening",
    [
        "He said (on Monday) that he would go",
        "The minister, April 11 - said nothing",
        "The court ruled on Monday that the law stands",
        "US President Trump (left) said",
        "München/London – Kurz vor der Feier",
        "",
    ],
)
def test_openings_that_are_no_dateline(opening: str) -> None:
    assert read_dateline(opening) is None
