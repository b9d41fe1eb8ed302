"""``dateline ingest``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable

import click
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import producer, wait_for_broker
from streams.cli import pages
from streams.errors import BrokerUnavailable
from streams.settings import Settings

_IN_FLIGHT_BYTES = 32 * settings_module.MIB


@click.command("ingest", short_help="Put pages onto pages.raw")
@click.argument("paths", nargs=-1)
@click.option("--url", help="Address of the page, for one file or standard input.")
def command(paths: tuple[str, ...], url: str | None) -> None:
    """Put pages onto pages.raw: HTML, text, JSON Lines, WARC, WACZ, Parquet, folders, `-` for standard input.

    JSON Lines (.gz and .zst too) hold RawPage records, or objects with `url` and `html` or `text`, and
    Parquet files such columns. A line that is neither is sent as it is, and becomes a dead letter that
    says why.

    \b
    Example:
      dateline ingest page.html dump.txt crawl.jsonl.gz folder/
      curl -s https://news.example/a | dateline ingest --url https://news.example/a
    """
    settings = settings_module.load()
    found = pages.files(paths)
    if url and len(found) != 1:
        raise click.UsageError("--url is for one page")

    def sources() -> Iterable[pages.Source]:
        progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        with progress:
            for path in progress.track(found, description="files"):
                yield from pages.read(path, url=url)

    sent, refused = asyncio.run(_run(settings, sources()))
    click.echo(f"{sent} pages sent to {settings.topic('pages.raw')} on {settings.brokers}", err=True)
    sys.exit(1 if refused else 0)


async def _run(settings: Settings, sources: Iterable[pages.Source]) -> tuple[int, int]:
    await wait_for_broker(settings)
    await topics.require(settings, "pages.raw")
    sent = refused = 0
    async for error in send(settings, sources):
        if error:
            refused += 1
            click.echo(f"dateline: {error}", err=True)
        else:
            sent += 1
    return sent, refused


async def send(settings: Settings, sources: Iterable[pages.Source]) -> AsyncIterator[str]:
    """Send the pages and wait for the broker; yield for each an empty string, or why it was refused.

    Raises:
        BrokerUnavailable: the broker did not confirm.
    """
    topic = settings.topic("pages.raw")
    waiting: list[tuple[pages.Source, asyncio.Future[object]]] = []
    held = 0
    async with producer(settings) as client:
        for source in sources:
            try:
                future = await client.send(topic, source.value, key=source.key, headers=list(source.headers))
            except MessageSizeTooLargeError:
                yield f"{source.where}: {len(source.value):,} bytes are more than a record may have; not sent"
                continue
            waiting.append((source, future))
            held += len(source.value)
            if held > _IN_FLIGHT_BYTES:
                async for error in _confirm(waiting):
                    yield error
                waiting, held = [], 0
        async for error in _confirm(waiting):
            yield error


async def _confirm(waiting: list[tuple[pages.Source, asyncio.Future[object]]]) -> AsyncIterator[str]:
    for source, future in waiting:
        try:
            await future
        except MessageSizeTooLargeError:
            yield f"{source.where}: the broker refuses a record of {len(source.value):,} bytes; not sent"
        except KafkaError as error:
            raise BrokerUnavailable(f"{source.where}: not confirmed by the broker: {error!r}") from error
        else:
            yield ""
