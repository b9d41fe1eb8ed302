"""TLS, every SASL mechanism and the least ACLs, against a real Kafka server that enforces them."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psutil
import pytest

from streams import settings as settings_module
from streams.broker import acls, topics
from streams.broker.acls import Right
from streams.broker.client import producer, wait_for_broker
from streams.errors import ConfigurationError
from streams.headers import DeadLetter
from streams.settings import Settings, as_environment
from tests.integration.harness import ROOT, Cluster, Expected, WorkerProcess, by_key, page, until
from tests.integration.secured import CANARY, Guarded, guarded, token

pytestmark = pytest.mark.kafka

#: How a worker may prove who it is: the listener, and the settings beside the address.
WAYS: dict[str, tuple[str, dict[str, str]]] = {
    "TLS certificate": ("tls", {"security_protocol": "SSL"}),
    "PLAIN": ("sasl_tls", {"security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN"}),
    "SCRAM-SHA-256": ("sasl", {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "SCRAM-SHA-256"}),
    "SCRAM-SHA-512": ("sasl_tls", {"security_protocol": "SASL_SSL", "sasl_mechanism": "SCRAM-SHA-512"}),
    "OAUTHBEARER": ("sasl_tls", {"security_protocol": "SASL_SSL", "sasl_mechanism": "OAUTHBEARER"}),
}
SCRAM = "SCRAM-SHA-512"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    missing = [tool for tool in ("java", "mvn", "openssl") if shutil.which(tool) is None]
    if missing and os.environ.get("DATELINE_REQUIRE_KAFKA") != "1":
        pytest.skip(f"needs {' and '.join(missing)}")
    with guarded(tmp_path_factory.mktemp("guarded")) as found:
        yield found


Way = Callable[..., Settings]


@pytest.fixture
def way(server: Guarded, tmp_path: Path) -> Way:
    """Settings of a user's own, with topics and a group of this test's own, for a way to come in."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    (tmp_path / "token").write_text(token("worker") + "\n")

    def make(mechanism: str = SCRAM, **changes: object) -> Settings:
        listener, how = WAYS[mechanism]
        given: dict[str, object] = {
            "brokers": server.address(listener),
            "topic_prefix": f"{name}.",
            "group": name,
            "data_dir": tmp_path,
            "compute_processes": 1,
            "web_port": 0,
            "session_timeout": 6.0,
            "commit_interval": 0.2,
            "connect_timeout": 20.0,
            "send_attempts": 2,
            "ssl_cafile": server.folder / "ca.pem",
            "ssl_certfile": server.folder / "worker.crt",
            "ssl_keyfile": server.folder / "worker-locked.key",
            "ssl_key_password": CANARY,
            "sasl_username": "worker",
            "sasl_password": CANARY,
            "sasl_token_file": tmp_path / "token",
        }
        return settings_module.load(**given | how | changes)

    asyncio.run(topics.create(_as_admin(server, make())))
    return make


@pytest.fixture(autouse=True)
async def _connections_end(server: Guarded) -> AsyncIterator[None]:
    """Let connections say goodbye, which takes a round trip under TLS: aiokafka does not wait for it.

    One that is open when the test's loop ends is reported as not closed, in whatever test runs then.
    """
    yield
    ports = set(server.ports.values())

    async def ended() -> bool:
        # The remote address of one that listens is empty.
        return not any(
            ports.intersection(found.raddr[1:]) for found in psutil.Process().net_connections("tcp")
        )

    await until(ended, "the connections to end")


def _as_admin(server: Guarded, settings: Settings) -> Settings:
    """The same topics and group, as the user who may do everything."""
    return settings_module.load(
        brokers=server.address("plain"), topic_prefix=settings.topic_prefix, group=settings.group
    )


def dateline(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "streams", *arguments],
        env=os.environ | as_environment(settings),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def principal(mechanism: str) -> str:
    return "User:CN=worker" if mechanism == "TLS certificate" else "User:worker"


