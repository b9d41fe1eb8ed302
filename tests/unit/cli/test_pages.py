"""What ingest reads: files of every kind, folders, and lines that are none."""

from __future__ import annotations

import gzip
from pathlib import Path

import click
import orjson
import pytest

from streams import headers as h
from streams.cli import pages
from streams.cli.pages import Source
from streams.errors import InvalidRecord


def read(path: Path, url: str | None = None) -> list[Source]:
    return list(pages.read(path, url=url))


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.html", "text/html"),
        ("a.HTM", "text/html"),
        ("a.xhtml", "application/xhtml+xml"),
        ("a.txt", "text/plain"),
        ("a.page", "text/html"),
    ],
)
def test_a_page_file_is_sent_as_its_bytes(tmp_path: Path, name: str, content_type: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xff not UTF-8")
    (source,) = read(path, "https://News.example/a")
    headers = dict(source.headers)
    assert source.value == b"\xff not UTF-8"
    assert headers[h.URL] == b"https://News.example/a"
    assert headers[h.CONTENT_TYPE].decode() == content_type
    assert h.moment(headers[h.FETCHED_AT].decode()) is not None
    assert source.key == b"news.example"
    assert source.page().body == source.value


def test_a_file_without_an_address_has_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"<p>x</p>")
    (source,) = read(path)
    assert source.url == path.resolve().as_uri()
    assert source.key == b"localhost"


@pytest.mark.parametrize("packed", [False, True])
def test_lines_are_records_of_their_own(tmp_path: Path, packed: bool) -> None:
    given = [
        {"id": 1, "url": "https://a.example/1", "html": "<p>ä</p>", "fetched_at": "2026-03-04T08:00:00Z"},
        {"url": "https://b.example/2", "text": "ä"},
        {"url": "https://c.example/3", "body": "<p>raw page</p>"},
    ]
    content = b"\n".join(map(orjson.dumps, given)) + b"\n\n"
    path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
    path.write_bytes(gzip.compress(content) if packed else content)
    first, second, third = read(path)
    assert (first.line_id, first.value, first.key) == ("1", "<p>ä</p>".encode(), b"a.example")
    assert dict(first.headers)[h.FETCHED_AT] == b"2026-03-04T08:00:00Z"
    assert dict(first.headers)[h.CONTENT_TYPE] == b"text/html; charset=utf-8"
    assert (second.value, dict(second.headers)[h.CONTENT_TYPE]) == (
        "ä".encode(),
        b"text/plain; charset=utf-8",
    )
    assert (third.value, third.headers, third.key) == (orjson.dumps(given[2]), (), b"c.example")
    assert third.page().body == b"<p>raw page</p>"
    assert [s.where for s in (first, second, third)] == [f"{path}:{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "line", [b'{"url": "https://a.example/",', b"[1, 2]", b"\xff\xfe", b'{"url": 3, "html": "x"}', b"null"]
)
def test_a_line_that_is_no_page_passes_as_it_stands(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line + b"\n")
    (source,) = read(path)
    assert (source.value, source.headers) == (line, ())
    with pytest.raises(InvalidRecord):
        source.page()


def test_a_folder_gives_its_pages_by_name_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.txt", "a.html", "inner/c.jsonl.gz", "notes.md", "inner/d.html.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(gzip.compress(b"{}") if name.endswith(".gz") else b"x")
    found = pages.files((str(tmp_path),))
    assert [p.relative_to(tmp_path).as_posix() for p in found if p] == [
        "a.html",
        "b.txt",
        "inner/c.jsonl.gz",
        "inner/d.html.gz",
    ]


def test_paths_stay_in_the_order_given(tmp_path: Path) -> None:
    for name in ("b.html", "a.html"):
        (tmp_path / name).write_bytes(b"x")
    given = (str(tmp_path / "b.html"), "-", str(tmp_path / "a.html"))
    assert pages.files(given) == [tmp_path / "b.html", None, tmp_path / "a.html"]
    assert pages.files(()) == [None]


def test_an_empty_folder_and_a_missing_path_are_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(click.BadParameter, match="holds no page"):
        pages.files((str(tmp_path),))
    with pytest.raises(click.BadParameter, match="is not there"):
        pages.files((str(tmp_path / "missing"),))


def test_a_damaged_gzip_file_is_said_after_its_good_lines(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl.gz"
    line = b'{"url": "https://x.example/", "html": "<p>text</p>"}\n'
    path.write_bytes(gzip.compress(line * 2000)[:-20])
    with pytest.raises(InvalidRecord, match="damaged or cut off"):
        list(pages.read(path))
    read = pages.read(path)
    assert next(read).url == "https://x.example/"
