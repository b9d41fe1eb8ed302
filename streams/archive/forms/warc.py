"""WARC by gzip, a member a record, as web archives have it.

A Kafka record is a ``metadata`` record that holds all but its value, and, where the value is a page, a
``resource`` record with the page, so that any reader of WARC finds it. Where the value is no page as it
was sent (a RawPage, or what is broken) the metadata holds it too.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from streams import __version__
from streams import headers as h
from streams.archive.record import Archived, from_line, to_line
from streams.errors import InvalidRecord
from streams.parse import Page
from streams.records import RawPage, decode

SUFFIX = ".warc.gz"
GROWS = True
_LEVEL = 6
_VALUE, _HERE, _NEXT = "Dateline-Value", "here", "next"
_URI = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "<>")
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "dateline:archive")


class _Count(io.RawIOBase):
    """Counts what is written before it is compressed."""

    def __init__(self) -> None:
        self.bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.bytes += len(data)
        return len(data)


def pack(records: Sequence[Archived]) -> tuple[bytes, int]:
    """See :class:`streams.archive.forms.Form`."""
    out, plain = io.BytesIO(), 0
    about = f"software: dateline/{__version__}\r\nformat: WARC File Format 1.1\r\n".encode()
    first = records[0]
    plain += _write(
        out,
        WarcRecordType.warcinfo,
        name=f"warcinfo/{first.place}",
        moment=_moment(first.timestamp),
        headers={"Content-Type": "application/warc-fields"},
        block=about,
    )
    for record in records:
        page = _page(record)
        uri = quote(page.url, safe=_URI) if page else f"urn:dateline:{quote(record.place, safe=_URI)}"
        exact = page is not None and page.body == record.value
        line = to_line(msgspec.structs.replace(record, value=None) if exact else record)
        moment = _moment(record.timestamp)
        metadata = f"metadata/{record.place}"
        plain += _write(
            out,
            WarcRecordType.metadata,
            name=metadata,
            moment=moment,
            headers={
                "WARC-Target-URI": uri,
                "Content-Type": "application/json",
                _VALUE: _NEXT if exact else _HERE,
            },
            block=line,
        )
        if page:
            plain += _write(
                out,
                WarcRecordType.resource,
                name=f"resource/{record.place}",
                moment=page.fetched_at or moment,
                headers={
                    "WARC-Target-URI": uri,
                    "WARC-Concurrent-To": f"<{_id(metadata).urn}>",
                    "Content-Type": page.content_type,
                },
                block=page.body,
            )
    return out.getvalue(), plain


def _page(record: Archived) -> Page | None:
    """Return the page that a record is, as far as it is one."""
    headers = dict(record.headers)
    url, value = h.text(headers.get(h.URL)), record.value
    try:
        if url and value is not None:
            content_type = h.text(headers.get(h.CONTENT_TYPE)) or "text/html"
            fetched_at = h.moment(h.text(headers.get(h.FETCHED_AT)))
            page = Page.from_bytes(value, url=url, content_type=content_type, fetched_at=fetched_at)
        else:
            page = Page.from_record(decode(value or b"", RawPage))
    except (InvalidRecord, UnicodeError):
        return None
    # What would break a header, or what it leads a reader to, is not written into one.
    usable = page.content_type.isascii() and page.content_type.isprintable()
    return page if usable else None


def _moment(timestamp: int) -> datetime:
    try:
        return datetime.fromtimestamp(timestamp / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _id(name: str) -> uuid.UUID:
    return uuid.uuid5(_IDS, name)


def _write(
    out: io.BytesIO,
    kind: WarcRecordType,
    *,
    name: str,
    moment: datetime,
    headers: dict[str, str],
    block: bytes,
) -> int:
    record = WarcRecord()
    record.init_headers(kind, f"uuid:{_id(name)}".encode())
    record.record_date = moment
    for header, value in headers.items():
        record.headers[header] = value
    record.set_bytes_content(block)
    member = GzipWriter(out, compression_level=_LEVEL)
    size = record.write(member, checksum_data=True)
    member.finish()
    return size


def unpack(packed: bytes, plain_bytes: int) -> Iterator[Archived]:
    """See :class:`streams.archive.forms.Form`."""
    waiting: Archived | None = None
    found = 0
    try:
        for record in ArchiveIterator(io.BytesIO(packed), parse_http=False):
            block = record.reader.read()
            found += len(block)
            if record.record_type == WarcRecordType.metadata:
                waiting = from_line(block.removesuffix(b"\n"))
                if record.headers.get(_VALUE) == _HERE:
                    yield waiting
                    waiting = None
            elif record.record_type == WarcRecordType.resource and waiting:
                yield msgspec.structs.replace(waiting, value=block)
                waiting = None
    except OSError as error:
        raise InvalidRecord(f"damaged: {error}") from error
    if waiting or found > plain_bytes:
        raise InvalidRecord("damaged: a page is missing" if waiting else "more in it than the manifest says")
