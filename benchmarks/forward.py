"""Records a second from topic to topic on Apache Kafka: bare aiokafka, and Dateline's worker that passes on.

Both in one run, one after the other, with the same records, confirmed by the broker and committed. The bare
loop commits after each batch that was confirmed; Dateline adds Faust, a compute process, CloudEvents headers,
metrics, and the stage behind, which reads the records and makes nothing of them.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import tempfile
import time
from pathlib import Path

from aiokafka import AIOKafkaConsumer

from benchmarks.end_to_end import cpu_seconds, kafka, worker
from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import admin_client, connection, producer, reader, wait_for_broker
from streams.broker.progress import lag
from streams.settings import Settings


async def fill(settings: Settings, records: int, size: int) -> None:
    chance = random.Random(1)  # noqa: S311  (repeatable bytes, no secret)
    words = [chance.randbytes(4).hex() for _ in range(2000)]
    await topics.create(settings)
    async with producer(settings) as client:
        for number in range(records):
            value = " ".join(chance.choices(words, k=size // 9)).encode()
            key = f"{number:032x}".encode()
            await client.send(settings.topic("documents"), value, key=key, headers=[("ce_id", key)])


async def bare(settings: Settings, records: int) -> tuple[int, float, float]:
    """Forward with aiokafka alone; return records, seconds and CPU seconds."""
    source = AIOKafkaConsumer(
        settings.topic("documents"), **connection(settings), group_id=settings.group,
        enable_auto_commit=False, auto_offset_reset="earliest", max_poll_records=500,
    )  # fmt: skip
    await source.start()
    done = 0
    try:
        async with producer(settings) as client:
            await source.getone()
            await source.seek_to_beginning()
            began, cpu = time.monotonic(), time.process_time()
            while done < records:
                found = [r for rs in (await source.getmany(timeout_ms=100)).values() for r in rs]
                sent = [
                    await client.send(
                        settings.topic("documents.enriched"), r.value, key=r.key, headers=list(r.headers)
                    )
                    for r in found
                ]
                await asyncio.gather(*sent)
                await source.commit()
                done += len(found)
            return records, time.monotonic() - began, time.process_time() - cpu
    finally:
        await source.stop()


async def dateline(settings: Settings, log: Path) -> tuple[int, float, float]:
    """Forward with a worker; return records, seconds and its CPU seconds with those of its processes."""
    with worker(settings, log, ("-m", "benchmarks.forward_worker")) as (pid, _):
        async with admin_client(settings) as admin, reader(settings, "documents") as client:
            # It has begun when it says that it is ready: counted is what is left from the first look on.
            left = await lag(admin, client, settings, "documents")
            began, cpu = time.monotonic(), cpu_seconds(pid)
            while await lag(admin, client, settings, "documents"):
                await asyncio.sleep(0.05)
            return left, time.monotonic() - began, cpu_seconds(pid) - cpu


async def run(address: str, folder: Path, records: int, size: int) -> None:
    for name in ("bare aiokafka", "dateline"):
        prefix = f"{name.partition(' ')[0]}."
        settings = settings_module.load(
            brokers=address, group=f"forward-{prefix}", topic_prefix=prefix, data_dir=folder, web_port=0,
            compute_processes=1,
        )  # fmt: skip
        await wait_for_broker(settings)
        await fill(settings, records, size)
        done, seconds, cpu = await (
            bare(settings, records) if name != "dateline" else dateline(settings, folder / "worker.log")
        )
        rate, cost = done / seconds, cpu * 1e6 / done
        print(f"| {name:<14} | {rate:8,.0f} records/s | {cost:6.0f} µs CPU a record |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--bytes", type=int, default=5_000)
    given = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="dateline-forward-") as place:
        folder = Path(place)
        (folder / "broker").mkdir()
        with kafka(folder / "broker") as address:
            asyncio.run(run(address, folder, given.records, given.bytes))


if __name__ == "__main__":
    main()
