"""Lines of files: plain, gzip and zstd, whole and damaged."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from streams import jsonl
from streams.compare.run import events_of
from streams.errors import InvalidRecord

LINES = b"".join(b'{"line": %d}\n' % n for n in range(50_000))
PACKED = {
    "a.jsonl": LINES,
    "a.jsonl.gz": gzip.compress(LINES, mtime=0),
    "a.jsonl.zst": zstandard.compress(LINES),
    # As `cat a.gz b.gz` makes them, and compressors that cut long input into frames.
    "two.jsonl.gz": gzip.compress(LINES[:1001], mtime=0) + gzip.compress(LINES[1001:], mtime=0),
    "two.jsonl.zst": zstandard.compress(LINES[:1001]) + zstandard.compress(LINES[1001:]),
}


@pytest.mark.parametrize("name", PACKED)
def test_a_file_gives_its_lines_and_their_places(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PACKED[name])
    heard: list[int] = []
    found = list(jsonl.lines(str(path), heard.append))
    assert [line for _, line in found] == LINES.splitlines()
    assert found[41][0] == f"{path}:42"
    assert sum(heard) >= len(PACKED[name]) - 4


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "two.jsonl.gz", "two.jsonl.zst"])
@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_cut_file_is_damaged_after_a_line(tmp_path: Path, name: str, share: float) -> None:
    path = tmp_path / name
    path.write_bytes(PACKED[name][: int(len(PACKED[name]) * share)])
    with pytest.raises(InvalidRecord, match=rf"^{path}: damaged or cut off after line \d+: "):
        list(jsonl.lines(str(path)))


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_file_with_other_bytes_in_it_is_damaged(tmp_path: Path, name: str) -> None:
    checked = zstandard.ZstdCompressor(write_checksum=True)  # as the command line tool does
    whole = PACKED[name] if name.endswith(".gz") else checked.compress(LINES)
    path = tmp_path / name
    path.write_bytes(whole[:200] + bytes(1000) + whole[1200:])
    with pytest.raises(InvalidRecord, match="damaged or cut off after line"):
        list(jsonl.lines(str(path)))


def test_the_name_does_not_say_how_a_file_is_packed(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(PACKED["a.jsonl.zst"])
    assert sum(1 for _ in jsonl.lines(str(path))) == 50_000


def test_blank_lines_and_line_ends_of_other_systems_are_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\r\n1\r\n\n  2  \n3")
    assert list(jsonl.lines(str(path))) == [(f"{path}:2", b"1"), (f"{path}:4", b"2"), (f"{path}:5", b"3")]


def test_a_folder_gives_its_files_by_name(tmp_path: Path) -> None:
    (tmp_path / "day=2").mkdir()
    (tmp_path / "day=2" / "a.jsonl.zst").write_bytes(zstandard.compress(b"3\n"))
    (tmp_path / "b.ndjson").write_bytes(b"1\n2\n")
    (tmp_path / "manifest.txt").write_bytes(b"no lines of ours")
    assert [line for _, line in jsonl.lines(str(tmp_path))] == [b"1", b"2", b"3"]


@pytest.mark.parametrize(("made", "words"), [(False, "no such file"), (True, "no JSON Lines files")])
def test_a_path_without_files_is_named(tmp_path: Path, made: bool, words: str) -> None:
    path = tmp_path / "runs"
    if made:
        path.mkdir()
    with pytest.raises(InvalidRecord, match=words):
        list(jsonl.lines(str(path)))


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PACKED["a.jsonl.gz"])))
    assert sum(1 for _ in jsonl.lines("-")) == 50_000


def test_a_line_without_end_is_no_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "_LONGEST_LINE", 1 << 20)
    path = tmp_path / "a"
    path.write_bytes(b"1\n" + b"x" * (3 << 20))
    with pytest.raises(InvalidRecord, match=f"{path}:2: not JSON Lines"):
        list(jsonl.lines(str(path)))


@given(st.binary())
def test_any_bytes_give_lines_or_an_error(data: bytes) -> None:
    with io.BytesIO(data) as file:
        try:
            found = list(jsonl._lines("x", file, lambda _: None))
        except InvalidRecord:
            return
    assert all(line.strip() and b"\n" not in line for _, line in found)


@pytest.mark.parametrize(
    ("line", "events"),
    [
        (b'{"event_id":"x","events":[1]}', [b'{"event_id":"x","events":[1]}']),
        (b'{"id":1,"events":[{"a":1},{"b":[2]}]}', [b'{"a":1}', b'{"b":[2]}']),
        (b'{"id":1,"events":[]}', []),
        (b'{"document_id":"d","event_id":"e"}', [b'{"document_id":"d","event_id":"e"}']),
        (b"broken", [b"broken"]),
        (b'{"events": 1}', [b'{"events": 1}']),
    ],
)
def test_a_line_is_an_event_or_holds_some(line: bytes, events: list[bytes]) -> None:
    assert list(events_of(line)) == events
