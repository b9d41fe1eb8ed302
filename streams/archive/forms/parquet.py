"""Parquet: a row for each record, and for events the columns that are asked for most.

A Parquet file cannot grow, so each checkpoint makes one file of each day and site. Those two are
no columns: readers take them from the path, as DuckDB, Arrow and Spark do.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from streams.archive.record import Archived, header_name
from streams.errors import InvalidRecord
from streams.records import Actor, Event, decode

SUFFIX = ".parquet"
GROWS = False

_TIME = pa.timestamp("ms", "UTC")
_RECORD = [
    ("topic", pa.string()),
    ("partition", pa.int32()),
    ("offset", pa.int64()),
    ("timestamp", _TIME),
    ("key", pa.binary()),
    ("headers", pa.list_(pa.struct([("name", pa.string()), ("value", pa.binary())]))),
    ("value", pa.binary()),
]


def _codes(actors: tuple[Actor, ...]) -> list[str]:
    return sorted({actor.country for actor in actors if actor.country})


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:  # the schema knows no calendar
        return None


#: As in examples/consume/duckdb.sql.
_EVENT: list[tuple[str, Any, Callable[[Event], object]]] = [
    ("event_id", pa.string(), lambda e: e.event_id),
    ("document_id", pa.string(), lambda e: e.document_id),
    ("event_class", pa.string(), lambda e: e.event_class),
    ("type", pa.string(), lambda e: e.type),
    ("mode", pa.string(), lambda e: e.mode),
    ("cameo", pa.string(), lambda e: e.cameo),
    ("intensity", pa.float64(), lambda e: e.intensity),
    ("source", pa.list_(pa.string()), lambda e: _codes(e.source)),
    ("target", pa.list_(pa.string()), lambda e: _codes(e.target)),
    ("place", pa.string(), lambda e: e.place and e.place.name),
    ("place_country", pa.string(), lambda e: e.place and e.place.country),
    ("lat", pa.float64(), lambda e: e.place and e.place.lat),
    ("lon", pa.float64(), lambda e: e.place and e.place.lon),
    ("date_start", pa.date32(), lambda e: _day(e.date.start if e.date else None)),
    ("date_end", pa.date32(), lambda e: _day(e.date.end if e.date else None)),
    ("modality", pa.string(), lambda e: e.modality),
    ("confidence", pa.float64(), lambda e: e.confidence),
    ("evidence", pa.string(), lambda e: e.evidence),
    ("headline", pa.string(), lambda e: e.headline),
    ("language", pa.string(), lambda e: e.language),
    ("page_url", pa.string(), lambda e: e.page_url),
    ("published_at", pa.timestamp("us", "UTC"), lambda e: e.published_at and e.published_at.value),
    ("coder_version", pa.string(), lambda e: e.coder_version),
]


def pack(records: Sequence[Archived]) -> tuple[bytes, int]:
    """See :class:`streams.archive.forms.Form`."""
    columns: dict[str, Any] = {name: pa.array(_values(records, name), kind) for name, kind in _RECORD}
    events = [_event(record) for record in records]
    if any(events):
        for name, kind, value in _EVENT:
            columns[name] = pa.array([value(event) if event else None for event in events], kind)
    table = pa.table(columns)
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd", version="2.6")
    return out.getvalue(), table.nbytes


def _values(records: Sequence[Archived], name: str) -> list[Any]:
    if name == "headers":
        return [[{"name": header_name(n), "value": v} for n, v in record.headers] for record in records]
    return [getattr(record, name) for record in records]


def _event(record: Archived) -> Event | None:
    if record.value is None or ".events." not in f".{record.topic}":
        return None
    try:
        return decode(record.value, Event)
    except InvalidRecord:
        return None


def unpack(packed: bytes, plain_bytes: int) -> Iterator[Archived]:
    """See :class:`streams.archive.forms.Form`."""
    try:
        table = parquet.read_table(io.BytesIO(packed), columns=[name for name, _ in _RECORD])
        columns = [_plain(table[name], name) for name, _ in _RECORD]
    except (pa.ArrowException, KeyError, OSError) as error:
        raise InvalidRecord(f"damaged: {error}") from error
    del plain_bytes  # of the whole table; only some columns are read
    for topic, partition, offset, timestamp, key, headers, value in zip(*columns, strict=True):
        yield Archived(
            topic=topic,
            partition=partition,
            offset=offset,
            timestamp=timestamp,
            key=key,
            headers=tuple((header["name"], header["value"]) for header in headers),
            value=value,
        )


def _plain(column: Any, name: str) -> list[Any]:
    # A timestamp may lie where Python knows no year.
    found: list[Any] = (column.cast(pa.int64()) if name == "timestamp" else column).to_pylist()
    return found
