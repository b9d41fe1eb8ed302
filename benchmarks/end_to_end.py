"""How fast one worker turns pages into events, end to end, on Apache Kafka and on the embedded broker.

``make bench`` runs it. The pages are made here, the same in every run: an article and 10 to 20
teasers each, half of the teasers standing on earlier pages of the site too. The clock runs from the
first page sent until the group has finished every record; all pages are sent at once, so latency
includes the wait behind the pages before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil
from aiokafka import AIOKafkaConsumer
from prometheus_client.parser import text_string_to_metric_families

from streams import headers as h
from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import admin_client, producer, reader, wait_for_broker
from streams.broker.embedded import EmbeddedBroker
from streams.broker.progress import STAGE_TOPICS, offsets, wait_until_done
from streams.records import EVENT_CLASSES
from streams.settings import Settings, as_environment

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 110.0
SITES = 8
STAGES = ("parse", "enrich", "classify")
WORKER = ("-m", "streams", "worker")

COUNTRIES = ("Norway", "Chile", "Kenya", "Vietnam", "Poland", "Morocco", "Canada", "Japan", "Peru", "Ghana")
DEEDS = (
    "{a} and {b} sign an agreement on fisheries",
    "{a} raises tariffs on steel from {b}",
    "{a} deploys troops near the border with {b}",
    "Foreign minister of {a} meets his counterpart from {b}",
    "{a} lifts its ban on timber from {b}",
    "{a} and {b} hold naval exercises",
    "Orchestra from {a} plays in the capital of {b}",
    "Storm in {a} cuts power to towns near {b} ferry port",
)
DETAILS = (
    "Officials of both sides said that the step would take effect next month.",
    "The ministry gave no further details of the decision on Tuesday.",
    "Observers had expected the announcement since the talks in spring.",
    "The opposition asked the government to explain its reasons in parliament.",
    "Companies in the region said that they were preparing for the change.",
)


def sentence(chance: random.Random) -> str:
    """Make one headline."""
    a, b = chance.sample(COUNTRIES, 2)
    return chance.choice(DEEDS).format(a=a, b=b)


def make_pages(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield addresses and bytes of the pages; equal in every run."""
    chance = random.Random(20260304)  # noqa: S311  (repeatable text, no secret)
    standing: dict[str, list[tuple[str, str]]] = {}
    for number in range(count):
        site = f"site{number % SITES}.example"
        old = standing.setdefault(site, [])
        cards: list[tuple[str, str]] = []
        for n in range(chance.randint(10, 20)):
            if old and chance.random() < 0.5:
                cards.append(chance.choice(old[-40:]))
            else:
                cards.append((f"{sentence(chance)}, report {number}-{n}", chance.choice(DETAILS)))
        old += cards
        title = f"{sentence(chance)}, matter {number}"
        story = "".join(
            f"<p>{sentence(chance)}. {chance.choice(DETAILS)} {chance.choice(DETAILS)}</p>" for _ in range(8)
        )
        items = "".join(
            f'<li class="teaser"><a href="/t/{n}"><h3>{headline}</h3></a><p>{summary}</p></li>'
            for n, (headline, summary) in enumerate(cards)
        )
        html = (
            f"<!doctype html><html lang=en><head><title>{title}</title></head><body><main><article>"
            f"<h1>{title}</h1><p>{title}. {chance.choice(DETAILS)}</p>{story}</article></main>"
            f"<section><h2>More news</h2><ul>{items}</ul></section></body></html>"
        )
        yield f"https://{site}/{number}", html.encode()