@pytest.mark.parametrize("mechanism", WAYS)
async def test_a_worker_with_exactly_its_rights_works(
    server: Guarded, way: Way, tmp_path: Path, mechanism: str
) -> None:
    settings = way(mechanism)
    await server.grant(acls.rights("worker", settings), principal(mechanism))
    worker = WorkerProcess(settings, tmp_path / "worker.log")
    cluster = Cluster(_as_admin(server, settings))
    pages = [
        page("one.example", f"a{n}", teasers=[("Iran tests a missile", "Tehran said so")]) for n in range(5)
    ]
    try:
        await worker.start_ready()
        await cluster.send(pages)
        await cluster.send_raw([(b"k", b"not a page", [])])
        await cluster.finished()
        expected = Expected.of(pages)
        assert by_key(await cluster.records("documents")).keys() == expected.documents.keys()
        assert by_key(await cluster.events()).keys() == expected.events.keys()
        letters = await cluster.records("dead-letters")
        assert len(letters) == 1
        _, metrics = worker.get("/metrics")
        assert worker.stop() == 0
        told = (worker.log.read_text(), metrics, *map(repr, (letters, await cluster.events())))
        for secret in (CANARY, (tmp_path / "token").read_text().strip()):
            assert all(secret not in words for words in told)
    finally:
        worker.stop()


async def test_the_rights_of_a_worker_let_it_read_its_table_back(
    server: Guarded, way: Way, tmp_path: Path
) -> None:
    settings = way()
    await server.grant(acls.rights("worker", settings), "User:worker")
    async with producer(_as_admin(server, settings)) as client:
        await client.send_and_wait(settings.topic("seen"), b"2026-03-04 1", key=b"one.example|x", partition=0)
    worker = WorkerProcess(settings, tmp_path / "worker.log")
    try:
        await worker.start_ready()
    finally:
        assert worker.stop() == 0


async def test_a_worker_with_one_right_less_says_which_and_ends(server: Guarded, way: Way) -> None:
    settings = way()
    rights = acls.rights("worker", settings)
    assert len(rights) == 14
    await server.grant(rights, "User:worker")
    await acls.require("worker", settings)
    for right in rights:
        await server.revoke(right, "User:worker")
        with pytest.raises(ConfigurationError) as refused:
            await acls.require("worker", settings)
        assert f"worker lacks rights on {settings.brokers}: {right}. `dateline topics acls" in str(
            refused.value
        )
        await server.grant([right], "User:worker")

    await server.revoke(rights[-1], "User:worker")
    done = await asyncio.to_thread(dateline, settings, "worker")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"dateline: worker lacks rights on {settings.brokers}: {rights[-1]}." in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_worker_says_which_topics_are_missing(server: Guarded, way: Way) -> None:
    settings = way(topic_prefix="nowhere.")
    await server.grant(acls.rights("worker", settings), "User:worker")
    with pytest.raises(
        ConfigurationError, match=r"missing: nowhere\.actors, nowhere\.dead-letters, .* topics create`"
    ):
        await acls.require("worker", settings)


async def test_what_is_printed_for_kafka_acls_gives_the_rights(server: Guarded, way: Way) -> None:
    settings = way()
    done = await asyncio.to_thread(dateline, settings, "topics", "acls")
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        add, allow, user, option, operation, kind, name = shlex.split(line)
        assert (add, allow, option) == ("--add", "--allow-principal", "--operation")
        await server.grant([Right(operation, kind.removeprefix("--"), name)], user)
    await acls.require("worker", settings)


COMMANDS = {
    "ingest": ("ingest", str(ROOT / "streams" / "samples" / "meridian-border.txt")),
    "tail": ("tail", "--from-start", "--limit", "3"),
    "dead-letters list": ("dead-letters", "list"),
    "dead-letters redrive": ("dead-letters", "redrive", "--yes"),
    "dead-letters purge": ("dead-letters", "purge", "--before", "2999-01-01", "--yes"),
    "archive add": ("archive", "add", "FOLDER"),
    "diff": ("diff", "kafka:@2999-01-01..", "README.md"),
    "verify": ("verify",),
    "replay": ("replay", "kafka:", "--to", "live", "--anew", "--yes"),
    "topics check": ("topics", "check"),
}


#: What a command with its rights says of what `_fill` sends, where that is no success.
FAILS = {"diff": "no records in this range", "verify": "DOES NOT HOLD"}


