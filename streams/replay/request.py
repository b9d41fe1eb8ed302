"""What a person asks for: sources and targets by their names, checked before anything is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from streams.archive import manifest
from streams.broker.event_log import EVENT_TOPICS, standing
from streams.errors import InvalidRecord
from streams.jsonl import STDIN
from streams.replay.past import Past, Position
from streams.replay.results import STORE, FilesTarget
from streams.replay.sources import ArchiveSource, FilesSource, Source, TopicSource
from streams.replay.targets import Target, TopicTarget
from streams.settings import Settings

KAFKA, LETTERS = "kafka:", "dead-letters:"
LIVE, SHADOW, FILES = "live", "shadow:", "files:"

Read = Callable[[Sequence[str]], Callable[[], Iterator[Past]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where a replay goes: the live pipeline, a shadow of it with a prefix, or a folder."""

    given: str

    @property
    def folder(self) -> Path | None:
        """The folder of results."""
        return Path(self.given.removeprefix(FILES)) if self.given.startswith(FILES) else None

    @property
    def anywhere(self) -> str:
        """What was given, so that it means the same in every working directory."""
        return self.given if self.folder is None else f"{FILES}{self.folder.resolve()}"

    def pipeline(self, settings: Settings) -> Settings | None:
        """Return the settings of the pipeline that takes the pages; None where files do."""
        if self.given == LIVE:
            return settings
        if self.given.startswith(SHADOW):
            prefix = self.given.removeprefix(SHADOW)
            return settings.model_copy(
                update={"topic_prefix": prefix, "group": f"{settings.group}-{prefix.strip('.-_')}"}
            )
        return None


def uses_kafka(sources: Sequence[str], where: Where) -> bool:
    """Whether a replay has to do with a broker at all."""
    return where.folder is None or any(source.startswith((KAFKA, LETTERS)) for source in sources)


def anywhere(source: str) -> str:
    """Return the name of a source that means the same in every working directory."""
    named = source == STDIN or source.startswith((KAFKA, LETTERS))
    return source if named else str(Path(source).resolve())


def open_source(sources: Sequence[str], settings: Settings, read: Read, ends: Position | None) -> Source:
    """Return the source of these names; ``ends`` are those of an earlier plan.

    Raises:
        InvalidRecord: several that cannot be mixed, or what is named is not there.
    """
    first = sources[0]
    if first.startswith((KAFKA, LETTERS)) or manifest.is_archive(Path(first)):
        if len(sources) > 1:
            raise InvalidRecord("one topic or one archive at a time; several may be given of page files only")
        if not first.startswith((KAFKA, LETTERS)):
            return ArchiveSource(Path(first), frames=ends["frames"] if ends else None)
        letters = first.startswith(LETTERS)
        prefix = first.removeprefix(LETTERS if letters else KAFKA) or settings.topic_prefix
        return TopicSource(
            settings.model_copy(update={"topic_prefix": prefix}), letters=letters, ends=ends or None
        )
    return FilesSource(" ".join(sources), read(sources))


def ends_of(source: Source) -> Position:
    """Return what a source had when it was planned, for :func:`open_source` when it goes on."""
    match source:
        case TopicSource():
            return dict(source.ends or {})
        case ArchiveSource():
            return {"frames": source.frames or 0}
        case _:
            return {}


def check_apart(sources: Sequence[str], where: Where, settings: Settings) -> list[str]:
    """Refuse a target that is the source; return what a person should know where it may be.

    Raises:
        InvalidRecord: the target is the source, or cannot be written to.
    """
    remarks: list[str] = []
    prefixes = {
        source.partition(":")[2] or settings.topic_prefix
        for source in sources
        if source.startswith((KAFKA, LETTERS))
    }
    if where.given.startswith(SHADOW):
        prefix = where.given.removeprefix(SHADOW)
        if not prefix:
            raise InvalidRecord("shadow: needs a topic prefix, such as shadow:test.")
        if prefix == settings.topic_prefix:
            raise InvalidRecord(f"{where.given} is the live pipeline: its prefix is {prefix!r}; --to live")
        if prefix in prefixes:
            raise InvalidRecord(f"{where.given}: the target is the source")
    if where.given == LIVE and settings.topic_prefix in prefixes and sources[0].startswith(KAFKA):
        topic = settings.topic("pages.raw")
        remarks.append(f"{topic} is source and target: marked copies of its pages are put at its end")
    folder = where.folder
    if folder is not None:
        _check_folder(folder, sources)
    return remarks


def _check_folder(folder: Path, sources: Sequence[str]) -> None:
    whole = folder.resolve()
    for source in sources:
        if not source.startswith((KAFKA, LETTERS)):
            there = Path(source).resolve()
            if whole == there or there in whole.parents or whole in there.parents:
                raise InvalidRecord(f"{FILES}{folder}: the target is the source, or one is inside the other")
    there = next(path for path in (whole, *whole.parents) if path.exists())
    if not there.is_dir():
        raise InvalidRecord(f"{folder}: {there} is not a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InvalidRecord(f"{folder}: {there} cannot be written to")
    if folder.is_dir() and any(folder.iterdir()):
        what = "holds the results of a replay" if (folder / STORE).exists() else "not empty"
        raise InvalidRecord(f"{folder}: {what}; nothing is overwritten: choose a new folder")


def open_target(where: Where, settings: Settings, replay_id: str, state: Path) -> Target:
    """Return the target; nothing is made before it is entered."""
    if where.folder is not None:
        return FilesTarget(where.folder, settings, replay_id)
    pipeline = where.pipeline(settings)
    assert pipeline is not None
    return TopicTarget(where.given, pipeline, replay_id, state, shadow=where.given != LIVE)


class _Line(msgspec.Struct):
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None


class _Head(msgspec.Struct):
    event_id: str = ""
    lineage: _Line = msgspec.field(default_factory=_Line)


async def pages_of_events(settings: Settings, events: Sequence[str]) -> frozenset[str]:
    """Return the lineages of the pages that events came from, by the events that stand on their topics.

    Raises:
        InvalidRecord: there is no such event.
        BrokerUnavailable: no broker answered, or it went away.
    """
    missing, found = set(events), set()
    async for record in standing(settings, *EVENT_TOPICS):
        if record.key is None or record.value is None or record.key.decode("utf-8", "replace") not in events:
            continue
        line = msgspec.json.decode(record.value, type=_Head).lineage
        missing.discard(record.key.decode("utf-8", "replace"))
        found.add(f"{line.topic}/{line.partition}/{line.offset}")
    if missing:
        raise InvalidRecord(f"no event {', '.join(sorted(missing))} on {settings.topic('events.*')}")
    return frozenset(found)
