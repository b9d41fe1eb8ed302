"""Datelines of the wires, and openings that only look like one."""

from __future__ import annotations

import pytest

from streams.parse import Page, parse
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
        ("KYIV, Ukraine (AP) — The mayor", ("KYIV, Ukraine", None, "AP")),
        ("LONDON (Reuters) - The bank", ("LONDON", None, "Reuters")),
        ("WASHINGTON, Nov 25 — The court", ("WASHINGTON", "Nov 25", None)),
        ("MOSCOW, November 25. /TASS/. The bank", ("MOSCOW", "November 25", "TASS")),
        ("LIVE OAK, Fla. (AP) — The county", ("LIVE OAK, Fla", None, "AP")),
        ("NEWPORT NEWS — The yard", ("NEWPORT NEWS", None, None)),
        ("МОСКВА — Президент", ("МОСКВА", None, None)),
        ("القاهرة (رويترز) - قال", ("القاهرة", None, "رويترز")),
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
        "European Central Bank (ECB) President Christine Lagarde said",
        "BREAKING — The court has ruled",
        "BREAKING NEWS - The court has ruled",
        "EXCLUSIVE - The bank will cut jobs",
        "UPDATE (Reuters) - The bank will cut jobs",
        "WATCH LIVE — The minister speaks",
        "СРОЧНО — Президент подписал указ",
        "الرئيس الروسي فلاديمير بوتين - الذي زار القاهرة - قال",
        "ประธานาธิบดี - ผู้ซึ่ง",
        "München/London – Kurz vor der Feier",
        "",
    ],
)
def test_openings_that_are_no_dateline(opening: str) -> None:
    assert read_dateline(opening) is None


@pytest.mark.parametrize(
    "opening", ["European Central Bank (ECB) President Lagarde", "BREAKING — The minister"]
)
def test_the_paragraph_above_such_an_opening_stays_in_the_body(opening: str) -> None:
    first = "The harbour of the northern town opened again on Monday after three weeks of repairs."
    second = f"{opening} said on Tuesday that the money for it would come from the fund for the coast."
    page = f"<h1>Harbour opens</h1><p>{first}</p><p>{second}</p><p>Ships come in on Thursday, it said.</p>"
    document = parse(Page.from_bytes(page.encode(), url="https://press.example/x"))[0]
    assert document.summary is None
    assert document.body[:2] == (first, second)
