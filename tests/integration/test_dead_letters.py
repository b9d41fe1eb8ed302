"""``dateline dead-letters`` gives back what came, and never steers the terminal it prints on."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import orjson
import pytest

from streams import headers as h
from streams.broker.client import producer
from streams.settings import as_environment
from tests.integration.conftest import MakeWorker
from tests.integration.harness import ROOT, Cluster, headers_of, page

# On one broker: what is tested is what the command prints.
pytestmark = pytest.mark.parametrize("address", ["embedded"], indirect=True)

STEER = "\x1b]0;owned\x07\x9b2J\r"
ORIGINAL = f"\x00\x01\x02 not a page {STEER}".encode() + bytes(range(256))
KEY = f"{STEER}key.example".encode()
HEADERS: list[h.Header] = [("x-odd", STEER.encode()), (f"n{STEER}", b"value")]


def dateline(cluster: Cluster, *arguments: str) -> tuple[int, bytes, str]:
    done = subprocess.run(
        [sys.executable, "-m", "streams", "dead-letters", *arguments],
        env=os.environ | as_environment(cluster.settings),
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr.decode()


def on_a_terminal(cluster: Cluster, *arguments: str) -> bytes:
    """What the command writes where standard output is a terminal that knows no colours."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "streams", "dead-letters", *arguments],
        env=os.environ | as_environment(cluster.settings) | {"TERM": "dumb"},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    written = b""
    try:
        while data := os.read(ours, 65536):
            written += data
    except OSError:
        pass  # how a terminal says that its other side is closed
    finally:
        os.close(ours)

        status = process.wait(timeout=60)
    assert status == 0
    return written


def steers(output: bytes) -> bool:
    """Whether a control character is left; a terminal itself ends lines with CR LF."""
    text = output.decode("utf-8", "replace").replace("\r\n", "\n")
    return any(mark in text for mark in "\x1b\x07\x9b\r\x00")


async def test_a_dead_letter_is_listed_shown_and_given_back(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    empty = page("one.example", "empty")
    await make_worker().start_ready()
    await cluster.send_raw([(KEY, ORIGINAL, HEADERS), (b"one.example", b"", headers_of(empty))])
    await cluster.finished()

    status, out, err = dateline(cluster, "list")
    assert (status, err) == (0, "")
    rows = [orjson.loads(line) for line in out.splitlines()]
    assert {row["error"] for row in rows} == {"InvalidRecord", "InvalidPage"}
    (row,) = (row for row in rows if row["error"] == "InvalidRecord")
    assert (row["stage"], row["topic"]) == ("parse", cluster.settings.topic("pages.raw"))
    assert (row["key"], row["bytes"]) == (KEY.decode(), len(ORIGINAL))
    assert not steers(out.replace(b"\xc2\x9b", b"")), "JSON escapes what is below a space"

    assert [orjson.loads(line)["error"] for line in _list(cluster, "--error", "InvalidPage")] == [
        "InvalidPage"
    ]
    assert len(_list(cluster, "--limit", "1")) == 1
    assert _list(cluster, "--stage", "classify") == []

    status, raw, _ = dateline(cluster, "show", row["id"], "--raw")
    assert (status, raw) == (0, ORIGINAL)

    status, shown, _ = dateline(cluster, "show", row["id"])
    assert status == 0
    assert b"InvalidRecord" in shown
    assert b"key.example" in shown
    assert b"x-odd" in shown
    assert b"not a page" in shown
    assert not steers(shown)


def _list(cluster: Cluster, *options: str) -> list[bytes]:
    status, out, err = dateline(cluster, "list", *options)
    assert (status, err) == (0, "")
    return out.splitlines()


async def test_what_others_wrote_does_not_steer_a_terminal(cluster: Cluster) -> None:
    letter = h.DeadLetter(
        stage="parse", error=f"Odd{STEER}", message=f"words{STEER}", traceback=f"trace{STEER}", attempts=1,
        first_at="", last_at="", topic="pages.raw", partition=0, offset=0,
    )  # fmt: skip
    async with producer(cluster.settings) as client:
        await client.send_and_wait(
            cluster.settings.topic("dead-letters"), ORIGINAL, key=KEY, headers=letter.to_headers()
        )
    (listed,) = _list(cluster)
    for arguments in (("list",), ("list", "--json"), ("show", orjson.loads(listed)["id"])):
        written = on_a_terminal(cluster, *arguments)
        assert b"words" in written
        assert b"]0;owned" in written, "the words of the sequence stay, without their force"
        assert not steers(written)


@pytest.mark.parametrize(("letter", "status"), [("0/999", 1), ("99/0", 1), ("nonsense", 2), ("1/-1", 2)])
async def test_a_letter_that_is_not_there_is_said(cluster: Cluster, letter: str, status: int) -> None:
    found, out, err = dateline(cluster, "show", letter)
    assert (found, out) == (status, b"")
    assert "Error" in err
    assert "Traceback" not in err
