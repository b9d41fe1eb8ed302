"""Record batches made by hand: what a client may send that aiokafka's producer would not."""

from __future__ import annotations

import asyncio
import gzip
import struct
import time
from collections.abc import Iterable, Sequence

from aiokafka import TopicPartition
from aiokafka.errors import for_code
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record._crc32c import crc

from streams.broker.client import producer
from streams.settings import Settings

#: Key, value and headers; names of headers are bytes here.
Raw = tuple[bytes | None, bytes | None, Sequence[tuple[bytes, bytes | None]]]
_ATTRIBUTES = 21
_GZIP = 1
# Now: a broker takes away at once what is older than its topic keeps.
_WHEN = int(time.time() * 1000)


def batch(records: Iterable[Raw], *, first: int = 0, zipped: bool = False, timestamp: int = _WHEN) -> bytes:
    """Return a batch of message format 2 that holds the records; a broker gives its own first offset."""
    made = [_record(number, *record) for number, record in enumerate(records)]
    body = gzip.compress(b"".join(made)) if zipped else b"".join(made)
    covered = struct.pack(
        ">hiqqqhii", _GZIP if zipped else 0, len(made) - 1, timestamp, timestamp, -1, -1, -1, len(made)
    )
    rest = covered + body
    return struct.pack(">qiibI", first, 9 + len(rest), -1, 2, crc(rest)) + rest


def _record(
    number: int, key: bytes | None, value: bytes | None, headers: Sequence[tuple[bytes, bytes | None]]
) -> bytes:
    parts = [b"\x00", _varint(0), _varint(number), _bytes(key), _bytes(value), _varint(len(headers))]
    for name, given in headers:
        parts += [_bytes(name), _bytes(given)]
    body = b"".join(parts)
    return _varint(len(body)) + body


def _bytes(given: bytes | None) -> bytes:
    return _varint(-1) if given is None else _varint(len(given)) + given


def _varint(number: int) -> bytes:
    left, made = number * 2 if number >= 0 else -number * 2 - 1, bytearray()
    while left > 0x7F:
        made.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*made, left])


def damaged(data: bytes) -> bytes:
    """Return the batch with one bit of its last byte changed: its checksum does not fit any more."""
    return data[:-1] + bytes([data[-1] ^ 1])


async def put(settings: Settings, topic: str, partition: int, data: bytes) -> None:
    """Send a batch to a partition of a topic (name without prefix), and wait for all replicas."""
    name = settings.topic(topic)
    async with producer(settings) as made:
        client = made.client
        await made.partitions_for(name)
        request = ProduceRequest(
            transactional_id=None, required_acks=-1, timeout=30_000, topics=[(name, [(partition, data)])]
        )
        async with asyncio.timeout(60):
            while True:
                leader = client.cluster.leader_for_partition(TopicPartition(name, partition))
                ((_, ((_, code, *_),)),) = (await client.send(leader, request)).topics
                if not code:
                    return
                # A topic that was made a moment ago may have no leader yet.
                if not for_code(code).retriable:
                    raise for_code(code)
                await client.force_metadata_update()
