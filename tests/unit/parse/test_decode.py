"""Bytes to text: the charset the bytes bear out, whatever is declared."""

from __future__ import annotations

import gzip

import pytest

from streams.errors import InvalidPage
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


@pytest.mark.parametrize(
    "name",
    [
        "undefined",
        "idna",
        "punycode",
        "unicode_escape",
        "raw-unicode-escape",
        "base64",
        "rot13",
        "mbcs",
        "oem",
    ],
)
def test_a_codec_that_is_no_charset_is_not_taken(name: str) -> None:
    text = f'<meta charset="{name}">Der Außenminister fährt über Köln nach C:\\neu\\u0041'
    assert decode(text.encode("cp1252"), "text/html", Limits()) == text
    assert decode(text.encode("cp1252"), f"text/html; charset={name}", Limits()) == text


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("ISO-8859-2", "iso8859_2"),
        ("windows-1251", "cp1251"),
        ("KOI8-U", "koi8_u"),
        ("iso_8859-1:1987", "cp1252"),
        ("latin5", "cp1254"),
        ("tis-620", "cp874"),
        ("macintosh", "mac_roman"),
    ],
)
def test_a_declared_charset_is_read_as_browsers_read_it(name: str, codec: str) -> None:
    body = b" ".join(b"ab" + bytes([byte]) for byte in range(0xC0, 0xDA))
    assert decode(body, f"text/html; charset={name}", Limits()) == body.decode(codec)


ISO_2022_JP = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=ISO-2022-JP"></head>'
    f"<body><h1>大統領が談話</h1><p>{TEXTS['cp932']}。</p></body></html>"
)


@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=iso-2022-jp"])
def test_a_page_in_iso_2022_jp(content_type: str) -> None:
    assert decode(ISO_2022_JP.encode("iso2022_jp"), content_type, Limits()) == ISO_2022_JP


def test_a_cut_or_odd_page_in_iso_2022_jp_keeps_its_text() -> None:
    body = ISO_2022_JP.encode("iso2022_jp")
    letter = body.index(b"\x1b$B") + 3
    assert decode(body[: letter + 5], "text/html", Limits()).startswith(ISO_2022_JP.partition("統")[0])
    row_13 = body[:letter] + b"\x2d\x21" * 9 + body[letter:]  # numbers in circles, which the standard lacks
    assert TEXTS["cp932"] in decode(row_13, "text/html", Limits())


def test_a_page_in_utf_8_that_declares_iso_2022_jp_stays_utf_8() -> None:
    text = f"{TEXTS['cp932']} \x1b$B"
    assert decode(text.encode(), "text/html; charset=iso-2022-jp", Limits()) == text


@pytest.mark.parametrize("form", [b"WEBP", b"WAVE", b"AVI "])
def test_riff_is_binary_with_its_form_only(form: bytes) -> None:
    with pytest.raises(InvalidPage, match="binary file"):
        decode(b"RIFF\n\x10\x00\x00" + form + b"text " * 99, "text/html", Limits())
    dump = "RIFFA, Bahrain (AP) - The refinery reopened."
    assert decode(dump.encode(), "text/plain", Limits()) == dump


STORY = b"<p>The harbour authority reopened the port on Monday.</p>\n" * 2_000
HALF = len(STORY) // 2


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(STORY),
        gzip.compress(STORY[:HALF]) + gzip.compress(STORY[HALF:]),
        gzip.compress(STORY) + gzip.compress(b""),
        gzip.compress(STORY) + b"\0" * 20_000,
        gzip.compress(STORY) + b"\r\n0\r\n\r\n",
    ],
    ids=["one", "two-members", "empty-member", "padding", "garbage"],
)
def test_an_archive_is_read_whole(body: bytes) -> None:
    assert decode(body, "text/html", Limits()).encode() == STORY


@pytest.mark.parametrize("left_out", [1, 8, 9, 100])
def test_a_cut_archive_is_refused(left_out: int) -> None:
    whole = gzip.compress(STORY)
    for body in (whole[:-left_out], whole + whole[:-left_out], whole[: len(whole) // 2], whole[:9]):
        with pytest.raises(InvalidPage, match="broken gzip archive: it was cut before its end"):
            decode(body, "text/html", Limits())


def test_the_limit_holds_for_all_members_together() -> None:
    member = gzip.compress(STORY)
    assert decode(member, "text/html", Limits(max_bytes=len(STORY))).encode() == STORY
    with pytest.raises(InvalidPage, match="unpacks to more than the limit"):
        decode(member + member, "text/html", Limits(max_bytes=len(STORY) * 2 - 1))


def test_a_damaged_member_is_a_broken_archive() -> None:
    member = bytearray(gzip.compress(STORY))
    member[-6] ^= 1  # of the checksum
    with pytest.raises(InvalidPage, match="broken gzip archive"):
        decode(gzip.compress(STORY) + bytes(member), "text/html", Limits())


def test_an_archive_of_very_many_members_is_refused() -> None:
    with pytest.raises(InvalidPage, match="more than 10000 members"):
        decode(gzip.compress(b"") * 100_000, "text/html", Limits())
