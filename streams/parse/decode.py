"""Bytes become text: inflate, find the charset that the bytes bear out, refuse what is no text."""

from __future__ import annotations

import codecs
import re
import zlib
from encodings import normalize_encoding
from encodings.aliases import aliases

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
_BINARY = re.compile(
    rb"%PDF-|\x89PNG|\xff\xd8\xff|GIF8|PK\x03\x04|RIFF.{4}(?:WEBP|WAVE|AVI )|\x7fELF|\x00asm", re.DOTALL
)
# Python's names of the charsets that browsers know (WHATWG Encoding Standard, section 4.2), but for UTF: its
# bytes tell. Python has codecs that are no charsets, too: undefined, idna, unicode_escape, base64.
_CHARSETS = frozenset(
    [
        *(f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
        *(f"cp125{page}" for page in range(9)),
        "cp866",
        "cp874",
        "koi8_r",
        "koi8_u",
        "mac_roman",
        "mac_cyrillic",
        "gb18030",
        "big5",
        "big5hkscs",
        "euc_jp",
        "iso2022_jp",
        "cp932",
        "cp949",
        "cp950",  # from here on those that pages name and browsers do not know
        "kz1048",
    ]
)
# What browsers read in place of the charset on the left, by the same standard.
_READ_AS = {
    "latin_1": "cp1252",
    "iso8859_1": "cp1252",
    "ascii": "cp1252",
    "iso8859_9": "cp1254",
    "iso_8859_8_i": "iso8859_8",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "windows_874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "x_sjis": "cp932",
    "euc_kr": "cp949",
}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_HEAD = 8_192  # bytes in which a page declares its charset
_SAMPLE = 16_384
_PIECE = 16_384  # bytes of an archive
_MAX_MEMBERS = 10_000
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
    if _BINARY.match(body):
        raise InvalidPage("the page is a binary file, not text")
    text = _text(body, content_type)
    sample = text[:_SAMPLE]
    coded = sample.encode("utf-8", "surrogatepass")
    controls = len(coded) - len(coded.translate(None, _CONTROL))
    if controls - sample.count("\x00\x00") > max(8, len(sample) * _MAX_CONTROL_SHARE):
        raise InvalidPage("the page is binary data, not text")
    return text


def _inflate(body: bytes, limit: int) -> bytes:
    """Unpack gzip, all its members; the output is counted while it comes, so a bomb ends at the limit."""
    data = bytearray()
    at = members = 0
    # What follows the last member is padding or not the page's: gzip leaves it, too.
    while body.startswith(_GZIP, at):
        members += 1
        if members > _MAX_MEMBERS:
            raise InvalidPage(f"the page is a gzip archive of more than {_MAX_MEMBERS} members")
        at = _inflate_member(body, at, data, limit)
    if not data:
        raise InvalidPage("the page is an empty gzip archive")
    return bytes(data)


def _inflate_member(body: bytes, at: int, data: bytearray, limit: int) -> int:
    """Add to ``data`` what the member that begins at ``at`` holds; return where it ends."""
    inflater = zlib.decompressobj(wbits=31)
    while not inflater.eof:
        # In pieces: what stands behind a member is copied when it ends, which must not be the whole page.
        piece = body[at : at + _PIECE]
        if not piece:
            raise InvalidPage("the page is a broken gzip archive: it was cut before its end")
        try:
            data += inflater.decompress(piece, limit + 1 - len(data))
        except zlib.error as error:
            raise InvalidPage(f"the page is a broken gzip archive: {error}") from error
        if len(data) > limit:
            raise InvalidPage(f"the page unpacks to more than the limit of {limit} bytes")
        at += len(piece) - len(inflater.unused_data)
    return at


def _text(body: bytes, content_type: str) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    wide = _utf16_without_mark(body)
    if wide:
        return body.decode(wide, "replace")
    if b"\x1b$" in body and body.isascii() and _declared(body, content_type) == "iso2022_jp":
        return body.decode("iso2022_jp_ext", "replace")  # with the half-width letters that browsers read
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
    if declared:
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
    """Return the codec of the charset that the server or the page names, if it is one; never UTF."""
    in_header = _CHARSET.search(content_type)
    in_page = _META.search(body, 0, _HEAD) or _XML.search(body, 0, _HEAD)
    names = [
        in_header.group(1) if in_header else "",
        in_page.group(1).decode("ascii", "ignore") if in_page else "",
    ]
    for name in names:
        if known := _known(name.lower()):
            return known
    return None


def _known(name: str) -> str | None:
    codec = normalize_encoding(name)
    codec = aliases.get(codec, codec)
    codec = _READ_AS.get(codec, codec)
    return codec if codec in _CHARSETS else None
