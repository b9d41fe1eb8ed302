"""``dateline replay``."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import fcntl
import signal
import sqlite3
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from aiokafka.errors import KafkaError
from click.core import ParameterSource

from streams import settings as settings_module
from streams.archive.record import Archived
from streams.broker import topics
from streams.broker.progress import STAGE_TOPICS
from streams.classify import coder_version
from streams.cli import pages
from streams.cli.dead_letters import Moment
from streams.cli.replay_words import print_history, print_plan, progress, reading
from streams.corrections import read
from streams.errors import DatelineError, InvalidRecord
from streams.records import Replay, encode
from streams.replay import audit
from streams.replay.pace import Limits, Pace
from streams.replay.past import Past, Selection
from streams.replay.plan import Plan, make_plan
from streams.replay.request import (
    LIVE,
    Where,
    anywhere,
    check_apart,
    ends_of,
    open_source,
    open_target,
    pages_of_events,
    uses_kafka,
)
from streams.replay.results import STORE, make_store, saved_state
from streams.replay.run import Job, State
from streams.replay.targets import write_whole
from streams.settings import Settings

#: Records that the live pipeline may have waiting when a replay goes into it.
MAX_LAG = 2_000
_PACE = ("rate", "share", "max_lag")
_RECORD = "replay.json"


class Offsets(click.ParamType):
    """``PARTITION:FROM-TO``, the last included."""

    name = "offsets"

    def convert(
        self, value: str | tuple[int, int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int, int]:
        if isinstance(value, tuple):
            return value
        partition, _, span = value.partition(":")
        first, _, last = span.partition("-")
        if not (partition.isdecimal() and first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
            self.fail(f"{value!r} is not PARTITION:FROM-TO, such as 3:100-199", param, ctx)
        return int(partition), int(first), int(last) + 1


@click.command("replay", short_help="Pages of the past through today's coder; planned first")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--to", "target", metavar="TARGET", help="live, shadow:PREFIX or files:FOLDER.")
@click.option("--since", type=Moment(), help="Pages received from this time on.")
@click.option("--until", type=Moment(), help="Pages received before this time.")
@click.option("--site", "sites", multiple=True, help="Only pages of this site; may be repeated.")
@click.option(
    "--partition", "partitions", type=click.IntRange(0), multiple=True, help="Only of this partition."
)
@click.option("--offsets", type=Offsets(), multiple=True, metavar="P:FROM-TO", help="Only these offsets.")
@click.option("--event", "events", multiple=True, help="Only the pages that this event came from.")
@click.option("--copies", is_flag=True, help="Also pages that an earlier replay sent.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="At most so many pages a second.")
@click.option(
    "--share",
    type=click.FloatRange(0, min_open=True),
    help="At most this share of the live rate; a page a second at least.",
)
@click.option(
    "--max-lag",
    type=click.IntRange(1),
    help=f"Pause while live has more records waiting; {MAX_LAG:,} where the target is live.",
)
@click.option("--reason", default="", help="Why; it is kept with the record of the replay.")
@click.option("--yes", is_flag=True, help="Do it; without, only print the plan.")
@click.option("--anew", is_flag=True, help="Begin again what an unfinished replay began.")
@click.option(
    "--resume", metavar="ID", help="Go on with an unfinished replay, at its pace or another that is given."
)
@click.option("--list", "history", is_flag=True, help="What replays there were, and how they ended.")
@click.option("--json", "as_json", is_flag=True, help="The plan, or the list, as JSON Lines.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Send pages of the past through today's coder. Without --yes it only says what it would do.

    SOURCE is kafka: (pages.raw of the settings' prefix, kafka:PREFIX of another), dead-letters:, an
    archive of pages (`dateline archive`), or files and folders as `dateline ingest` reads them.

    TARGET is live (the pipeline of the settings; what is sent bears the header dateline_replay),
    shadow:PREFIX (topics of that prefix, which workers of your own read), or files:FOLDER (events as
    files, no Kafka needed). Documents that this coder version has emitted are not emitted again.

    \b
    Example:
      dateline replay pages/ --since 2026-02-01 --until 2026-03-01 --to files:february/ --yes
      dateline replay kafka: --site press.example --to live --rate 20 --reason "lexicon 14" --yes
      dateline replay --resume r-20260304-080000-3f1c
    """
    settings = settings_module.load()
    if options["history"]:
        print_history(asyncio.run(_history(settings)), as_json=options["as_json"])
        return
    if options["resume"]:
        given = {name for name in options if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE}
        if given - {"resume", "yes", *_PACE}:
            raise click.UsageError(
                "--resume goes on with what the replay began with; only --rate, --share and --max-lag may be "
                "given anew"
            )
        _resume(
            settings, ctx, options["resume"], {name: options[name] for name in _PACE if given & set(_PACE)}
        )
        return
    if not options["sources"] or not options["target"]:
        raise click.UsageError("a source and --to TARGET are needed; see dateline replay --help")
    request = _Request(settings, options)
    _check_unfinished(settings, request, anew=options["anew"])
    remarks = check_apart(request.sources, request.where, settings)
    asyncio.run(request.find_events())
    source = open_source(request.sources, settings, _read_files, None)
    plan = asyncio.run(_plan(source, request, settings))
    plan.remarks += remarks
    print_plan(plan, request.where, settings, request.limits, as_json=options["as_json"])
    if not options["yes"]:
        click.echo("nothing was sent; --yes replays", err=True)
        return
    state = State(
        replay_id=f"r-{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}",
        arguments=request.arguments(),
        coder_version=_coder(settings),
        ends=ends_of(source),
        position=plan.start,
        planned=plan.pages,
    )
    _run(settings, request, source, state, resumed=False)