@dataclass
class Result:
    """One run."""

    broker: str
    pages: int
    documents: int = 0
    documents_seen: int = 0
    events: int = 0
    dead_letters: int = 0
    seconds: float = 0.0
    pages_per_second: float = 0.0
    documents_per_second: float = 0.0
    peak_mib: float = 0.0
    processes: int = 0
    latency_median: float = 0.0
    latency_p99: float = 0.0
    #: Of the worker and its compute processes together.
    all_cpu_ms_a_page: float = 0.0
    cpu_ms_a_page: dict[str, float] = field(default_factory=dict)


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and those below it have used."""
    root = psutil.Process(pid)
    times = [process.cpu_times() for process in (root, *root.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


class Memory:
    """The largest memory of a process and all below it, shared memory counted once; looked at each 0.25 s."""

    def __init__(self, pid: int) -> None:
        self.peak = self.processes = 0
        self._root = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._stop.wait(0.25):
            total = seen = 0
            try:
                for process in (self._root, *self._root.children(recursive=True)):
                    total += process.memory_full_info().pss
                    seen += 1
            except psutil.NoSuchProcess:
                continue
            self.peak, self.processes = max(self.peak, total), max(self.processes, seen)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Run the embedded broker."""
    broker = EmbeddedBroker(folder)
    try:
        yield broker.address
    finally:
        broker.stop()


