"""Every form of files gives back what was packed, byte for byte, and is of use to other tools."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import pipeline, samples
from streams.archive.forms import named
from streams.archive.record import Archived
from streams.archive.warc import pages
from streams.archive.writer import Writer
from streams.errors import ConfigurationError, InvalidRecord
from streams.records import encode
from tests.unit.archive.records import BINARY, DAY, NAMES, page

RAW_PAGE = (
    b'{"url": "https://press.example/2", "body": "<p>\xc3\xbc", "content_type": "text/html; charset=x"}\n'
)
ODD = [
    page(0),
    page(1, value=b"\xff\x00\xfe"),
    msgspec.structs.replace(page(2), headers=(), value=RAW_PAGE),
    msgspec.structs.replace(page(3), headers=(("url", b"https://a.example/\r\nWARC-Type: x"),)),
    msgspec.structs.replace(page(4), headers=(("url", b"https://a.example"), ("content-type", b"a\r\nb: c"))),
    msgspec.structs.replace(page(5), value=None),
    msgspec.structs.replace(page(6), value=b"", key=None, timestamp=1 << 62),
    msgspec.structs.replace(page(7), headers=(), value=b"no page"),
]


def test_what_is_packed_comes_back(form: str) -> None:
    made = named(form)
    packed, plain_bytes = made.pack(ODD)
    assert list(made.unpack(packed, plain_bytes)) == ODD
    assert made.pack(ODD)[0] == packed


@given(
    key=BINARY,
    value=BINARY,
    headers=st.lists(st.tuples(NAMES, BINARY) | st.tuples(st.just("url"), BINARY)),
    timestamp=st.integers(-1, 1 << 62),
)
def test_any_record_comes_back(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]], timestamp: int
) -> None:
    record = msgspec.structs.replace(
        page(3, timestamp=timestamp), key=key, headers=tuple(headers), value=value
    )
    for name, needs in (("warc", "fastwarc"), ("parquet", "pyarrow")):
        pytest.importorskip(needs)
        made = named(name)
        assert list(made.unpack(*made.pack([record]))) == [record]


def test_a_form_that_is_damaged_is_said_to_be(form: str) -> None:
    made = named(form)
    packed, plain_bytes = made.pack([page(n) for n in range(3)])
    with pytest.raises(InvalidRecord):
        list(made.unpack(packed[: len(packed) // 2], plain_bytes))
    with pytest.raises(InvalidRecord):
        list(made.unpack(b"none" + packed, plain_bytes))


def test_any_reader_of_warc_finds_the_pages(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(named("warc").pack(ODD)[0])
    found = [(p.url, p.body, p.content_type) for p in pages(path)]
    assert found[0] == ("https://www.press.example/0", b"<p>x", "text/html")
    assert ("https://press.example/2", "<p>ü".encode(), "text/html; charset=utf-8") in found
    assert [body for url, body, _ in found if "%0D%0A" in url] == [b"<p>x"]


def test_duckdb_reads_an_archive_of_events(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    events = [event for page in samples.load() for event in pipeline.code(page)[1]]
    with Writer(tmp_path, "live.events.trade", "parquet") as writer:
        for number, event in enumerate(events):
            writer.add(
                Archived(
                    topic="live.events.trade", partition=0, offset=number, timestamp=DAY,
                    key=event.event_id.encode(), headers=(), value=encode(event),
                )
            )  # fmt: skip
        writer.checkpoint()
    files = duckdb.read_parquet(f"{tmp_path}/*/*/*.parquet", hive_partitioning=True)
    rows = files.project("event_id, site, type, cameo, date::VARCHAR, len(source), confidence")
    assert sorted(rows.fetchall()) == sorted(
        (
            e.event_id, e.site, e.type, e.cameo, "2026-03-04",
            len({a.country for a in e.source if a.country}), e.confidence,
        )
        for e in events
    )  # fmt: skip
    # A record that is no event, such as a withdrawal, is a row without the columns.
    packed = named("parquet").pack([msgspec.structs.replace(page(0), topic="events.trade", value=None)])
    assert [record.value for record in named("parquet").unpack(*packed)] == [None]


def test_a_form_whose_extra_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, form in (("fastwarc.warc", "warc"), ("pyarrow", "parquet")):
        monkeypatch.setitem(sys.modules, module, None)
        monkeypatch.delitem(sys.modules, f"streams.archive.forms.{form}", raising=False)
        with pytest.raises(ConfigurationError, match=f"make setup-{form}"):
            named(form)
