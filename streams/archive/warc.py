"""Pages in WARC and WACZ files, as crawlers and Common Crawl's news set write them.

Source: ISO 28500:2017 (WARC 1.1), WACZ 1.1.1. Reading is by FastWARC, of the extra ``warc``. Bodies are what
the server sent. Of content encodings the parser knows gzip; the others, which a body does not show, are
unpacked here.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any

from streams.errors import ConfigurationError, InvalidRecord
from streams.settings import MIB

WARC, WACZ = (".warc", ".warc.gz"), ".wacz"
#: A larger record is no news page, and is not held in memory.
_LARGEST = 64 * MIB
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPage:
    """One response or resource; ``number`` is its place among the records of its file."""

    url: str
    content_type: str
    fetched_at: datetime | None
    body: bytes
    number: int


def is_warc(path: Path) -> bool:
    """Whether a file is read here, by its name."""
    name = path.name.lower()
    return name.endswith((*WARC, WACZ))


def pages(path: Path) -> Iterator[WarcPage]:
    """Yield what is HTML or text of the responses with status 200 and the resources of the web, in order.

    Raises:
        ConfigurationError: FastWARC is not installed.
        InvalidRecord: the file is damaged or cut off; what came before it was yielded.
    """
    try:
        if path.name.lower().endswith(WACZ):
            yield from _wacz(path)
        else:
            with path.open("rb") as file:
                yield from _unpacked(file, path.name, str(path))
    except OSError as error:
        raise InvalidRecord(f"{path}: cannot be read: {error.strerror or error}") from error


def _wacz(path: Path) -> Iterator[WarcPage]:
    try:
        with zipfile.ZipFile(path) as whole:
            inside = sorted(name for name in whole.namelist() if name.lower().endswith(WARC))
            if not inside:
                raise InvalidRecord(f"{path}: a WACZ without WARC files")
            for name in inside:
                with whole.open(name) as file:
                    yield from _unpacked(file, name, f"{path}!{name}")
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InvalidRecord(f"{path}: no WACZ that can be read: {error}") from error


def _unpacked(file: IO[bytes], name: str, where: str) -> Iterator[WarcPage]:
    number = 0
    try:
        # FastWARC takes a cut gzip for a whole one, so it is unpacked here.
        if name.lower().endswith(".gz"):
            with gzip.GzipFile(fileobj=file) as plain:
                for page in _records(plain, where):
                    number = page.number
                    yield page
        else:
            yield from _records(file, where)
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile) as error:
        raise InvalidRecord(f"{where}: damaged or cut off after record {number}: {error}") from error


def _records(plain: Any, where: str) -> Iterator[WarcPage]:
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise ConfigurationError(
            "WARC files need FastWARC: install dateline[warc], or `make setup-warc`"
        ) from error
    number = 0
    try:
        # All kinds: a cut within a record that is passed over would not be seen.
        for record in ArchiveIterator(plain, parse_http=False):
            number += 1
            whole = _whole(record, number, where)
            if whole and record.record_type == WarcRecordType.response:
                page = _response(record, number)
            elif whole and record.record_type == WarcRecordType.resource:
                page = _resource(record, number)
            else:
                page = None
            if page:
                yield page
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise
    except OSError as error:
        raise InvalidRecord(f"{where}: no WARC after record {number}: {error}") from error
    if not number:
        raise InvalidRecord(f"{where}: no WARC: not one record in it")


def _whole(record: Any, number: int, where: str) -> bool:
    """Hold a record in memory; False where it is too large for that.

    Raises:
        InvalidRecord: the file ends within it.
    """
    claimed = record.content_length
    if not (record.headers.get("Content-Length") or "").strip().isdecimal():
        raise InvalidRecord(f"{where}: damaged or cut off in the headers of record {number}")
    if claimed > _LARGEST:
        return False
    record.freeze()
    if record.content_length < claimed:
        missing = claimed - record.content_length
        raise InvalidRecord(f"{where}: cut off in record {number}: {missing:,} bytes are missing")
    return True


def _response(record: Any, number: int) -> WarcPage | None:
    record.parse_http(auto_decode="transfer")
    headers = record.http_headers
    if headers is None or headers.status_code != HTTPStatus.OK:
        return None
    content_type = headers.get("Content-Type") or "text/html"
    coding = (headers.get("Content-Encoding") or "").strip().lower()
    return _page(record, number, content_type, coding)


def _resource(record: Any, number: int) -> WarcPage | None:
    # Browsers that crawl keep their own texts and pictures as resources of urn: addresses.
    if not _uri(record).lower().startswith(("http://", "https://")):
        return None
    return _page(record, number, record.headers.get("Content-Type") or "", "")


def _uri(record: Any) -> str:
    uri: str = record.headers.get("WARC-Target-URI") or ""
    return uri.strip("<>")


def _page(record: Any, number: int, content_type: str, coding: str) -> WarcPage | None:
    if content_type.partition(";")[0].strip().lower() not in _PAGES or not _uri(record):
        return None
    return WarcPage(
        url=_uri(record),
        content_type=content_type,
        fetched_at=record.record_date,
        body=_decoded(record.reader.read(), coding),
        number=number,
    )


def _decoded(body: bytes, coding: str) -> bytes:
    """Unpack a content encoding; a body that is not in the one it names stays, for archivers unpack too."""
    from fastwarc import stream_io  # noqa: PLC0415  (an extra)

    try:
        match coding:
            case "br":
                unpacked = stream_io.BrotliReader(io.BytesIO(body)).read(_LARGEST + 1)
            case "zstd":
                unpacked = stream_io.ZstdReader(io.BytesIO(body)).read(_LARGEST + 1)
            case "deflate":
                unpacked = stream_io.GzipReader(io.BytesIO(body), zlib=True).read(_LARGEST + 1)
            case _:
                return body
    except OSError:
        return body
    return unpacked if len(unpacked) <= _LARGEST else body
