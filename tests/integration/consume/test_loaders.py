"""The loaders of examples/consume: the same records give the same rows, whatever happened in between."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from streams.records import encode
from tests.integration.consume.conftest import Stranger
from tests.integration.consume.events import coded, record, records
from tests.integration.harness import ROOT

EXAMPLES = ROOT / "examples" / "consume"
pytestmark = pytest.mark.kafka

COLUMNS = "event_id, event_class, type, cameo, confidence, evidence, headline, coder_version"
Rows = dict[str, tuple[Any, ...]]


def as_stored(event: Any) -> tuple[Any, ...]:
    """An event as a row must be: NUL is the one character that PostgreSQL has no place for."""
    values = [getattr(event, name) for name in COLUMNS.split(", ")]
    return tuple(v.replace("\0", "") if isinstance(v, str) else v for v in values)


class Postgresql:
    """The loader of PostgreSQL, and what it stored."""

    def __init__(self, stranger: Stranger) -> None:
        self.stranger = stranger
        stranger.run("psql", "-q", "-f", EXAMPLES / "postgresql.sql")

    def load(self, group: str = "loader") -> str:
        return self.stranger.run(
            "python", EXAMPLES / "to_postgresql.py", "--once", "--group", self._own(group)
        ).stderr

    def _own(self, group: str) -> str:
        return f"{self.stranger.settings.topic_prefix}{group}"

    def rows(self) -> Rows:
        names = COLUMNS.replace("confidence", "confidence::float4::float8")
        query = f"SELECT coalesce(json_agg(json_build_array({names})), '[]') FROM dateline_events"  # noqa: S608  (ours)
        found = self.stranger.sql(query)
        return {row[0]: (*row[:4], round(row[4], 4), *row[5:]) for row in orjson.loads(found)}


class Kcat(Postgresql):
    """kcat and psql, as docs/consume.md joins them."""

    def load(self, group: str = "loader") -> str:
        given = self.stranger.environment
        names = [self.stranger.settings.topic(f"events.{c}") for c in ("diplomacy", "military", "trade")]
        earliest = ("-X", "auto.offset.reset=earliest")
        command = (
            "kcat",
            "-q",
            "-b",
            given["DATELINE_BROKERS"],
            "-J",
            "-e",
            *earliest,
            "-G",
            self._own(group),
            *names,
        )
        lines = self.stranger.folder / "kcat.jsonl"
        lines.write_text(self.stranger.run(*command).stdout)
        script = f"psql -q -f {EXAMPLES}/kcat_to_postgresql.sql < {lines}"
        return self.stranger.run("bash", "-ec", script).stdout


class Duckdb:
    """The loader of DuckDB, and what it stored."""

    def __init__(self, stranger: Stranger) -> None:
        self.stranger = stranger
        self.file = stranger.folder / "events.duckdb"

    def load(self, group: str = "loader") -> str:
        group = f"{self.stranger.settings.topic_prefix}{group}"
        return self.stranger.run(
            "python", EXAMPLES / "to_duckdb.py", self.file, "--once", "--group", group
        ).stderr

    def rows(self) -> Rows:
        with duckdb.connect(str(self.file), read_only=True) as database:
            found = database.execute(f"SELECT {COLUMNS} FROM dateline_events").fetchall()  # noqa: S608  (ours)
        return {row[0]: tuple(v.replace("\0", "") if isinstance(v, str) else v for v in row) for row in found}


@pytest.fixture(params=[Postgresql, Kcat, Duckdb], ids=lambda loader: loader.__name__)
def loader(request: pytest.FixtureRequest, stranger: Stranger) -> Postgresql | Duckdb:
    make: Callable[[Stranger], Postgresql | Duckdb] = request.param
    return make(stranger)


async def test_the_same_records_again_give_the_same_rows(
    loader: Postgresql | Duckdb, stranger: Stranger
) -> None:
    every = {event.event_id: as_stored(event) for event in coded()}
    await stranger.send(*records())
    loader.load()
    assert loader.rows() == every

    # A crash after the rows and before the offsets; a replay; a reader that begins anew.
    await stranger.send(*records()[::-1], *records())
    loader.load()
    assert loader.rows() == every
    loader.load("another")
    assert loader.rows() == every

    # Another coder, which codes one event alike but for its confidence; a withdrawal; what is no event.
    first, second, third = coded()[:3]
    again = dataclasses.replace(first, confidence=0.0123, coder_version="9.9.9")
    topic, key, _ = record(second)
    odd: list[tuple[str, str, bytes | None]] = []
    if not isinstance(loader, Kcat):  # it is SQL alone, and stops at what is no event
        odd = [
            ("events.trade", "no-event", b"{}"),
            ("events.trade", "no-json", b"\xff"),
            ("events.trade", "x", b"3"),
        ]
    withdrawn = (topic, key, None)
    await stranger.send(*odd, record(again), withdrawn, record(third), (topic, "never-seen", None))
    said = loader.load()
    assert said.count("skipped") == len(odd)
    expected = every | {first.event_id: as_stored(again)}
    del expected[second.event_id]
    assert loader.rows() == expected

    # It may come back.
    await stranger.send((topic, key, encode(second)), withdrawn, (topic, key, encode(second)))
    loader.load()
    assert loader.rows() == expected | {second.event_id: as_stored(second)}


def _paths(schema: dict[str, Any], at: dict[str, Any], before: str = "") -> set[str]:
    """Every path of a JSON Schema, list items as their list."""
    found: set[str] = set()
    for way in [at, *at.get("anyOf", []), *([at["items"]] if isinstance(at.get("items"), dict) else [])]:
        inner = schema["$defs"][way["$ref"].rsplit("/", 1)[1]] if "$ref" in way else way
        if inner is not at and ("anyOf" in inner or "items" in inner or "$ref" in way):
            found |= _paths(schema, inner, before)
        for name, value in inner.get("properties", {}).items():
            found |= {f"{before}{name}"} | _paths(schema, value, f"{before}{name}.")
    return found


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("postgresql.sql", r"\be (?:->>?|#>>) '\{?([\w,]+)\}?'"),
        ("duckdb_apply.sql", r"value ->> '\$\.([\w.\[\]*]+)'"),
    ],
)
def test_every_path_in_the_sql_is_in_the_schema(name: str, form: str) -> None:
    schema = orjson.loads((ROOT / "schemas" / "events" / "v1.json").read_bytes())
    used = {
        path.replace(",", ".").replace("[*]", "") for path in re.findall(form, (EXAMPLES / name).read_text())
    }
    assert len(used) > 20
    assert used - _paths(schema, schema) == set()


def test_both_databases_have_the_same_columns() -> None:
    def columns(path: Path) -> list[str]:
        table = path.read_text().partition("dateline_events (")[2].partition(");")[0]
        return re.findall(r"^ {4}(\w+)", table, re.MULTILINE)

    assert columns(EXAMPLES / "postgresql.sql") == columns(EXAMPLES / "duckdb.sql")
    assert len(columns(EXAMPLES / "duckdb.sql")) == 25


@pytest.mark.parametrize("database", ["postgresql", "duckdb"])
async def test_a_crash_between_rows_and_offsets_repeats_records_and_changes_no_row(
    database: str, stranger: Stranger
) -> None:
    loader = Postgresql(stranger) if database == "postgresql" else Duckdb(stranger)
    await stranger.send(*records())
    arguments = [stranger.folder / "events.duckdb"] if database == "duckdb" else []
    group = f"{stranger.settings.topic_prefix}loader"
    # The loader dies on its first commit of offsets, as kill -9 would have it. Its session is short: for
    # as long as that the broker keeps the partitions for the dead.
    module, name, options = {
        "postgresql": ("confluent_kafka", "Consumer", "{**a[0], 'session.timeout.ms': 6000}"),
        "duckdb": ("kafka", "KafkaConsumer", "*a, **b, session_timeout_ms=6000"),
    }[database]
    crash = (
        f"import os, runpy, sys, {module} as module\n"
        f"class Dying(module.{name}):\n"
        f"    def __init__(self, *a, **b): super().__init__({options})\n"
        f"    def commit(self, *a, **b): os._exit(9)\n"
        f"module.{name} = Dying; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    script = EXAMPLES / f"to_{database}.py"
    died = stranger.run("python", "-c", crash, script, *arguments, "--once", "--group", group, check=False)
    assert died.returncode == 9, died.stderr
    every = {event.event_id: as_stored(event) for event in coded()}
    assert loader.rows() == every
    said = loader.load()
    assert f"{len(every)} records" in said
    assert loader.rows() == every
