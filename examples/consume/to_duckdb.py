"""Dateline's events from Kafka into a DuckDB file: an idempotent upsert, at least once.

    pip install kafka-python duckdb
    python examples/consume/to_duckdb.py events.duckdb [--once] [--group NAME]

Kafka is where DATELINE_BROKERS says. Offsets are committed after the rows are: a crash between the two
repeats records, and a repeated record gives the row that is there. A DuckDB file has one writer at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
from kafka import KafkaConsumer

HERE = Path(__file__).parent
TOPICS = [
    os.environ.get("DATELINE_TOPIC_PREFIX", "") + name
    for name in ("events.diplomacy", "events.military", "events.trade")
]


def standing(records: Iterable[Any]) -> dict[str, str | None]:
    """Return the last value of each key, None for one that is taken away; records of a key are in order."""
    found: dict[str, str | None] = {}
    for record in records:
        try:
            event = None if record.value is None else json.loads(record.value)
            key = (record.key or b"").decode()
            if event is not None and event["event_id"] != key:
                raise ValueError("the key is not the event's id")
        except (ValueError, KeyError, TypeError) as error:
            # Anyone may write to a topic: one odd record must not stop the rest for ever.
            print(f"skipped {record.topic}/{record.partition}/{record.offset}: {error}", file=sys.stderr)
            continue
        found[key] = None if record.value is None else record.value.decode()
    return found


def store(database: duckdb.DuckDBPyConnection, batch: dict[str, str | None]) -> None:
    """Upsert a batch in one transaction."""
    database.begin()
    try:
        if batch:
            database.executemany("INSERT INTO dateline_batch VALUES (?, ?)", list(batch.items()))
        database.execute((HERE / "duckdb_apply.sql").read_text())
        database.commit()
    except BaseException:
        database.rollback()
        raise


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", help="the DuckDB file")
    parser.add_argument("--group", default="to-duckdb", help="consumer group")
    parser.add_argument("--once", action="store_true", help="end when all that stands there now is stored")
    given = parser.parse_args()
    consumer = KafkaConsumer(
        *TOPICS,
        bootstrap_servers=os.environ.get("DATELINE_BROKERS", "127.0.0.1:9092").split(","),
        group_id=given.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    with duckdb.connect(given.file) as database:
        database.execute((HERE / "duckdb.sql").read_text())
        while not (given.once and at_end(consumer)):
            records = [r for some in consumer.poll(timeout_ms=1000, max_records=1000).values() for r in some]
            if records:
                store(database, standing(records))
                consumer.commit()
                print(f"{len(records)} records", file=sys.stderr)
    consumer.close()


def at_end(consumer: KafkaConsumer) -> bool:
    """Return whether everything on the partitions of this consumer was read; False while it has none."""
    ends = consumer.end_offsets(list(consumer.assignment()))
    return bool(ends) and all(consumer.position(partition) >= end for partition, end in ends.items())


if __name__ == "__main__":
    main()
