"""The target that needs no Kafka: pages become files of events, as the pipeline would emit them.

The folder holds ``events/<class>.jsonl``, with the very bytes that would stand on the topics,
``refused.jsonl`` with the pages that would be dead letters, and ``replay.sqlite`` with how far it is
and which documents were emitted. That one is committed last, and says how much of the others counts.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from prometheus_client import CollectorRegistry

from streams import headers as h
from streams.agents.compute import ComputePool
from streams.agents.work import Done, Failed, Item, Output
from streams.checking import checked
from streams.classify import coder_version
from streams.errors import InvalidRecord
from streams.ops.metrics import Metrics
from streams.parse import Limits
from streams.records import EVENT_CLASSES, encode
from streams.replay.past import Past
from streams.seen import Entry, SeenRule, day_of
from streams.settings import Settings

STORE = "replay.sqlite"
REFUSED = "refused.jsonl"
FILES = (*(f"events/{name}.jsonl" for name in EVENT_CLASSES), REFUSED)
_TABLES = """
CREATE TABLE IF NOT EXISTS seen (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sizes (file TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB NOT NULL);
"""


def saved_state(folder: Path) -> bytes | None:
    """Return the state of the replay whose results a folder holds; None where it holds none.

    Raises:
        InvalidRecord: the folder's store cannot be read.
    """
    if not (folder / STORE).is_file():
        return None
    try:
        with sqlite3.connect(folder / STORE) as store:
            row = store.execute("SELECT value FROM state").fetchone()
    except sqlite3.Error as error:
        raise InvalidRecord(f"{folder / STORE}: cannot be read: {error}") from error
    return bytes(row[0]) if row else None


def make_store(folder: Path) -> None:
    """Make a folder for results, and its store: where that is missing later, it is not where it was.

    Raises:
        InvalidRecord: it cannot be made.
        OSError: nor can the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(folder / STORE)) as store:
            store.executescript(_TABLES)
    except sqlite3.Error as error:
        raise InvalidRecord(f"{folder / STORE}: cannot be made: {error}") from error


class FilesTarget:
    """A folder of events."""

    def __init__(self, folder: Path, settings: Settings, replay_id: str) -> None:
        """Write into a folder: a new one, an empty one, or that of the same replay.

        Raises:
            ConfigurationError: the operator's tables cannot be coded with.
        """
        self.name = f"files:{folder}"
        self._folder, self._settings, self._replay_id = folder, settings, replay_id
        self._tables = checked(settings.lexicon_dir)
        self._rule = SeenRule(days=settings.seen_days, coder=coder_version(self._tables))
        self._stack = ExitStack()
        self._files: dict[str, IO[bytes]] = {}
        self._store: sqlite3.Connection
        self._pool: ComputePool

    async def __aenter__(self) -> Self:
        """Open the files at the end of what counts, and start the processes that compute."""
        (self._folder / "events").mkdir(parents=True, exist_ok=True)
        self._store = sqlite3.connect(self._folder / STORE, isolation_level=None)
        self._stack.callback(self._store.close)
        self._store.executescript(_TABLES)
        sizes = dict(self._store.execute("SELECT file, bytes FROM sizes"))
        for name in FILES:
            file = self._stack.enter_context((self._folder / name).open("ab"))
            _cut(file, sizes.get(name, 0))
            self._files[name] = file
        self._store.execute("BEGIN")
        self._pool = ComputePool(
            processes=self._settings.compute_processes,
            deadline=self._settings.page_deadline,
            memory=self._settings.compute_memory,
            limits=Limits(max_bytes=self._settings.page_max_bytes),
            metrics=Metrics(CollectorRegistry()),
            corrections=self._tables,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything; what was not saved does not count."""
        self._pool.stop()
        self._stack.close()

    async def take(self, pages: Sequence[Past]) -> list[str]:
        """See :meth:`Target.take`; a page that cannot be read is written to ``refused.jsonl``."""
        sizes = {name: file.tell() for name, file in self._files.items()}
        self._store.execute("SAVEPOINT batch")
        try:
            await self._code(pages)
        except BaseException:
            # Stopped in the middle: as if the batch had never come.
            self._store.execute("ROLLBACK TO batch")
            for name, file in self._files.items():
                file.flush()
                _cut(file, sizes[name])
            raise
        finally:
            self._store.execute("RELEASE batch")
        return []

    async def _code(self, pages: Sequence[Past]) -> None:
        items = [_item(page, self._replay_id) for page in pages]
        new: list[Output] = []
        for page, result in zip(pages, await self._pool.run("parse", items), strict=True):
            if isinstance(result, Failed):
                self._refuse(page, "parse", result)
            else:
                new += [output for output in result.outputs if self._is_new(page, output)]
        owner = {output.key: output.site for output in new}
        enriched = await self._stage("enrich", new, owner)
        for event in await self._stage("classify", enriched, owner):
            self._files[f"events/{event.topic.removeprefix('events.')}.jsonl"].write(event.value + b"\n")

    async def _stage(self, stage: str, records: Sequence[Output], owner: dict[str, str]) -> list[Output]:
        items = [Item(record.value, {}, record.topic, 0, 0) for record in records]
        made: list[Output] = []
        for record, result in zip(records, await self._pool.run(stage, items), strict=True):
            if isinstance(result, Done):
                made += result.outputs
            else:
                self._write_refused(
                    {"document_id": record.key, "site": owner.get(record.key, ""), "stage": stage}, result
                )
        return made

    def _is_new(self, page: Past, output: Output) -> bool:
        """Tell whether the pipeline would emit the document now, and remember that it does."""
        key = f"{output.site}|{output.key}".encode("utf-8", "backslashreplace")
        row = self._store.execute("SELECT value FROM seen WHERE key = ?", (key,)).fetchone()
        entry = Entry.from_bytes(row[0]) if row else None
        day = date.min if page.timestamp is None else day_of(page.timestamp / 1000)
        seen = self._rule.is_seen(entry, day, replayed=True)
        renewed = self._rule.renewed(entry, day, emitted=not seen)
        if renewed:
            self._store.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (key, renewed.to_bytes()))
        return not seen

    def _refuse(self, page: Past, stage: str, failed: Failed) -> None:
        self._write_refused({"page": page.where, "origin": page.origin, "stage": stage}, failed)

    def _write_refused(self, what: dict[str, str], failed: Failed) -> None:
        line = what | {"error": failed.error, "message": failed.message}
        self._files[REFUSED].write(encode({k: h.printable(v) for k, v in line.items()}) + b"\n")

    def save(self, state: bytes) -> None:
        """See :meth:`Target.save`: the files first, then the one transaction that makes them count."""
        for name, file in self._files.items():
            file.flush()
            os.fsync(file.fileno())
            self._store.execute("INSERT OR REPLACE INTO sizes VALUES (?, ?)", (name, file.tell()))
        self._store.execute("INSERT OR REPLACE INTO state VALUES (1, ?)", (state,))
        self._store.execute("COMMIT")
        self._store.execute("BEGIN")


def _cut(file: IO[bytes], size: int) -> None:
    file.truncate(size)
    file.seek(size)  # truncating leaves the position where it was, and `tell` with it


def _item(page: Past, replay_id: str) -> Item:
    headers = {name: value or b"" for name, value in page.marked(replay_id)}
    topic, partition, offset = h.place(page.origin.encode()) or ("", 0, 0)
    return Item(page.value, headers, topic, partition, offset)
