"""An archive gives back what was put in, byte for byte, whatever its writer died of."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.archive import manifest, reader
from streams.archive.manifest import Gap
from streams.archive.record import Archived, from_line, to_line
from streams.archive.writer import Writer, file_of
from streams.errors import InvalidRecord
from tests.unit.archive.records import BINARY, DAY, NAMES, page


def write(folder: Path, records: Iterable[Archived], form: str | None = None) -> None:
    with Writer(folder, "pages.raw", form) as writer:
        for record in records:
            writer.add(record)
        writer.checkpoint()


def journal(folder: Path) -> Path:
    return folder / manifest.NAME


@given(
    key=BINARY,
    value=BINARY,
    headers=st.lists(st.tuples(NAMES, BINARY)),
    timestamp=st.integers(-1, 1 << 62),
    offset=st.integers(0, 1 << 62),
)  # fmt: skip
def test_a_line_gives_back_every_record(
    key: bytes | None,
    value: bytes | None,
    headers: list[tuple[str, bytes | None]],
    timestamp: int,
    offset: int,
) -> None:
    record = msgspec.structs.replace(
        page(offset, timestamp=timestamp), key=key, headers=tuple(headers), value=value
    )
    line = to_line(record)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert from_line(line) == record
    assert file_of(record).startswith("date=")


@given(st.binary(max_size=80))
def test_a_line_that_is_none_is_said_to_be(line: bytes) -> None:
    with pytest.raises(InvalidRecord, match="not an archived record"):
        from_line(line)


@pytest.mark.parametrize(
    ("record", "file"),
    [
        (page(1), "date=2026-03-04/site=press.example"),
        (page(1, timestamp=-1), "date=1969-12-31/site=press.example"),
        (page(1, timestamp=1 << 62), "date=unknown/site=press.example"),
        (page(1, site="a..%2f..%2fb"), "date=2026-03-04/site=a..%252f..%252fb"),
    ],
)
def test_the_file_of_a_record(record: Archived, file: str) -> None:
    assert file_of(record) == file


@pytest.mark.parametrize(
    ("value", "site"),
    [
        (b'{"url": "https://www.a.example/x", "body": ""}', "a.example"),
        (b'{"site": "b.example", "url": "https://c.example"}', "b.example"),
        (b'{"document": {"site": "d.example"}}', "d.example"),
        (b"no JSON", ""),
        (b'{"site": 3}', ""),
        (None, ""),
    ],
)
def test_the_site_of_records_without_an_address_in_their_headers(value: bytes | None, site: str) -> None:
    assert msgspec.structs.replace(page(1), headers=(), value=value).site == site


def test_what_is_written_is_read_and_holds(tmp_path: Path, form: str) -> None:
    first = [page(n, site=f"s{n % 3}.example", value=os.urandom(50)) for n in range(20)]
    later = [page(n, timestamp=DAY + 86_400_000) for n in range(20, 25)]
    write(tmp_path, first, form)
    write(tmp_path, later)
    assert sorted(reader.records(tmp_path), key=lambda r: r.offset) == [*first, *later]
    assert manifest.load(tmp_path).next == {0: 25}
    checked = reader.check(tmp_path)
    assert (checked.holds, checked.records, checked.files, checked.unfinished_bytes) == (True, 25, 4, 0)


def test_the_same_records_give_the_same_files(tmp_path: Path, form: str) -> None:
    for name in ("a", "b"):
        write(tmp_path / name, [page(n) for n in range(9)], form)
    trees = [
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("a", "b")
    ]
    assert trees[0] == trees[1]


def test_reading_goes_on_within_a_frame_or_after_it(tmp_path: Path, form: str) -> None:
    write(tmp_path, [page(n) for n in range(4)], form)
    write(tmp_path, [page(n) for n in range(4, 8)])
    for skip in range(9):
        assert [r.offset for r in reader.records(tmp_path, skip=skip)] == list(range(skip, 8))


@pytest.mark.parametrize("cut", ["journal", "half a line", "frames", "new file"])
def test_a_killed_writer_leaves_what_the_last_checkpoint_covers(tmp_path: Path, cut: str, form: str) -> None:
    write(tmp_path, [page(n) for n in range(4)], form)
    before = journal(tmp_path).read_bytes()
    write(tmp_path, [page(n) for n in range(4, 6)] + [page(6, site="new.example")])
    after = journal(tmp_path).read_bytes()
    # What a kill leaves at each point: frames on the disk, and of the journal a part or nothing.
    left = {
        "journal": before,
        "half a line": after[:-9],
        "frames": after[: after.rfind(b"\n", 0, -1) + 1],
        "new file": before + b"\n"[:0],
    }[cut]
    journal(tmp_path).write_bytes(left)
    assert [r.offset for r in reader.records(tmp_path)] == [0, 1, 2, 3]
    checked = reader.check(tmp_path)
    assert checked.holds
    assert checked.unfinished_bytes > 0
    with Writer(tmp_path, "pages.raw") as writer:
        assert writer.next == {0: 4}
        writer.add(page(4, value=b"again"))
        writer.checkpoint()
    assert [r.value for r in reader.records(tmp_path)][-1] == b"again"
    checked = reader.check(tmp_path)
    assert (checked.holds, checked.records, checked.unfinished_bytes) == (True, 5, 0)


def test_what_grows_when_it_is_written_can_be_read(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.archive.writer.CHECKPOINT_BYTES", 64 << 10)
    monkeypatch.setattr("streams.archive.reader._LARGEST", 512 << 10)
    pages = [page(n, value=bytes(size << 10)) for n, size in enumerate((63, 63, 1, 68, 2))]
    write(tmp_path, pages, form)
    checked = reader.check(tmp_path)
    assert (checked.problems, checked.records) == ([], 5)
    assert list(reader.records(tmp_path)) == pages


def test_records_after_the_last_checkpoint_do_not_count(tmp_path: Path) -> None:
    with Writer(tmp_path, "pages.raw") as writer:
        writer.add(page(0))
    assert list(reader.records(tmp_path)) == []


def test_a_checkpoint_that_failed_leaves_nothing_before_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Writer(tmp_path, "pages.raw") as writer:
        writer.add(page(0))
        with monkeypatch.context() as failing:
            failing.setattr(manifest, "append", full)
            with pytest.raises(OSError, match="No space"):
                writer.checkpoint()
        writer.add(page(1))
        writer.checkpoint()
    assert [r.offset for r in reader.records(tmp_path)] == [0, 1]
    assert reader.check(tmp_path).holds


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_checkpoint_that_was_torn_is_written_whole_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    written: list[int] = []
    really = os.write

    def write(file: int, data: bytes) -> int:
        if written and call == "write":
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(really(file, data[:40] if call == "write" else data))
        return written[-1]

    def fsync(_: int) -> None:
        if written:
            raise OSError(errno.EIO, "Input/output error")

    with Writer(tmp_path, "pages.raw") as writer:
        writer.add(page(0))
        with monkeypatch.context() as failing:
            failing.setattr(os, "write", write)
            failing.setattr(os, "fsync", fsync)
            with pytest.raises(OSError, match=r"No space|Input/output"):
                writer.checkpoint()
        assert written
        writer.checkpoint()
        writer.add(page(1))
        writer.checkpoint()
    with Writer(tmp_path, "pages.raw") as writer:
        writer.add(page(2))
        writer.checkpoint()
    assert [r.offset for r in reader.records(tmp_path)] == [0, 1, 2]
    checked = reader.check(tmp_path)
    assert (checked.holds, checked.records, checked.unfinished_bytes) == (True, 3, 0)


def _file(folder: Path) -> Path:
    (found,) = (path for path in folder.glob("date=*/**/*") if path.is_file())
    return found


def test_what_was_changed_is_seen(tmp_path: Path, form: str) -> None:
    write(tmp_path, [page(n) for n in range(9)], form)
    path = _file(tmp_path)
    whole = path.read_bytes()
    for damaged, why in (
        (whole[:-1], "cut off, 1 bytes are missing"),
        (whole[:30] + bytes([whole[30] ^ 1]) + whole[31:], "SHA-256"),
    ):
        path.write_bytes(damaged)
        checked = reader.check(tmp_path)
        assert not checked.holds
        assert why in checked.problems[0]
        with pytest.raises(InvalidRecord, match=why):
            list(reader.records(tmp_path))
    path.unlink()
    assert "cannot be read" in reader.check(tmp_path).problems[0]


def test_a_manifest_that_does_not_match_is_seen(tmp_path: Path) -> None:
    write(tmp_path, [page(n) for n in range(9)])
    text = journal(tmp_path).read_text()
    for wrong in (
        text.replace('"records":9', '"records":8'),
        text.replace('"plain_bytes":', '"plain_bytes":9'),
    ):
        assert wrong != text
        journal(tmp_path).write_text(wrong)
        assert not reader.check(tmp_path).holds


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (b"", "first lines are missing"),
        (b'{"type":"archive","format":1,"topic":"t","made_by":"1"}\n', "first lines are missing"),
        (
            b'{"type":"archive","format":1,"topic":"t","made_by":"9","form":"orc"}\n{"type":"checkpoint","next":{}}\n',
            "'orc' files",
        ),
        (b'{"type":"archive","format":2,"new":{}}\n{"type":"checkpoint","next":{}}\n', "reads format 1"),
        (b'no JSON\n{"type":"checkpoint","next":{}}\n', "manifest.jsonl:1: damaged"),
    ],
)
def test_a_manifest_that_is_none_is_said_to_be(tmp_path: Path, wrong: bytes, why: str) -> None:
    journal(tmp_path).write_bytes(wrong)
    with pytest.raises(InvalidRecord, match=why):
        reader.check(tmp_path)


def test_a_writer_refuses_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    with pytest.raises(InvalidRecord, match="not empty"):
        Writer(tmp_path / "other", "pages.raw")
    write(tmp_path / "pages", [page(0)])
    with pytest.raises(InvalidRecord, match="of jsonl files, not of warc"):
        Writer(tmp_path / "pages", "pages.raw", "warc")
    with Writer(tmp_path / "pages", "pages.raw"), pytest.raises(InvalidRecord, match="another process"):
        Writer(tmp_path / "pages", "pages.raw")
    with pytest.raises(InvalidRecord, match=r"of pages\.raw, not of documents"):
        Writer(tmp_path / "pages", "documents")
    with pytest.raises(InvalidRecord, match="no archive here"):
        manifest.load(tmp_path / "other")


def test_offsets_that_retention_took_are_noted(tmp_path: Path) -> None:
    write(tmp_path, [page(0)])
    with Writer(tmp_path, "pages.raw") as writer:
        writer.skip(Gap(partition=0, first=1, next=5))
        writer.checkpoint()
    assert manifest.load(tmp_path).gaps == [Gap(partition=0, first=1, next=5)]
    assert manifest.load(tmp_path).next == {0: 5}
    assert reader.check(tmp_path).gaps
