"""``dateline up`` as it is used: a real process, its output, its exit status, and what it leaves."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from streams.cli import pages
from streams.records import Event, decode
from tests.integration.commands import Start, starting
from tests.integration.harness import Expected, page, until

KAFKA_PORT, WEB_PORT = 9092, 6066
NEW = re.compile(r"\((\d+) new, (\d+) seen before\)")


@pytest.fixture
def dateline(tmp_path: Path) -> Iterator[Start]:
    """Starts commands that end with the test."""
    with starting(tmp_path) as start:
        yield start


@pytest.fixture
def two_pages(tmp_path: Path) -> list[Path]:
    teasers = [
        ("China raises duties on imports from Canada", "The new tariff of 20 percent takes effect in May")
    ]
    folder = tmp_path / "pages"
    folder.mkdir()
    files = [folder / f"{name}.html" for name in ("one", "two")]
    for file in files:
        file.write_bytes(page("site.example", file.stem, teasers=teasers).body)
    return files


@pytest.fixture
def taken_ports() -> Iterator[None]:
    """The usual ports belong to somebody: to us, or to whoever listens there already."""
    with contextlib.ExitStack() as held:
        for port in (KAFKA_PORT, WEB_PORT):
            listener = held.enter_context(socket.socket())
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                listener.bind(("127.0.0.1", port))
                listener.listen()
        yield


@pytest.mark.usefixtures("taken_ports")
def test_once_prints_events_and_a_summary_and_the_second_time_nothing_is_new(
    dateline: Start, two_pages: list[Path], tmp_path: Path
) -> None:
    expected = Expected.of(source.page() for path in two_pages for source in pages.read(path))
    assert expected.events, "the pages report events"
    given = ("up", "--once", "--data-dir", tmp_path / "data", "--pages", *two_pages)

    first = dateline(*given)
    assert first.finished() == 0, first.words
    lines = first.out.read_bytes().splitlines()
    assert sorted(decode(line, Event).event_id for line in lines) == sorted(expected.events)
    summary = dict(line.split(maxsplit=1) for line in first.words.splitlines() if "dead letters" not in line)
    assert summary["pages"] == "2"
    new = len(expected.documents)
    found = NEW.search(summary["documents"])
    assert found is not None
    assert int(found[1]) == new
    assert summary["events"].startswith(f"{len(expected.events)} (diplomacy ")
    assert re.search(r"^dead letters\s+0$", first.words, re.MULTILINE)
    assert re.fullmatch(r"\d+\.\d pages/s \(\d+\.\d\d s\)", summary["speed"])
    assert re.fullmatch(r"median \d+\.\d\d s, p99 \d+\.\d\d s \(page to event\)", summary["latency"])
    # Others listen on the usual ports, so these are different ones.
    assert not summary["broker"].endswith(f":{KAFKA_PORT}")
    assert f":{WEB_PORT}/" not in summary["metrics"]

    second = dateline(*given)
    assert second.finished() == 0, second.words
    assert second.out.read_bytes() == b""
    found = NEW.search(second.words)
    assert found is not None
    assert (int(found[1]), int(found[2])) == (0, int(summary["documents"].split()[0]))
    assert "every document was seen before" in second.words


def _listening(processes: list[psutil.Process]) -> set[int]:
    return {
        connection.laddr.port
        for process in processes
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }


def _open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("moment", ["starting", "running"])
async def test_ctrl_c_ends_it_and_leaves_no_process_and_no_port(
    dateline: Start, two_pages: list[Path], tmp_path: Path, moment: str
) -> None:
    command = dateline("up", "--data-dir", tmp_path / "data", "--pages", *two_pages)
    process = psutil.Process(command.process.pid)

    async def reached() -> bool:
        assert command.process.poll() is None, command.words
        if moment == "running":
            return "all pages are processed" in command.words
        return len(process.children()) == 2

    await until(reached, f"the moment {moment!r}")
    children = process.children(recursive=True)
    ports = _listening(children)
    assert ports, "the broker listens"
    assert all(_open(port) for port in ports)

    command.process.send_signal(signal.SIGINT)
    assert command.finished() == 0, command.words

    async def gone() -> bool:
        return not any(c.is_running() and c.status() != psutil.STATUS_ZOMBIE for c in children)

    await until(gone, "the broker, the worker and its compute processes to end")
    assert [port for port in ports if _open(port)] == []
    assert "Traceback" not in command.words


async def test_a_data_folder_that_is_in_use_is_refused(
    dateline: Start, two_pages: list[Path], tmp_path: Path
) -> None:
    given = ("up", "--data-dir", tmp_path / "data", "--pages", *two_pages)
    first = dateline(*given)
    lock = tmp_path / "data" / "up" / "lock"

    async def started() -> bool:
        assert first.process.poll() is None, first.words
        return lock.exists() and bool(psutil.Process(first.process.pid).children())

    await until(started, "the first to hold the folder")
    second = dateline(*given)
    assert second.finished() == 2
    assert "another `dateline up` uses" in second.words
    assert first.process.poll() is None


def test_a_page_that_is_not_there_is_wrong_use(dateline: Start, tmp_path: Path) -> None:
    command = dateline("up", "--once", "--data-dir", tmp_path / "data", "--pages", tmp_path / "missing.html")
    assert command.finished() == 2
    assert "missing.html is not there" in command.words
    assert not (tmp_path / "data").exists(), "nothing was started"


@pytest.mark.parametrize("arguments", [("topics", "check"), ("worker",)], ids=" ".join)
def test_a_broker_that_does_not_answer_is_named(
    dateline: Start, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, but nobody listens: connections are refused
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        command = dateline(
            *arguments,
            DATELINE_BROKERS=address,
            DATELINE_CONNECT_TIMEOUT="1",
            DATELINE_DATA_DIR=str(tmp_path / "data"),
        )
        assert command.finished() == 1
    assert f"no Kafka broker answered at {address} within 1 s" in command.words
    assert "is DATELINE_BROKERS right?" in command.words
    assert "Traceback" not in command.words
