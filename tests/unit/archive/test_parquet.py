"""Pages in Parquet files; what is cut off or no page is said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from streams.cli.pages import read_all
from streams.errors import InvalidRecord

pa = pytest.importorskip("pyarrow", reason="needs the extra parquet")
parquet = pytest.importorskip("pyarrow.parquet")
URL = "https://a.example/1"


def write(folder: Path, **columns: Any) -> Path:
    path = folder / "pages.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


def test_rows_are_pages(tmp_path: Path) -> None:
    moment = datetime(2026, 3, 4, 8, tzinfo=UTC)
    write(
        tmp_path,
        url=[URL, "https://b.example", None, "https://c.example"],
        html=["<p>Grüße", "<p>2", "<p>3", None],
        other=[1, 2, 3, 4],
        fetched_at=[moment, None, None, None],
    )
    sources = list(read_all((str(tmp_path),)))
    page = sources[0].page()
    assert (page.url, page.body, page.fetched_at) == (URL, "<p>Grüße".encode(), moment)
    assert sources[1].page().body == b"<p>2"
    for source in sources[2:]:
        with pytest.raises(InvalidRecord):
            source.page()
    assert sources[3].where.endswith("pages.parquet: row 4")


def test_bodies_may_be_bytes_and_rows_raw_pages(tmp_path: Path) -> None:
    path = write(tmp_path, url=[URL], html=[b"<p>\xfc"], content_type=["text/html; charset=latin-1"])
    (source,) = read_all((str(path),))
    assert (source.page().body, source.page().content_type) == (b"<p>\xfc", "text/html; charset=latin-1")
    headers = pa.array([[("a", "b")]], pa.map_(pa.string(), pa.string()))
    path = write(tmp_path, url=[URL], body=["PHA+"], encoding=["base64"], headers=headers)
    (source,) = read_all((str(path),))
    assert source.page().body == b"<p>"


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, url=[URL] * 99, text=["x" * 99] * 99)
    whole = path.read_bytes()
    for size in range(0, len(whole), 37):
        path.write_bytes(whole[:size])
        with pytest.raises(InvalidRecord, match="damaged or cut off after row 0"):
            list(read_all((str(path),)))
    write(tmp_path, url=[URL], title=["x"])
    with pytest.raises(InvalidRecord, match="it has url, title; wanted are url and one of html, text, body"):
        list(read_all((str(path),)))
