"""Pages in WARC and WACZ files; what is cut off or damaged is said."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import cramjam
import pytest
import zstandard

from streams.archive import warc
from streams.archive.warc import pages
from streams.cli.pages import read_all
from streams.errors import InvalidRecord

pytest.importorskip("fastwarc", reason="needs the extra warc")
BODY = "<html><p>Grüße".encode()
GZIPPED = gzip.compress(BODY, mtime=0)


def record(url: str, body: bytes, *headers: str, status: str = "200 OK", kind: str = "response") -> bytes:
    said = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8",))]
    http = ("\r\n".join(said) + "\r\n\r\n").encode() + body
    lines = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-04T08:00:00Z\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return lines.encode() + http + b"\r\n\r\n"


RECORDS = [
    record("https://a.example/1", BODY),
    record("https://a.example/request", b"", kind="request"),
    record("https://a.example/missing", b"no", status="404 Not Found"),
    record("https://a.example/picture", b"\x89PNG", "Content-Type: image/png"),
    record("https://a.example/2", b"3\r\n<p>\r\n1\r\nx\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    record("https://a.example/3", GZIPPED, "Content-Type: text/html", "Content-Encoding: gzip"),
]


def packed(records: list[bytes]) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def write(folder: Path, kind: str) -> Path:
    path = folder / f"crawl{kind}"
    if kind == ".wacz":
        with zipfile.ZipFile(path, "w") as whole:
            whole.writestr("archive/data.warc.gz", packed(RECORDS))
            whole.writestr("pages/pages.jsonl", "{}")
    else:
        path.write_bytes(packed(RECORDS) if kind.endswith(".gz") else b"".join(RECORDS))
    return path


@pytest.mark.parametrize("kind", [".warc", ".warc.gz", ".wacz"])
def test_the_pages_of_a_crawl_are_read(tmp_path: Path, kind: str) -> None:
    found = list(pages(write(tmp_path, kind)))
    assert [page.url for page in found] == [f"https://a.example/{n}" for n in (1, 2, 3)]
    assert [page.body for page in found] == [BODY, b"<p>x", GZIPPED]
    assert found[0].fetched_at == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert found[0].content_type == "text/html; charset=utf-8"


def test_they_are_records_for_the_pipeline(tmp_path: Path) -> None:
    write(tmp_path, ".warc.gz")
    sources = list(read_all((str(tmp_path),)))
    assert [source.key for source in sources] == [b"a.example"] * 3
    assert dict(sources[0].headers)["fetched-at"] == b"2026-03-04T08:00:00.000Z"
    assert sources[2].page().body == GZIPPED


@pytest.mark.parametrize("kind", [".warc", ".warc.gz", ".wacz"])
def test_a_crawl_cut_off_anywhere_is_never_taken_for_a_whole_one(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path, kind)
    whole = path.read_bytes()
    ends = {0}
    for one in RECORDS:
        ends.add(max(ends) + len(gzip.compress(one, mtime=0) if kind.endswith(".gz") else one))
    for size in range(1, len(whole), 3):
        # At the end of a record nothing tells that there was another.
        if kind != ".wacz" and (size in ends or any(end - 4 <= size <= end for end in ends)):
            continue
        path.write_bytes(whole[:size])
        with pytest.raises(InvalidRecord):
            list(pages(path))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.warc", b"nonsense\n" * 99, "no WARC"),
        ("a.warc.gz", b"\x1f\x8b\x08\x00nonsense" * 9, "damaged"),
        ("a.warc.gz", b"nonsense", "damaged|no WARC"),
        ("a.warc", b"", "not one record in it"),
        ("a.wacz", b"nonsense", "no WACZ"),
    ],
)
def test_what_is_no_crawl_is_said_to_be(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidRecord, match=why):
        list(pages(tmp_path / name))


def test_bodies_are_unpacked_where_the_parser_would_not_know_how(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    codings = {
        "br": bytes(cramjam.brotli.compress(BODY)),
        "zstd": zstandard.compress(BODY),
        "deflate": zlib.compress(BODY),
        "BR ": bytes(cramjam.brotli.compress(BODY)),
        "gzip": GZIPPED,
        "identity": BODY,
    }
    records = [
        record("https://a.example/1", body, "Content-Type: text/html", f"Content-Encoding: {coding}")
        for coding, body in codings.items()
    ]
    # Archivers unpack bodies and leave the header.
    unpacked = record("https://a.example/2", BODY, "Content-Type: text/html", "Content-Encoding: br")
    path.write_bytes(b"".join([*records, unpacked]))
    found = [page.body for page in pages(path)]
    assert found == [BODY, BODY, BODY, BODY, GZIPPED, BODY, BODY]


def test_of_resources_only_pages_of_the_web_are_read(tmp_path: Path) -> None:
    def resource(uri: str, content_type: str) -> bytes:
        head = f"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: {uri}\r\nContent-Type: {content_type}"
        head += "\r\nWARC-Date: 2026-03-04T08:00:00Z"
        return f"{head}\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY + b"\r\n\r\n"

    path = tmp_path / "a.warc"
    path.write_bytes(
        resource("https://a.example/1", "text/html")
        + resource("urn:text:https://a.example/1", "text/plain")
        + resource("https://a.example/2", "image/png")
    )
    assert [(page.url, page.body) for page in pages(path)] == [("https://a.example/1", BODY)]


def test_a_huge_record_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "_LARGEST", 100)
    path = write(tmp_path, ".warc")
    path.write_bytes(record("https://a.example/huge", b"x" * 200) + path.read_bytes())
    assert "https://a.example/huge" not in {page.url for page in pages(path)}
