"""Bytes become text: inflate, find the charset that the bytes bear out, refuse what is no text."""

from __future__ import annotations

import codecs
import re
import zlib

from streams.errors import InvalidPage
from streams.parse.charsets import guess, is_own_script
from streams.parse.limits import Limits

_GZIP = b"\x1f\x8b"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x7fELF", b"\x00asm")
# What browsers read when a page declares the name on the left (WHATWG Encoding Standard, section 4.2).
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "windows-874": "cp874",
    "x-sjis": "cp932",
    "tis-620": "cp874",
}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_HEAD = 8_192  # bytes in which a page declares its charset
_SAMPLE = 16_384
_MAX_BAD_SHARE = 0.002  # of characters: a cut or a few stray bytes, not another charset
_MAX_CONTROL_SHARE = 0.02


def decode(body: bytes, content_type: str, limits: Limits) -> str:
    """Return the page as text; spans of a document's parts count its code points.

    Raises:
        InvalidPage: empty, larger than ``limits.max_bytes``, a broken archive, or not text.
    """
    if not body:
        raise InvalidPage("the page is empty")
    if body.startswith(_GZIP):
        body = _inflate(body, limits.max_bytes)
    if len(body) > limits.max_bytes:
        raise InvalidPage(f"the page has {len(body)} bytes; the limit is {limits.max_bytes}")
    if body.isspace():
        raise InvalidPage("the page is empty")
    if body.startswith(_BINARY):
        raise InvalidPage("the page is a binary file, not text")
    text = _text(body, content_type)
    sample = text[:_SAMPLE]
    coded = sample.encode("utf-8", "surrogatepass")
    controls = len(coded) - len(coded.translate(None, _CONTROL))
    if controls - sample.count("\x00\x00") > max(8, len(sample) * _MAX_CONTROL_SHARE):
        raise InvalidPage("the page is binary data, not text")
    return text


def _inflate(body: bytes, limit: int) -> bytes:
    """Unpack gzip; the output is counted while it comes, so a bomb ends at the limit."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        data = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise InvalidPage(f"the page is a broken gzip archive: {error}") from error
    if len(data) > limit:
        raise InvalidPage(f"the page unpacks to more than the limit of {limit} bytes")
    if not data:
        raise InvalidPage("the page is an empty gzip archive")
    return data


def _text(body: bytes, content_type: str) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    wide = _utf16_without_mark(body)
    if wide:
        return body.decode(wide, "replace")
    escape_coded = b"\x1b" in body and _declared(body, content_type) == "iso-2022-jp"
    if not escape_coded:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return _legacy(body, _declared(body, content_type))


def _legacy(body: bytes, declared: str | None) -> str:
    """Decode bytes that are not UTF-8 throughout."""
    lenient = body.decode("utf-8", "replace")
    bad = lenient.count("�")
    beyond_ascii = len(lenient) - len(lenient.encode("ascii", "ignore"))
    if bad <= max(3, len(lenient) * _MAX_BAD_SHARE) and bad * 4 < beyond_ascii:
        return lenient
    if declared == "cp1252" and is_own_script(body):
        declared = None  # what servers say that do not know; and few bytes are no letter in it
    if declared and declared != "utf-8":
        try:
            return body.decode(declared)
        except UnicodeDecodeError:
            text = body.decode(declared, "replace")
            if text.count("�") <= len(text) * _MAX_BAD_SHARE:
                return text
    return body.decode(guess(body), "replace")


def _utf16_without_mark(body: bytes) -> str | None:
    """Tell UTF-16 by its zero bytes: markup and spaces are ASCII in every language."""
    head = body[:400]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    half = len(head) // 2
    if len(body) % 2 or half < 2:  # noqa: PLR2004
        return None
    if odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _declared(body: bytes, content_type: str) -> str | None:
    """Return the charset that the server or the page names, if Python knows it."""
    in_header = _CHARSET.search(content_type)
    in_page = _META.search(body, 0, _HEAD) or _XML.search(body, 0, _HEAD)
    names = [
        in_header.group(1) if in_header else "",
        in_page.group(1).decode("ascii", "ignore") if in_page else "",
    ]
    for name in names:
        known = _known(name.lower())
        if known and known != "utf-8":
            return known
    return None


def _known(name: str) -> str | None:
    name = _ALIASES.get(name, name)
    try:
        info = codecs.lookup(name)
    except LookupError:
        return None
    # UTF-16 and UTF-32 are told by their bytes, and codecs such as base64 do not give text.
    return (
        None
        if not info._is_text_encoding or info.name.startswith(("utf-16", "utf-32", "utf-7"))  # noqa: SLF001
        else info.name
    )
