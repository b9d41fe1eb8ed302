"""Every command block of the documentation is run, on a broker with a worker and pages of its own.

What needs a container engine or a cluster is held to what can be known without: Helm renders what
`helm` is told, make's targets exist (test_readme.py), Compose has its own tests.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import itertools
import json
import os
import re
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams import samples
from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import wait_for_broker
from streams.broker.embedded import EmbeddedBroker
from streams.parse import Page
from streams.settings import Settings, as_environment
from tests.integration.harness import Cluster, Expected, WorkerProcess, page

ROOT = Path(__file__).resolve().parents[2]
#: Pages whose blocks another test runs, one after the other: databases stand behind them.
OWN_TESTS = {"docs/consume.md": "tests/integration/consume/test_page.py"}
PAGES = [
    path
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    if str(path.relative_to(ROOT)) not in OWN_TESTS
]
#: First words of commands that are not run here, each held elsewhere or not at all.
ELSEWHERE = {"make", "docker", "kubectl", ".venv/bin/python"}
#: Commands that go on until they are ended.
ENDLESS = {"worker", "tail", "live"}
#: Folders of pages that commands name; beside them are page.html, dump.txt and crawl.jsonl.gz.
FOLDERS = ("folder", "pages")
#: An operator's tables: none.
TABLES = "tables"
LOOK_S = 120.0
_VARIABLE = re.compile(r"[A-Z_]+=")


@dataclass(frozen=True)
class Command:
    """One command of a page, on one line."""

    page: Path
    text: str

    @property
    def words(self) -> list[str]:
        """The program and its arguments, without the variables that are set for it."""
        return list(itertools.dropwhile(_VARIABLE.match, shlex.split(self.text)))

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.text[:60]}"


def commands_of(path: Path, text: str) -> Iterator[Command]:
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            code = re.sub(r"\s+#\s.*$", "", line).strip()
            if code and not code.startswith("#"):
                yield Command(path, code)


def _once(commands: Iterable[Command]) -> list[Command]:
    """Each command once, however many pages have it."""
    return list({command.text: command for command in reversed(list(commands))}.values())[::-1]


COMMANDS = _once(command for path in PAGES for command in commands_of(path, path.read_text("utf-8")))
OURS = [c for c in COMMANDS if re.search(r"(?:^|[|;&]\s*)(?:[A-Z_]+=\S* )*dateline ", c.text)]
HELM = [c for c in COMMANDS if c.words[0] == "helm"]
EXPORTS = [c for c in COMMANDS if c.words[0] == "export"]


@dataclass(frozen=True)
class World:
    """A broker, a worker that has worked, files with the names that the pages use."""

    folder: Path
    environment: dict[str, str]
    worker: WorkerProcess

    def start(self, command: Command) -> subprocess.Popen[str]:
        """Start a command as a person would, with the worker's address as it is here, and this month."""
        text = command.text.replace("http://127.0.0.1:6066", self.worker.web)
        text = re.sub(r"--until \S+", "--until 2100-01-01", text)
        return subprocess.Popen(
            ["bash", "-o", "pipefail", "-c", text], cwd=self.folder, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def first_line(self, process: subprocess.Popen[str]) -> str:
        """Send pages until the process prints a line: it may have begun to listen after the first ones."""
        assert process.stdout is not None
        for number in range(60):
            assert self.worker.process
            assert self.worker.process.poll() is None, self.worker.log.read_text()[-3000:]
            text = f"Norway imposes tariffs on Chile, report {number}."
            story = page("tail.example", f"t{number}", text=text)
            subprocess.run(
                [self.folder / "bin" / "dateline", "ingest", "--url", story.url, "-"],
                input=story.body, env=self.environment, check=True, capture_output=True,
            )  # fmt: skip
            if select.select([process.stdout], [], [], 1.0)[0]:
                return process.stdout.readline()
        return ""


def _programs(folder: Path, given: Path) -> None:
    """Put `dateline`, and a `curl` that gives a page, on the path."""
    folder.mkdir()
    for name, line in (("dateline", f"{sys.executable} -m streams"), ("curl", f"cat {given} #")):
        (folder / name).write_text(f'#!/bin/sh\nexec {line} "$@"\n')
        (folder / name).chmod(0o755)


async def _work_on(settings: Settings, past: Page) -> None:
    """Have a page processed whose event can be asked for."""
    cluster = Cluster(settings)
    await cluster.send([past])
    await cluster.finished()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("docs")
    for name in ("broker", TABLES, *FOLDERS):
        (folder / name).mkdir()
    one = samples.load()[0]
    (folder / "page.html").write_bytes(one.body)
    for name in FOLDERS:
        (folder / name / "page.html").write_bytes(one.body)
    (folder / "dump.txt").write_text("Norway and Chile sign an agreement\n\nThe ministers met on Tuesday.\n")
    with gzip.open(folder / "crawl.jsonl.gz", "wt") as lines:
        lines.write(json.dumps({"url": one.url, "html": one.body.decode()}) + "\n")
    _programs(folder / "bin", folder / "page.html")
    broker = EmbeddedBroker(folder / "broker")
    settings = settings_module.load(
        brokers=broker.address, data_dir=folder / "data", web_port=0, live_port=0, compute_processes=1
    )
    worker = WorkerProcess(settings, folder / "worker.log")
    past = page("past.example", "past", text="Norway imposes tariffs on Chile, ministers said on Tuesday.")
    environment = os.environ | as_environment(settings) | {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "EVENT": next(iter(Expected.of([past]).events)),
    }  # fmt: skip
    try:
        asyncio.run(wait_for_broker(settings))
        asyncio.run(topics.create(settings))
        asyncio.run(worker.start_ready())
        asyncio.run(_work_on(settings, past))
        yield World(folder, environment, worker)
    finally:
        worker.stop()
        broker.stop()


def is_endless(command: Command) -> bool:
    return bool(set(command.words[1:2]) & ENDLESS) and "--limit" not in command.words


@pytest.mark.parametrize("command", [c for c in OURS if not is_endless(c)], ids=str)
def test_a_command_does_its_work(command: Command, world: World) -> None:
    process = world.start(command)
    out, err = process.communicate(timeout=LOOK_S)
    assert process.returncode == 0, f"{command.text}\n{out}\n{err}"


@pytest.mark.parametrize("command", [c for c in OURS if is_endless(c)], ids=str)
def test_a_command_that_goes_on_starts_and_ends_cleanly(command: Command, world: World) -> None:
    if command.words[1] == "worker" and "DATELINE_GROUP=" not in command.text:
        # A group of its own: the embedded broker would keep partitions for it after its end.
        command = Command(command.page, f"DATELINE_GROUP=docs {command.text}")
    process = world.start(command)
    try:
        said = _ready(process) if "worker" in command.words else world.first_line(process)
        ended = process.poll()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=LOOK_S)
    assert said, f"it ended: {ended}\n{err}"
    assert process.returncode in {0, 130, -signal.SIGINT}


