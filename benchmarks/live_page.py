"""What the live page costs a browser: ``python -m benchmarks.live_page [--events 10000] [--turns 5]``.

A page server with that many events in its store, no broker behind it, and Chromium on the same machine, each
turn with an empty cache. Prints medians: time to the first paint, to the first event in the list and to all
of them, and the bytes sent until then. Exit status 1 when the first paint takes 1 s, or when 300 kB were sent
before the first event is there, which is later than the first paint.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import hashlib
import shutil
import statistics
import sys
import time

from aiohttp import web
from playwright.async_api import Browser, CDPSession, async_playwright

from streams import pipeline, samples, settings
from streams.records import Event
from streams.web.server import LivePage
from streams.web.shown import shown

MAX_SECONDS, MAX_BYTES = 1.0, 300_000
_PATIENCE_MS = 60_000


def fill(page: LivePage, number: int) -> None:
    """Put the sample pages' events into the store, as often as needed, with ids and sites of their own."""
    made: list[Event] = [event for sample in samples.load() for event in pipeline.code(sample)[1]]
    now = time.time_ns() // 1_000_000
    for n in range(number):
        event_id = hashlib.blake2b(b"%d" % n, digest_size=16).hexdigest()
        event = dataclasses.replace(made[n % len(made)], event_id=event_id, site=f"site{n % 997}.example")
        page.store.put(event_id, shown(event), now - (number - n) * 1000)


@dataclasses.dataclass(frozen=True)
class Look:
    """One opening of the page: seconds and bytes."""

    paint: float
    first_event: float
    first_bytes: int
    all_bytes: int
    all_events: float


async def look(browser: Browser, address: str, number: int) -> Look:
    """Open the page with an empty cache and wait until it counts every event."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    session: CDPSession = await context.new_cdp_session(page)
    arrived: list[int] = []
    await session.send("Network.enable")

    def arrive(event: dict[str, float]) -> None:
        arrived.append(int(event["encodedDataLength"]))

    session.on("Network.loadingFinished", arrive)
    start = time.perf_counter()
    await page.goto(f"{address}/", wait_until="commit")
    await page.locator(".row").first.wait_for(timeout=_PATIENCE_MS)
    first_event, first_bytes = time.perf_counter() - start, sum(arrived)
    counted = f"() => document.querySelector('#count').innerText.replace(/\\D/g, '').includes('{number}')"
    await page.wait_for_function(counted, timeout=_PATIENCE_MS)
    all_events = time.perf_counter() - start
    paint: float = await page.evaluate(
        "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
    )
    await context.close()
    return Look(
        paint=paint / 1000,
        first_event=first_event,
        first_bytes=first_bytes,
        all_bytes=sum(arrived),
        all_events=all_events,
    )


async def measure(number: int, turns: int, chromium: str) -> list[Look]:
    """Serve the page on a free port of loopback and open it a number of times."""
    live = LivePage(settings.load(live_events=number))
    fill(live, number)
    live.feed.caught_up.set()
    runner = web.AppRunner(live.app(loopback=True), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with async_playwright() as tools:
            browser = await tools.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            looks = [await look(browser, address, number) for _ in range(turns)]
            await browser.close()
            return looks
    finally:
        live.streams.close()
        await live.status.close()
        await runner.cleanup()


def main() -> int:
    """Print the medians; return 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("chromium was not found on the PATH; Debian's package is named chromium")
    looks = asyncio.run(measure(arguments.events, arguments.turns, chromium))
    middle = {
        field.name: statistics.median(getattr(one, field.name) for one in looks)
        for field in dataclasses.fields(Look)
    }
    print(f"first paint               {middle['paint'] * 1000:8.0f} ms   limit {MAX_SECONDS * 1000:.0f}")
    print(f"first event in the list   {middle['first_event'] * 1000:8.0f} ms")
    print(f"sent up to first event    {middle['first_bytes'] / 1000:8.0f} kB   limit {MAX_BYTES / 1000:.0f}")
    print(f"all {arguments.events} events there   {middle['all_events'] * 1000:8.0f} ms")
    print(f"sent in all               {middle['all_bytes'] / 1000:8.0f} kB")
    return int(middle["paint"] >= MAX_SECONDS or middle["first_bytes"] >= MAX_BYTES)


if __name__ == "__main__":
    sys.exit(main())
