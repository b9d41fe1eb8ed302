"""``dateline actors``."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streams import settings as settings_module
from streams.actors import Entry, Learned, offices, together
from streams.broker.client import wait_for_broker
from streams.broker.event_log import standing
from streams.cli.actors_file import Actor, ActorsFile, names_of, read_seed, shipped
from streams.cli.output import write_record
from streams.enrich.tokens import key_of
from streams.errors import InvalidRecord
from streams.headers import one_line
from streams.settings import Settings

_WIDE = 200
_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON Lines.")


@click.group("actors", short_help="Persons: what the stream teaches, and your own table of them")
def command() -> None:
    """Persons: what the stream teaches, and your own table of them, leaders.tsv in DATELINE_LEXICON_DIR.

    Workers note who is named with a state and an office, in how many documents, from when to when. That
    codes nothing by itself: what you take into your table does, once workers have taken the table.

    \b
    Example:
      dateline actors list --new --least 5
      dateline actors set "Maia Sandu" --country MDA --role GOV --office president --from 2020
      dateline actors list --new --least 20 --json | dateline actors seed -
    """


@command.command("list")
@click.option("--new", is_flag=True, help="Only persons that no table knows.")
@click.option("--changed", is_flag=True, help="Only persons with more than one country or role.")
@click.option("--least", type=click.IntRange(1), default=1, help="Only those of at least so many documents.")
@click.option("--country", help="Only those of this state or body, as its code.")
@_JSON
def list_command(*, new: bool, changed: bool, least: int, country: str | None, as_json: bool) -> None:
    """List what the stream says of persons: of each the latest office first.

    \b
    Example:
      dateline actors list --changed
    """
    settings = settings_module.load()
    known = _Known(settings)
    learned = asyncio.run(_learned(settings))
    found = [
        one
        for group in offices(learned)
        if not changed or len(group) > 1
        for one in group
        if one.documents >= least and country in (None, one.country) and not (new and known.where(one.name))
    ]
    _print(found, known, as_json=as_json)
    click.echo(f"{len(found)} of {len(learned)}", err=True)


@command.command("show")
@click.argument("name")
@_JSON
def show(name: str, *, as_json: bool) -> None:
    """Show what the stream and the tables say of a person; NAME is a full name or a surname.

    \b
    Example:
      dateline actors show Lukashenko
    """
    settings = settings_module.load()
    known = _Known(settings)
    key = key_of(name)
    learned = [one for one in asyncio.run(_learned(settings)) if f" {key_of(one.name)}".endswith(f" {key}")]
    tables = [(where, actor) for where, actor in known.actors if actor.knows(name)]
    if not learned and not tables:
        raise click.ClickException(f"neither the stream nor a table knows {name}")
    _print(learned, known, as_json=as_json)
    for where, actor in tables:
        if as_json:
            write_record({"table": where} | dataclasses.asdict(actor))
        else:
            click.echo(one_line(f"{where}: {actor.to_line()}".replace("\t", "  ")))


@command.command("set")
@click.argument("name")
@click.option("--country", help="ISO 3166-1 alpha-3 code or EUU, NAT, UNO, IGO; else as the stream says.")
@click.option("--role", help="PLOVER sector, such as GOV, MIL or OPP; else as the stream says.")
@click.option("--office", default="", help="In words, for people.")
@click.option("--from", "since", default="", help="First year in office; unless given, this year.")
@click.option("--to", "until", default="", help="Last year in office.")
@click.option("--alone", is_flag=True, help="The surname by itself means this person, also without a title.")
def set_command(
    name: str, country: str | None, role: str | None, office: str, since: str, until: str, *, alone: bool
) -> None:
    """Put a person into your table, in place of what it says of one of this name.

    Out of office the country stays with the person, the role goes. One of the shipped table is corrected so.

    \b
    Example:
      dateline actors set "Alexander Lukashenko"
      dateline actors set "Ann Example" --country USA --role GOV --from 2021 --to 2024
    """
    settings = settings_module.load()
    file = ActorsFile(settings.lexicon_dir)
    if country is None:
        told = [one for one in asyncio.run(_learned(settings)) if key_of(one.name) == key_of(name)]
        if not told:
            raise click.UsageError(f"the stream says nothing of {name}: give --country and --role")
        country, role, since = told[0].country, role or told[0].role, since or told[0].first[:4]
    names = names_of(name, alone=alone)
    file.put(Actor(names=names, country=country, role=role or "", office=office, since=since, until=until))
    file.write()
    click.echo(f"{file.path}: {len(file.actors)} persons", err=True)


@command.command("forget")
@click.argument("name")
def forget(name: str) -> None:
    """Take a person out of your table; one of the shipped table is not used any more.

    \b
    Example:
      dateline actors forget "Ann Example"
    """
    file = ActorsFile(settings_module.load().lexicon_dir)
    if not file.forget(name):
        raise click.ClickException(f"no table knows {name}")
    file.write()
    click.echo(
        f"{file.path}: {len(file.actors)} persons, {len(file.removed)} shipped names not used", err=True
    )


@command.command("seed")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
def seed(source: Path) -> None:
    """Put many persons into your table.

    SOURCE is a table with the columns of leaders.tsv, or lines as `list --json` prints; - is standard input.

    \b
    Example:
      dateline actors list --new --least 20 --json | dateline actors seed -
    """
    file = ActorsFile(settings_module.load().lexicon_dir)
    text = sys.stdin.read() if str(source) == "-" else source.read_text("utf-8-sig")
    count = 0
    for actor in _lines(source, text) if text.lstrip().startswith("{") else read_seed(source, text):
        file.put(actor)
        count += 1
    file.write()
    click.echo(f"{file.path}: {count} persons taken, {len(file.actors)} in all", err=True)


class _Line(msgspec.Struct):
    name: str
    country: str
    role: str = ""
    office: str = ""
    first: str = ""


def _lines(source: Path, text: str) -> list[Actor]:
    found: dict[str, Actor] = {}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            one = msgspec.json.decode(line, type=_Line)
        except msgspec.DecodeError as error:
            raise InvalidRecord(f"{source}:{number}: {error}") from error
        # The latest office of a person comes first.
        found.setdefault(
            key_of(one.name),
            Actor(
                names=names_of(one.name, alone=False), country=one.country, role=one.role,
                office=one.office, since=one.first[:4],
            ),
        )  # fmt: skip
    return list(found.values())


class _Known:
    """The persons of the tables: the operator's, then the shipped ones."""

    def __init__(self, settings: Settings) -> None:
        own = ActorsFile(settings.lexicon_dir).actors if settings.lexicon_dir else []
        self.actors = [("own", actor) for actor in own] + [("shipped", actor) for actor in shipped()]
        self._where: dict[str, str] = {}
        for where, actor in self.actors:
            self._where.setdefault(key_of(actor.name), where)

    def where(self, name: str) -> str:
        """Return which table knows a name; empty where none does."""
        return self._where.get(key_of(name), "")


async def _learned(settings: Settings) -> list[Learned]:
    await wait_for_broker(settings)
    entries: dict[tuple[int, bytes], Entry] = {}
    async for record in standing(settings, "actors"):
        place = record.partition, record.key or b""
        entry = Entry.from_bytes(record.value) if record.value else None
        if entry is None:
            entries.pop(place, None)
        else:
            entries[place] = entry
    return together(entries.values())


def _print(found: list[Learned], known: _Known, *, as_json: bool) -> None:
    if as_json:
        for one in found:
            write_record(dataclasses.asdict(one) | {"table": known.where(one.name) or None})
        return
    if not found:
        return
    table = Table(box=None, pad_edge=False)
    for name in ("name", "country", "role", "documents", "first", "last", "in table"):
        table.add_column(name)
    for one in found:
        cells = (one.name, one.country, one.role, f"{one.documents:,}", one.first, one.last)
        table.add_row(*(Text(one_line(cell)) for cell in cells), known.where(one.name) or "–")
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)
