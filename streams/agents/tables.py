"""The worker's tables: keys and values of bytes, a store for each partition, a changelog."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import faust

from streams.settings import Settings


def make_table(
    app: faust.App,
    settings: Settings,
    name: str,
    *,
    partitions: int,
    days: int,
    buffer: int,
    cache: int,
    open_files: int,
) -> Any:
    """Declare a table of bytes and its changelog topic on the app.

    Args:
        app: what holds the table.
        settings: name the changelog's topic.
        name: of the table, and of the topic without its prefix.
        partitions: as many as the topic has whose records the table is read and written for.
        days: after which an entry that is not written again may go.
        buffer: bytes of one partition's store that are written at once; RocksDB's defaults are for a single
            large store.
        cache: bytes of one partition's store that are kept of what was read.
        open_files: of one partition's store, at the most.
    """
    raw: dict[str, Any] = {"key_type": bytes, "value_type": bytes, "partitions": partitions}
    changelog = app.topic(
        settings.topic(name),
        key_serializer="raw",
        value_serializer="raw",
        compacting=True,
        deleting=True,
        internal=False,
        **raw,
    )
    return app.Table(
        name,
        changelog_topic=changelog,
        options={
            "driver": "rocksdict",
            "ttl": int(timedelta(days=days).total_seconds()),
            "write_buffer_size": buffer,
            "max_write_buffer_number": 2,
            "block_cache_size": cache,
            "max_open_files": open_files,
        },
        **raw,
    )