def _ready(worker: subprocess.Popen[str]) -> str:
    assert worker.stderr is not None
    return next((line for line in worker.stderr if "worker ready" in line), "")


@pytest.mark.parametrize("command", EXPORTS, ids=str)
def test_every_variable_exists(command: Command) -> None:
    names = {word.partition("=")[0] for word in command.words[1:]}
    assert names - {"PATH", *(f"DATELINE_{name.upper()}" for name in Settings.model_fields)} == set()


@pytest.mark.parametrize("command", HELM, ids=str)
def test_helm_renders_what_it_is_told(command: Command) -> None:
    helm: Any = (
        __import__("helm_python")
        if os.environ.get("DATELINE_REQUIRE_DEPLOY") == "1"
        else pytest.importorskip("helm_python", reason="needs `make setup-deploy`")
    )
    words = command.words
    given = {flag: words[place + 1] for place, flag in enumerate(words) if flag in {"--values", "--set"}}
    (chart,) = (word for word in words if word.endswith("/dateline") and (ROOT / word).is_dir())
    values: dict[str, Any] = yaml.safe_load((ROOT / given["--values"]).read_text())
    _merge(values, helm.parse_set_string(given["--set"]))
    with helm.Chart.load(str(ROOT / chart)) as loaded:
        loaded.validate_schema(values)
        assert len(loaded.render(values, name="news", namespace="news")) > 3


def _merge(values: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(values.get(name), dict):
            _merge(values[name], value)
        else:
            values[name] = value


def test_every_command_is_run_or_held_elsewhere() -> None:
    left = [c for c in COMMANDS if c not in OURS and c not in HELM and c not in EXPORTS]
    assert [str(c) for c in left if c.words[0] not in ELSEWHERE] == []
    assert len(OURS) > 15


@pytest.mark.parametrize("page", OWN_TESTS)
def test_the_tests_of_a_page_elsewhere_name_it(page: str) -> None:
    assert Path(page).name in (ROOT / OWN_TESTS[page]).read_text("utf-8")
    assert (ROOT / page).exists()


def test_a_command_that_fails_is_found(world: World) -> None:
    text = "```sh\ndateline dead-letters list --stag parse   # a typo\n```\n"
    (bad,) = commands_of(ROOT / "README.md", text)
    process = world.start(bad)
    process.communicate(timeout=LOOK_S)
    assert process.returncode == 2
