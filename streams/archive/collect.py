"""Takes what stands on a topic into an archive, from where the archive ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from streams.archive.manifest import Gap
from streams.archive.record import Archived
from streams.archive.writer import Writer
from streams.broker.event_log import Bounds, between, bounds
from streams.broker.records import tolerate_damage
from streams.errors import InvalidRecord
from streams.settings import Settings


@dataclass(kw_only=True)
class Collected:
    """What one run added, and what retention took before it came."""

    topic: str
    records: int = 0
    total: int = 0
    gaps: list[Gap] = field(default_factory=list)


async def collect(
    settings: Settings,
    name: str,
    folder: Path,
    *,
    form: str | None = None,
    expect: Callable[[int], None] = lambda _: None,
    heard: Callable[[], None] = lambda: None,
) -> Collected:
    """Add what stands on a topic (its name without prefix) up to where it ends now, then end.

    ``form`` is that of its files, where it is not that which the archive has; ``expect`` hears how many
    offsets there are to read, ``heard`` of each record.

    Raises:
        ConfigurationError: there is no such topic.
        InvalidRecord: the archive is of another topic, or in use, or ahead of it; or the topic was made anew
            meanwhile.
        BrokerUnavailable: no broker answered, or it went away; what was added up to the last checkpoint
            is in the archive.
    """
    topic = settings.topic(name)
    found = await bounds(settings, name)
    tolerate_damage({topic})
    with Writer(folder, topic, form) as writer:
        _check_same(writer, found, settings)
        collected = Collected(topic=topic)

        def skip(partition: int, first: int, following: int) -> None:
            gap = Gap(partition=partition, first=first, next=following)
            collected.gaps.append(gap)
            writer.skip(gap)

        for partition, bound in found.items():
            begin = writer.next.get(partition)
            if begin is not None and begin < bound.first:
                skip(partition, begin, bound.first)
        ranges = {p: (max(bound.first, writer.next.get(p, 0)), bound.end) for p, bound in found.items()}
        expect(sum(end - start for start, end in ranges.values()))
        # Of a partition that is empty still, too: what it gets and loses before the next run is a gap.
        writer.next |= {partition: start for partition, (start, _) in ranges.items()}
        try:
            # Offsets of transactions, and of what was compacted away, hold no record.
            async for record in between(settings, name, ranges, reached=writer.next.update, deleted=skip):
                writer.add(Archived.of(record))
                collected.records += 1
                heard()
        finally:
            writer.checkpoint()
        collected.total = writer.records
    return collected


def _check_same(writer: Writer, found: dict[int, Bounds], settings: Settings) -> None:
    for partition, following in writer.next.items():
        end = found[partition].end if partition in found else 0
        if following > end:
            raise InvalidRecord(
                f"the archive has {writer.manifest.about.topic} up to {partition}/{following}, but it ends "
                f"at {partition}/{end} on {settings.brokers}: another cluster, or a topic made anew. "
                "Nothing was written; archive it into another folder"
            )
