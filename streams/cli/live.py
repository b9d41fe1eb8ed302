"""``dateline live``."""

from __future__ import annotations

import asyncio
import signal

import click

from streams import settings as settings_module
from streams.settings import Settings


@click.command("live", short_help="The live page")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to serve on; 0 for any. [DATELINE_LIVE_PORT]"
)
def command(port: int | None) -> None:
    """Serve a page that shows events as they arrive, with map, timeline and evidence. Ctrl-C ends it.

    It reads the event topics of the Kafka named in the settings, outside any group, and changes nothing.

    \b
    Example:
      DATELINE_BROKERS=kafka:9092 dateline live
    """
    asyncio.run(_live(settings_module.load(live_port=port)))


async def _live(settings: Settings) -> None:
    from streams.broker import acls  # noqa: PLC0415  (slow to load)
    from streams.broker.client import wait_for_broker  # noqa: PLC0415
    from streams.ops import logs  # noqa: PLC0415
    from streams.web.server import serve  # noqa: PLC0415

    logs.configure(settings)
    await wait_for_broker(settings)
    await acls.require("live", settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serve(settings) as address:
        click.echo(f"{address}/")
        await stop.wait()