def _coder(settings: Settings) -> str:
    return coder_version(read(settings.lexicon_dir))


class _Request:
    """The options, understood."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._options, self._settings = options, settings
        self.sources: tuple[str, ...] = options["sources"]
        self.where = Where(given=options["target"])
        if self.where.pipeline(settings) is None and self.where.folder is None:
            raise click.BadParameter(f"{self.where.given!r} is not live, shadow:PREFIX or files:FOLDER")
        if options["since"] and options["until"] and options["until"] <= options["since"]:
            raise click.UsageError("--until must be later than --since")
        self.selection = Selection(
            since=options["since"],
            until=options["until"],
            sites=frozenset(options["sites"]),
            partitions=frozenset(options["partitions"]),
            offsets={p: (first, end) for p, first, end in options["offsets"]},
            copies=options["copies"],
        )
        lag = options["max_lag"] or (MAX_LAG if self.where.given == LIVE else None)
        self.limits = Limits(rate=options["rate"], share=options["share"], max_lag=lag)
        self.reason: str = options["reason"]

    async def find_events(self) -> None:
        """Replace events by the pages they came from."""
        if self._options["events"]:
            found = await pages_of_events(self._settings, self._options["events"])
            self.selection = dataclasses.replace(self.selection, pages=found)

    def arguments(self) -> list[str]:
        """Return the options as they could be given again, in any working directory."""
        said: list[str] = [*map(anywhere, self.sources), "--to", self.where.anywhere]
        for name, option in (("sites", "site"), ("partitions", "partition"), ("events", "event")):
            for value in self._options[name]:
                said += [f"--{option}", str(value)]
        for partition, first, end in self._options["offsets"]:
            said += ["--offsets", f"{partition}:{first}-{end - 1}"]
        for name in ("since", "until"):
            if self._options[name]:
                said += [f"--{name}", self._options[name].isoformat()]
        for name in ("rate", "share", "max_lag", "reason"):
            if self._options[name]:
                said += [f"--{name.replace('_', '-')}", str(self._options[name])]
        return [*said, *(["--copies"] if self._options["copies"] else [])]


def _read_files(given: Sequence[str]) -> Callable[[], Iterator[Past]]:
    paths = tuple(given)
    pages.files(paths)  # says at once what is not there

    def read() -> Iterator[Past]:
        for source in pages.read_all(paths):
            record = Archived(
                topic="", partition=0, offset=0, timestamp=0, key=source.key, headers=source.headers,
                value=source.value,
            )  # fmt: skip
            yield dataclasses.replace(Past.of(record, source.where), origin="", timestamp=None)

    return read


async def _plan(source: Any, request: _Request, settings: Settings) -> Plan:
    with reading(source.name) as heard:
        return await make_plan(source, request.selection, settings, heard)


async def _history(settings: Settings) -> list[Replay]:
    return [record async for record in audit.told(settings)]


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "replays"


def _check_unfinished(settings: Settings, request: _Request, *, anew: bool) -> None:
    for path in () if anew else sorted(_folder(settings).glob("r-*.json")):
        with contextlib.suppress(InvalidRecord):
            state = _load(settings, path.stem)
            if not state.done and state.arguments == request.arguments():
                raise click.ClickException(
                    f"{state.replay_id} began this and is unfinished ({state.sent:,} of {state.planned:,}). "
                    f"Go on with: dateline replay --resume {state.replay_id}, or --anew"
                )


def _load(settings: Settings, replay_id: str) -> State:
    path = _folder(settings) / f"{replay_id}.json"
    try:
        state = msgspec.json.decode(path.read_bytes(), type=State)
        folder = Where(given=state.arguments[state.arguments.index("--to") + 1]).folder
        if folder and not state.done and not (folder / STORE).is_file():
            raise InvalidRecord(
                f"{folder / STORE}, which says how far {replay_id} is, is not there: put the folder back, or "
                "begin anew without --resume"
            )
        further = saved_state(folder) if folder else None
        return msgspec.json.decode(further, type=State) if further else state
    except FileNotFoundError:
        raise InvalidRecord(f"no replay {replay_id} was begun here: {path} is not there") from None
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise InvalidRecord(f"{path}: cannot be read: {error}") from error


def _resume(settings: Settings, ctx: click.Context, replay_id: str, pace: dict[str, Any]) -> None:
    state = _load(settings, replay_id)
    if state.done:
        raise click.ClickException(f"{replay_id} is finished: {state.sent:,} pages were sent")
    options = ctx.command.make_context("replay", list(state.arguments)).params | pace
    request = _Request(settings, options)
    if request.where.folder and state.coder_version != _coder(settings):
        raise click.ClickException(
            f"{replay_id} was begun with coder {state.coder_version}, this is {_coder(settings)}: begin it "
            "anew in another folder"
        )
    asyncio.run(request.find_events())
    source = open_source(request.sources, settings, _read_files, state.ends)
    if request.where.folder is None:
        asyncio.run(source.open(request.selection))
    _run(settings, request, source, state, resumed=True)


def _run(settings: Settings, request: _Request, source: Any, state: State, *, resumed: bool) -> None:
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{state.replay_id}.json"
    with path.with_suffix(".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(f"{state.replay_id} is running already") from None
        if not path.exists():
            if request.where.folder is not None:
                make_store(request.where.folder)
            write_whole(path, state.to_bytes())
        try:
            ended, refused = asyncio.run(_replay(settings, request, source, state, resumed=resumed))
        except (KeyboardInterrupt, asyncio.CancelledError):
            click.echo(f"stopped; go on with: dateline replay --resume {state.replay_id}", err=True)
            sys.exit(130)
        except (DatelineError, KafkaError, OSError, sqlite3.Error) as error:
            raise click.ClickException(
                f"{error}\nwhat came before it was sent; when that is mended, go on with: "
                f"dateline replay --resume {state.replay_id}"
            ) from error
        write_whole(path, ended.to_bytes())
    click.echo(f"{state.replay_id}: {ended.sent - refused:,} pages sent to {request.where.given}", err=True)
    if request.where.folder is not None:
        click.echo(f"compare: dateline diff BEFORE {request.where.folder}/events", err=True)
    sys.exit(1 if refused else 0)


async def _replay(
    settings: Settings, request: _Request, source: Any, state: State, *, resumed: bool
) -> tuple[State, int]:
    refused = 0

    def refuse(why: str) -> None:
        nonlocal refused
        refused += 1
        click.echo(f"dateline: {why}; not sent", err=True)

    async def tell(record: Replay) -> None:
        if request.where.folder is not None:
            write_whole(request.where.folder / _RECORD, encode(record) + b"\n")
        if uses_kafka(request.sources, request.where):
            await audit.tell(settings, record)

    if request.where.given == LIVE or request.limits.watch:
        await topics.require(settings, *STAGE_TOPICS)
    task = asyncio.current_task()
    assert task is not None
    stop = asyncio.Event()

    def end() -> None:
        stop.set()
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    with progress(state.planned, state.sent) as heard:
        job = Job(
            state=state,
            source=source,
            target=open_target(
                request.where, settings, state.replay_id, _folder(settings) / f"{state.replay_id}.json"
            ),
            selection=request.selection,
            pace=Pace(request.limits, settings, into_live=request.where.given == LIVE, stop=stop),
            who=audit.who(),
            reason=request.reason,
            coder_version=_coder(settings),
            resumed=resumed,
            tell=tell,
            heard=heard,
            refused=refuse,
        )
        return await job.run(), refused