@pytest.mark.parametrize("role", COMMANDS)
async def test_a_command_works_with_its_rights_and_with_none_says_what_it_lacks(
    server: Guarded, way: Way, tmp_path: Path, role: str
) -> None:
    settings = way(sasl_mechanism=SCRAM)
    arguments = [word.replace("FOLDER", str(tmp_path / "archive")) for word in COMMANDS[role]]
    await _fill(_as_admin(server, settings))
    refused = await asyncio.to_thread(dateline, settings, *arguments)
    assert refused.returncode == (1 if role == "topics check" else 2)
    assert re.search("(?i)authoriz|lacks the right", refused.stderr + refused.stdout)
    assert "Traceback" not in refused.stderr

    await server.grant(acls.rights(role, settings), "User:worker")
    await acls.require(role, settings)
    done = await asyncio.to_thread(dateline, settings, *arguments)
    assert done.returncode == int(role in FAILS), done.stderr
    assert FAILS.get(role, "") in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("role", "options", "arguments"),
    [
        ("archive add", {"topic": "events.trade"}, ("archive", "add", "FOLDER", "--topic", "events.trade")),
        ("replay", {"shadow": "SHADOW"}, ("replay", "kafka:", "--to", "shadow:SHADOW", "--anew", "--yes")),
    ],
)
async def test_a_command_with_another_topic_works_with_its_rights(
    server: Guarded, way: Way, tmp_path: Path, role: str, options: dict[str, str], arguments: tuple[str, ...]
) -> None:
    settings = way(sasl_mechanism=SCRAM)
    places = {"FOLDER": str(tmp_path / "archive"), "SHADOW": f"shadow-of-{settings.topic_prefix}"}

    def filled(word: str) -> str:
        for name, place in places.items():
            word = word.replace(name, place)
        return word

    await _fill(_as_admin(server, settings))
    given = {name: filled(value) for name, value in options.items()}
    await server.grant(acls.rights(role, settings, **given), "User:worker")
    done = await asyncio.to_thread(dateline, settings, *map(filled, arguments))
    assert done.returncode == 0, done.stderr


async def test_topics_are_created_with_the_rights_for_it(server: Guarded, way: Way) -> None:
    settings = way(topic_prefix=f"new-{uuid.uuid4().hex[:8]}.")
    refused = await asyncio.to_thread(dateline, settings, "topics", "create")
    assert refused.returncode == 1
    assert "Authorization" in refused.stderr
    await server.grant(acls.rights("topics create", settings), "User:worker")
    done = await asyncio.to_thread(dateline, settings, "topics", "create")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, len(topics.load().topics)), done.stderr


async def _fill(settings: Settings) -> None:
    """Put a page, an event on each topic of events, and a dead letter that can go back."""
    letter = DeadLetter(
        stage="parse", error="InvalidPage", message="", traceback="", attempts=1, first_at="", last_at="",
        topic=settings.topic("pages.raw"), partition=0, offset=0,
    )  # fmt: skip
    async with producer(settings) as client:
        address = [("url", b"https://press.example/1")]
        await client.send_and_wait(
            settings.topic("pages.raw"), b"<p>x", key=b"press.example", headers=address
        )
        for name in ("diplomacy", "military", "trade"):
            await client.send_and_wait(settings.topic(f"events.{name}"), b"{}", key=b"k")
        await client.send_and_wait(
            settings.topic("dead-letters"), b"x", key=b"k", headers=letter.to_headers()
        )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sasl_password": "wrong"}, "refuses the user by SCRAM-SHA-512: .*DATELINE_SASL_"),
        ({"sasl_username": "nobody"}, "refuses the user by SCRAM-SHA-512"),
        ({"sasl_mechanism": "PLAIN", "sasl_password": "wrong"}, "refuses the user by PLAIN"),
        (
            {"sasl_mechanism": "OAUTHBEARER", "sasl_token_file": "/dev/null"},
            "refuses the user by OAUTHBEARER",
        ),
        (
            {"sasl_mechanism": "OAUTHBEARER", "sasl_token_file": "/nowhere"},
            "DATELINE_SASL_TOKEN_FILE=/nowhere",
        ),
        ({"ssl_cafile": "stranger.pem"}, "is not trusted: .*DATELINE_SSL_CAFILE"),
        ({"ssl_key_password": None}, "TLS certificate or key cannot be loaded"),
    ],
)
async def test_a_broker_that_refuses_is_not_waited_for(
    server: Guarded, way: Way, changes: dict[str, str | None], words: str
) -> None:
    if changes.get("ssl_cafile"):
        changes = {"ssl_cafile": str(server.folder / "stranger.pem")}
    settings = way().model_copy(update=_typed(changes))
    with pytest.raises(ConfigurationError, match=words) as refused:
        await wait_for_broker(settings)
    assert CANARY not in str(refused.value)


def _typed(changes: dict[str, str | None]) -> dict[str, object]:
    """The values as the settings keep them."""
    checked = settings_module.load(**{k: v for k, v in changes.items() if v is not None})
    return {name: getattr(checked, name) for name in changes}
