"""Bytes to text: the charset the bytes bear out, whatever is declared."""

from __future__ import annotations

import pytest

from streams.parse.decode import decode
from streams.parse.limits import Limits

TEXTS = {
    "cp1251": "Президент прибыл в столицу, где состоятся переговоры о торговле",
    "koi8_r": "Президент прибыл в столицу, где состоятся переговоры о торговле",
    "cp932": "大統領は夜、緊急談話を出した。これは三年ぶりのことである",
    "euc_jp": "大統領は夜、緊急談話を出した。これは三年ぶりのことである",
    "cp949": "대통령은 밤에 긴급 담화를 발표했다",
    "gb18030": "总统在首都说，这是不可以接受的，我们要和他们谈",
    "big5": "總統在首都說，這是不可以接受的，我們要和他們談",
    "cp1252": "Der Außenminister fährt über Köln und Düsseldorf",
    "cp1250": "Prezydent mówił o współpracy, żądając działań źródłowych",
    "cp1253": "Ο πρόεδρος είπε ότι οι διαπραγματεύσεις θα συνεχιστούν",
}


@pytest.mark.parametrize("codec", TEXTS)
@pytest.mark.parametrize("declared", ["", "; charset=utf-8", "; charset=no-such-charset"])
def test_a_legacy_charset_is_told_by_its_bytes(codec: str, declared: str) -> None:
    assert decode(TEXTS[codec].encode(codec), "text/html" + declared, Limits()) == TEXTS[codec]


@pytest.mark.parametrize("codec", TEXTS)
def test_utf_8_holds_whatever_is_declared(codec: str) -> None:
    body = f'<meta charset="{codec}">{TEXTS[codec]}'.encode()
    assert decode(body, f"text/html; charset={codec}", Limits()).endswith(TEXTS[codec])


def test_a_page_cut_inside_a_letter_stays_utf_8() -> None:
    text = TEXTS["cp1251"] * 3
    assert decode(text.encode()[:-1], "text/html", Limits()) == text[:-1] + "\ufffd"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_marks_and_wide_encodings(codec: str) -> None:
    text = "<html><p>The port was reopened</p></html>"
    assert decode(text.encode(codec), "text/html; charset=utf-8", Limits()) == text


@pytest.mark.parametrize("codec", ["gb18030", "big5", "cp949", "cp1251", "cp1253", "cp1252"])
@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
def test_latin_1_is_believed_of_latin_letters_only(codec: str, declared: str) -> None:
    assert decode(TEXTS[codec].encode(codec), f"text/html; charset={declared}", Limits()) == TEXTS[codec]
