"""Pages from files: HTML, text, JSON Lines (gzip, zstd), WARC, WACZ, Parquet, folders, standard input.

A line that cannot be read is not dropped: it is yielded as it stands, so that ``ingest`` sends it
and the stream makes a dead letter of it, and other commands say what is wrong with it.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from streams import headers as h
from streams.archive import manifest, parquet, warc
from streams.errors import InvalidRecord
from streams.ids import site_of
from streams.jsonl import lines
from streams.parse import Page
from streams.records import RawPage, decode

PAGE_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".text": "text/plain",
}
LINE_TYPES = (".jsonl", ".ndjson")
_PACKED = (".gz", ".zst", ".zstd")
STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One record for ``pages.raw``, and where it was read."""

    where: str
    value: bytes
    headers: tuple[h.Header, ...] = ()
    url: str = ""
    line_id: str | None = None

    @property
    def key(self) -> bytes:
        """The record's key: the site host, so that all pages of a site meet."""
        return (site_of(self.url) or "localhost").encode("utf-8", "backslashreplace")

    def page(self) -> Page:
        """Return the page.

        Raises:
            InvalidRecord: what was read is not a page.
        """
        given = dict(self.headers)
        if not self.url:
            raise InvalidRecord("missing url")
        if h.URL not in given:
            return Page.from_record(decode(self.value, RawPage))
        return Page.from_bytes(
            self.value,
            url=self.url,
            content_type=h.text(given[h.CONTENT_TYPE]),
            fetched_at=h.moment(h.text(given.get(h.FETCHED_AT))),
        )


def from_page(page: Page, where: str) -> Source:
    """Make a record of a page that is at hand."""
    headers: list[h.Header] = [(h.URL, page.url.encode()), (h.CONTENT_TYPE, page.content_type.encode())]
    if page.fetched_at:
        headers.append((h.FETCHED_AT, h.timestamp(page.fetched_at).encode()))
    return Source(where=where, value=page.body, headers=tuple(headers), url=page.url)


def files(paths: tuple[str, ...]) -> list[Path | None]:
    """Return the page files of the paths, folders in the order of their names; None is standard input.

    Raises:
        click.BadParameter: a path does not exist, or a folder has no pages.
    """
    found: list[Path | None] = []
    for given in paths or (STDIN,):
        path = Path(given)
        if given == STDIN:
            found.append(None)
        elif manifest.is_archive(path):
            raise click.BadParameter(f"{given} is an archive of a topic: see `dateline replay --help`")
        elif path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and _known(p))
            if not inside:
                raise click.BadParameter(f"{given} holds no page ({', '.join(PAGE_TYPES)}, {LINE_TYPES[0]})")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise click.BadParameter(f"{given} is not there")
    return found


def read(path: Path | None, *, url: str | None = None) -> Iterator[Source]:
    """Yield the pages of one file, or of standard input."""
    if path is None:
        first = sys.stdin.buffer.readline()
        if first.lstrip().startswith(b"{"):
            yield from _lines("-", itertools.chain([first], sys.stdin.buffer))
        else:
            kind = "text/html" if first.lstrip().startswith(b"<") else "text/plain"
            yield _one("-", first + sys.stdin.buffer.read(), kind, url, None)
        return
    if warc.is_warc(path):
        yield from _from_warc(path)
        return
    if path.suffix.lower() == parquet.SUFFIX:
        for number, row in parquet.rows(path):
            yield _from_row(row, f"{path}: row {number}")
        return
    plain = Path(path.stem) if path.suffix in _PACKED else path
    if plain.suffix.lower() in LINE_TYPES:
        for where, line in lines(str(path)):
            yield from_line(line, where)
        return
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    content_type = PAGE_TYPES.get(plain.suffix.lower(), "text/html")
    yield _one(str(path), path.read_bytes(), content_type, url or path.resolve().as_uri(), changed)


def read_all(paths: tuple[str, ...], *, url: str | None = None) -> Iterator[Source]:
    """Yield the pages of all paths."""
    for path in files(paths):
        yield from read(path, url=url)


def _known(path: Path) -> bool:
    if warc.is_warc(path) or path.suffix.lower() == parquet.SUFFIX:
        return True
    suffix = Path(path.stem).suffix if path.suffix in _PACKED else path.suffix
    return suffix.lower() in (*PAGE_TYPES, *LINE_TYPES)


def _from_warc(path: Path) -> Iterator[Source]:
    for page in warc.pages(path):
        headers: list[h.Header] = [
            (h.URL, page.url.encode("utf-8", "backslashreplace")),
            (h.CONTENT_TYPE, page.content_type.encode("utf-8", "backslashreplace")),
        ]
        if page.fetched_at:
            headers.append((h.FETCHED_AT, h.timestamp(page.fetched_at).encode()))
        yield Source(
            where=f"{path}: response {page.number}", value=page.body, headers=tuple(headers), url=page.url
        )


def _from_row(row: dict[str, Any], where: str) -> Source:
    """Make a page from a row of Parquet: as from a line of JSON, but a body may be bytes, a time a time."""
    moment = row.get("fetched_at")
    if isinstance(moment, datetime):
        row["fetched_at"] = h.timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    body = next((row[name] for name in parquet.BODIES if name in row), None)
    url = row.get("url")
    if isinstance(body, bytes) and isinstance(url, str) and url:
        kind = row.get("content_type") or ("text/plain" if "text" in row else "text/html")
        headers = [(h.URL, url.encode()), (h.CONTENT_TYPE, str(kind).encode())]
        if isinstance(row.get("fetched_at"), str):
            headers.append((h.FETCHED_AT, row["fetched_at"].encode()))
        return Source(where=where, value=body, headers=tuple(headers), url=url)
    if isinstance(row.get("headers"), list):
        row["headers"] = dict(row["headers"])  # a map of Arrow
    return from_line(orjson.dumps(row, default=str), where)


def _one(where: str, body: bytes, content_type: str, url: str | None, fetched: datetime | None) -> Source:
    address = url or "file:///dev/stdin"
    headers: list[h.Header] = [(h.URL, address.encode()), (h.CONTENT_TYPE, content_type.encode())]
    if fetched:
        headers.append((h.FETCHED_AT, h.timestamp(fetched).encode()))
    return Source(where=where, value=body, headers=tuple(headers), url=address)


def _lines(where: str, lines: Iterator[bytes]) -> Iterator[Source]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from_line(line.strip(), f"{where}:{number}")


def from_line(line: bytes, where: str) -> Source:
    """Make a page from one JSON line: a RawPage, or an object with ``url`` and ``html`` or ``text``."""
    try:
        given: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        return Source(where=where, value=line)
    url = given.get("url")
    address = url if isinstance(url, str) else ""
    line_id = str(given["id"]) if "id" in given else None
    for field, content_type in (("html", "text/html"), ("text", "text/plain")):
        body = given.get(field)
        if isinstance(body, str) and address:
            headers: list[h.Header] = [
                (h.URL, address.encode("utf-8", "backslashreplace")),
                (h.CONTENT_TYPE, f"{content_type}; charset=utf-8".encode()),
            ]
            if isinstance(given.get("fetched_at"), str):
                headers.append((h.FETCHED_AT, given["fetched_at"].encode()))
            value = body.encode("utf-8", "surrogatepass")
            return Source(where=where, value=value, headers=tuple(headers), url=address, line_id=line_id)
    return Source(where=where, value=line, url=address, line_id=line_id)
