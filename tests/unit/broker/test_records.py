"""Batches that aiokafka cannot read give their records; damaged ones say so, one record for each offset."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from hypothesis import given
from hypothesis import strategies as st

from streams import headers as h
from streams.broker import records
from streams.broker.lenient import read_leniently
from streams.broker.records import mend_aiokafka, tolerate_damage
from tests.batches import Raw, batch, damaged

TP = TopicPartition("pages.raw", 0)
GOOD: Raw = (b"key", b"value", [(b"name", b"given"), (b"none", None)])
ODD: Raw = (None, None, [(b"\xff\xfebad", b"\x00"), (b"", b"")])
SHOWN = [("\\xff\\xfebad", b"\x00"), ("", b"")]

texts = st.text(max_size=20).map(str.encode)
bodies = st.none() | st.binary(max_size=200)
raws = st.lists(
    st.tuples(bodies, bodies, st.lists(st.tuples(texts, bodies), max_size=3)), min_size=1, max_size=5
)


@pytest.fixture
def tolerated() -> Iterator[None]:
    tolerate_damage({TP.topic})
    yield
    records._tolerated.discard(TP.topic)


def read(data: bytes, *, at: int = 0, check: bool = True) -> Any:
    """The fetcher's own reading of one partition's bytes."""
    mend_aiokafka()
    return fetcher.PartitionRecords(TP, fetcher.MemoryRecords(data), [], at, None, None, check, 0)


@given(raws, st.booleans())
def test_both_readers_give_the_same_of_what_both_can_read(given: list[Raw], zipped: bool) -> None:
    data = batch(given, zipped=zipped)
    theirs = [(r.offset, r.timestamp, r.key, r.value, list(r.headers)) for r in read(data)]
    ours = [(r.offset, r.timestamp, r.key, r.value, r.headers) for r in read_leniently(data)]
    assert ours == theirs
    assert [(key, value) for _, _, key, value, _ in ours] == [(key, value) for key, value, _ in given]


@given(st.binary(min_size=61, max_size=300))
def test_any_bytes_give_records_or_one_error(data: bytes) -> None:
    # Not compressed: what a codec makes of nonsense is not ours.
    data = data[:21] + b"\x00\x00" + data[23:57] + b"\x00\x00\x00\x09" + data[61:]
    with contextlib.suppress(CorruptRecordException):
        list(read_leniently(data))


@pytest.mark.parametrize("zipped", [False, True])
def test_a_name_that_is_no_text_stops_nothing(zipped: bool) -> None:
    data = batch([GOOD, ODD, GOOD, ODD], zipped=zipped) + batch([GOOD], first=4)
    found = list(read(data))
    assert [r.offset for r in found[:4]] == [0, 1, 2, 3]
    assert [list(r.headers) for r in found[:2]] == [[("name", b"given"), ("none", None)], SHOWN]
    assert found[1].key is None
    assert len(found) == 5


def test_reading_may_start_within_a_batch() -> None:
    assert [r.offset for r in read(batch([GOOD, ODD, GOOD]), at=1)] == [1, 2]


@pytest.mark.usefixtures("tolerated")
def test_each_offset_of_a_damaged_batch_is_a_record_that_says_so() -> None:
    data = damaged(batch([GOOD, GOOD, GOOD]))
    partition = read(data)
    found = list(partition)
    assert [r.offset for r in found] == [0, 1, 2]
    assert [r.value for r in found] == [data, None, None]
    assert all(b"offsets 0 to 2 is damaged: its checksum" in dict(r.headers)[h.DAMAGED] for r in found)
    assert partition.next_fetch_offset == 3


@pytest.mark.usefixtures("tolerated")
def test_what_cannot_be_unpacked_is_damaged_too() -> None:
    data = batch([GOOD, GOOD], zipped=True)
    found = list(read(data[:61] + b"nonsense" + data[69:], check=False))
    assert [(r.offset, h.DAMAGED in dict(r.headers)) for r in found] == [(0, True), (1, True)]


def test_on_other_topics_damage_is_an_error() -> None:
    with pytest.raises(CorruptRecordException):
        list(read(damaged(batch([GOOD]))))


@pytest.mark.usefixtures("tolerated")
@pytest.mark.parametrize("at", [23, 57])
def test_a_batch_whose_head_is_damaged_too_is_an_error(at: int) -> None:
    # Last offset, or number of records: nobody knows how many pages it held.
    data = batch([GOOD, GOOD])
    with pytest.raises(CorruptRecordException):
        list(read(data[:at] + b"\x7f" + data[at + 1 :]))


def test_a_batch_that_is_cut_off_is_left_for_the_next_answer() -> None:
    found = fetcher.MemoryRecords(batch([GOOD]) + batch([GOOD])[:-1])
    assert found.size_in_bytes() > 0
    assert found.has_next()
    found.next_batch()
    assert not found.has_next()
    assert found.next_batch() is None
