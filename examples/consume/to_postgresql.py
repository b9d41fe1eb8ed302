"""Dateline's events from Kafka into PostgreSQL: an idempotent upsert, at least once.

    pip install confluent-kafka 'psycopg[binary]'
    psql -f examples/consume/postgresql.sql
    python examples/consume/to_postgresql.py [--once] [--group NAME]

Kafka is where DATELINE_BROKERS says, PostgreSQL where PGHOST and the like say. Offsets are committed after
the rows are: a crash between the two repeats records, and a repeated record gives the row that is there.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

import psycopg
from confluent_kafka import Consumer, KafkaError, KafkaException, Message

BATCH = 1000
TOPICS = [
    os.environ.get("DATELINE_TOPIC_PREFIX", "") + name
    for name in ("events.diplomacy", "events.military", "events.trade")
]


def row(message: Message) -> tuple[object, ...] | None:
    """Return a record as a row of dateline_batch; None for one that is no event."""
    key, value = message.key(), message.value()
    try:
        event = None if value is None else json.loads(value)
        name = (key or b"").decode()
        if event is not None and event["event_id"] != name:
            raise ValueError("the key is not the event's id")
    except (ValueError, KeyError, TypeError) as error:
        # Anyone may write to a topic: one odd record must not stop the rest for ever.
        where = f"{message.topic()}/{message.partition()}/{message.offset()}"
        print(f"skipped {where}: {error}", file=sys.stderr)
        return None
    return (
        message.topic(),
        message.partition(),
        message.offset(),
        name,
        None if value is None else value.decode(),
    )


def store(connection: psycopg.Connection, messages: list[Message]) -> int:
    """Upsert a batch in one transaction; return how many rows it changed."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT dateline_begin()")
        with cursor.copy("COPY dateline_batch FROM STDIN") as copy:
            for found in filter(None, map(row, messages)):
                copy.write_row(found)
        cursor.execute("SELECT dateline_apply()")
        changed = cursor.fetchone()
    return changed[0] if changed else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--group", default="to-postgresql", help="consumer group")
    parser.add_argument("--once", action="store_true", help="end when all that stands there now is stored")
    given = parser.parse_args()
    consumer = Consumer(
        {
            "bootstrap.servers": os.environ.get("DATELINE_BROKERS", "127.0.0.1:9092"),
            "group.id": given.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    consumer.subscribe(TOPICS)
    at_end: set[tuple[str | None, int | None]] = set()
    try:
        with psycopg.connect(autocommit=True) as connection:
            while not (given.once and at_end and len(at_end) >= len(consumer.assignment())):
                messages = []
                for message in consumer.consume(BATCH, timeout=1.0):
                    error = message.error()
                    partition = (message.topic(), message.partition())
                    if error is None:
                        messages.append(message)
                        at_end.discard(partition)
                    elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  (its documented name)
                        at_end.add(partition)
                    else:
                        raise KafkaException(error)
                if messages:
                    changed = store(connection, messages)
                    consumer.commit(asynchronous=False)
                    print(f"{len(messages)} records, {changed} rows written", file=sys.stderr)
    finally:
        consumer.close()


if __name__ == "__main__":
    main()
