"""What commands print: JSON Lines on standard output."""

from __future__ import annotations

import sys

import orjson

from streams.records import encode


def write_record(record: object) -> None:
    """Write one record as a line of JSON, and flush it: the reader may be waiting."""
    sys.stdout.buffer.write(encode(record) + b"\n")
    sys.stdout.buffer.flush()


def pretty(value: object) -> str:
    """Return a value as indented JSON."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