@contextmanager
def kafka(folder: Path) -> Iterator[str]:
    """Run Apache Kafka."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [ROOT / "deploy" / "kafka" / "start", "--data-dir", folder], stdout=subprocess.PIPE, stderr=log
        )
    assert process.stdout is not None
    try:
        with process.stdout as said:
            address = said.readline().decode().strip()
        if not address:
            raise SystemExit((folder / "server.log").read_text())
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


BROKERS = {"embedded": embedded, "kafka": kafka}


@contextmanager
def worker(settings: Settings, log: Path, program: Sequence[str] = WORKER) -> Iterator[tuple[int, str]]:
    """Run a worker; the value is its process id and the address of its metrics."""
    with log.open("wb") as words:
        process = subprocess.Popen(
            [sys.executable, *program],
            env=os.environ | as_environment(settings) | {"DATELINE_SUPERVISED": "1"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
        )
    assert process.stdout is not None
    try:
        with process.stdout as said:
            line = said.readline()
        if not line:
            raise SystemExit(log.read_text()[-3000:])
        yield process.pid, json.loads(line)["web"]
    finally:
        process.terminate()
        process.wait(timeout=30)


async def send(settings: Settings, pages: Sequence[tuple[str, bytes]]) -> None:
    async with producer(settings) as client:
        waiting = []
        for url, body in pages:
            headers = [(h.URL, url.encode()), (h.CONTENT_TYPE, b"text/html; charset=utf-8")]
            key = url.split("/")[2].encode()
            waiting.append(await client.send(settings.topic("pages.raw"), body, key=key, headers=headers))
        await asyncio.gather(*waiting)


async def latencies(settings: Settings) -> list[float]:
    """Return the seconds from each page's record to each of its events, from the records' headers."""
    found: list[float] = []
    for name in (f"events.{c}" for c in EVENT_CLASSES):
        async with reader(settings, name, from_start=True) as client:
            left = await standing(client, settings.topic(name))
            while left > 0:
                for records in (await client.getmany(timeout_ms=200)).values():
                    for record in records:
                        page_time = int(dict(record.headers)[h.PAGE_TIME])
                        found.append((record.timestamp - page_time) / 1000)
                        left -= 1
    return found


async def standing(client: AIOKafkaConsumer, topic: str) -> int:
    first, end = await offsets(client, topic)
    return sum(end[p] - first[p] for p in end)


async def measure(
    settings: Settings, pages: Sequence[tuple[str, bytes]], log: Path, program: Sequence[str] = WORKER
) -> Result:
    result = Result(settings.group.partition("-")[0], len(pages))
    await topics.create(settings)
    with worker(settings, log, program) as (pid, web):
        memory = Memory(pid)
        cpu_before = cpu_seconds(pid)
        started = time.monotonic()
        await send(settings, pages)
        async with admin_client(settings) as admin, reader(settings, *STAGE_TOPICS) as client:
            await wait_until_done(admin, client, settings, every=0.1)
        result.seconds = time.monotonic() - started
        result.all_cpu_ms_a_page = (cpu_seconds(pid) - cpu_before) * 1000 / len(pages)
        memory.stop()
        text = await asyncio.to_thread(get, f"{web}/metrics")
        result.peak_mib, result.processes = memory.peak / settings_module.MIB, memory.processes
        found = await latencies(settings)
    read_metrics(result, text)
    result.events = len(found)
    result.pages_per_second = result.pages / result.seconds
    result.documents_per_second = result.documents / result.seconds
    if len(found) > 1:
        result.latency_median = statistics.median(found)
        result.latency_p99 = statistics.quantiles(found, n=100, method="inclusive")[98]
    return result


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  (our own worker)
        return str(answer.read(), "utf-8")


def read_metrics(result: Result, text: str) -> None:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == "dateline_compute_cpu_seconds_total":
                result.cpu_ms_a_page[sample.labels["stage"]] = sample.value * 1000 / result.pages
            elif sample.name == "dateline_documents_total" and sample.labels["status"] == "new":
                result.documents += int(sample.value)
            elif sample.name == "dateline_documents_total":
                result.documents_seen += int(sample.value)
            elif sample.name == "dateline_dead_letters_total":
                result.dead_letters += int(sample.value)


async def run(name: str, pages: Sequence[tuple[str, bytes]]) -> Result:
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as place:
        folder = Path(place)
        for part in ("broker", "data"):
            (folder / part).mkdir()
        with BROKERS[name](folder / "broker") as address:
            group = f"{name}-{uuid.uuid4().hex[:8]}"
            settings = settings_module.load(
                brokers=address, group=group, topic_prefix=f"{group}.", data_dir=folder / "data", web_port=0
            )
            await wait_for_broker(settings)
            async with asyncio.timeout(LIMIT):
                return await measure(settings, pages, folder / "worker.log")


def table(results: Sequence[Result]) -> str:
    """Return the results as a Markdown table, one column a broker."""
    rows: list[tuple[str, list[str]]] = [
        ("", [r.broker for r in results]),
        ("---", ["---:" for _ in results]),
        ("pages", [f"{r.pages}" for r in results]),
        ("documents new / seen", [f"{r.documents} / {r.documents_seen}" for r in results]),
        ("events", [f"{r.events}" for r in results]),
        ("dead letters", [f"{r.dead_letters}" for r in results]),
        ("seconds", [f"{r.seconds:.1f}" for r in results]),
        ("pages/s", [f"{r.pages_per_second:.1f}" for r in results]),
        ("new documents/s", [f"{r.documents_per_second:.1f}" for r in results]),
        ("latency median, s", [f"{r.latency_median:.2f}" for r in results]),
        ("latency p99, s", [f"{r.latency_p99:.2f}" for r in results]),
        *(
            (f"CPU {stage}, ms a page", [f"{r.cpu_ms_a_page.get(stage, 0):.1f}" for r in results])
            for stage in STAGES
        ),
        ("CPU in all, ms a page", [f"{r.all_cpu_ms_a_page:.1f}" for r in results]),
        ("peak memory, MiB", [f"{r.peak_mib:.0f}" for r in results]),
        ("processes", [f"{r.processes}" for r in results]),
    ]
    wide = max(len(name) for name, _ in rows)
    return "\n".join(
        f"| {name:<{wide}} | " + " | ".join(f"{c:>13}" for c in cells) + " |" for name, cells in rows
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=400, help="number of pages (400)")
    parser.add_argument("--broker", choices=[*BROKERS, "both"], default="both")
    parser.add_argument("--json", action="store_true", help="one JSON object a broker instead of the table")
    given = parser.parse_args()
    # A broker that is still starting is waited for, not reported.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    names = list(BROKERS) if given.broker == "both" else [given.broker]
    missing = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    if missing and "kafka" in names:
        print(f"Apache Kafka is skipped: {' and '.join(missing)} not found", file=sys.stderr)
        names.remove("kafka")
    pages = list(make_pages(given.pages))
    results: list[Result] = []
    for name in names:
        print(f"{name}: {len(pages)} pages …", file=sys.stderr)
        try:
            results.append(asyncio.run(run(name, pages)))
        except TimeoutError:
            raise SystemExit(f"{name}: not finished within {LIMIT:g} s; try fewer --pages") from None
    if given.json:
        for result in results:
            print(json.dumps(asdict(result)))
    elif results:
        print(table(results))


if __name__ == "__main__":
    main()
