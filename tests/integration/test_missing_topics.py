"""A command that finds no topics says so: it makes none, which would have the broker's defaults."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from streams import settings as settings_module
from streams.broker import dead_letters, topics
from streams.broker.client import admin_client
from streams.broker.dead_letters import Letter
from streams.errors import ConfigurationError
from streams.headers import DeadLetter
from streams.settings import Settings
from tests.integration.harness import ROOT, Cluster

PAGE = str(ROOT / "streams" / "samples" / "meridian-border.txt")
#: Each command, and a topic that it asks for.
COMMANDS = {
    ("tail", "--limit", "1"): "events.military",
    ("ingest", PAGE): "pages.raw",
    ("live", "--port", "0"): "events.trade",
    ("dead-letters", "list"): "dead-letters",
    ("dead-letters", "show", "0/0"): "dead-letters",
    ("dead-letters", "redrive", "--yes"): "dead-letters",
    ("dead-letters", "purge", "--before", "2999-01-01", "--yes"): "dead-letters",
    ("verify",): "documents.enriched",
    ("archive", "add", "FOLDER"): "pages.raw",
    ("diff", "kafka:", PAGE): "events.diplomacy",
    ("actors", "list"): "actors",
    ("replay", PAGE, "--to", "live", "--yes"): "pages.raw",
    ("replay", PAGE, "--to", "files:FOLDER", "--share", "0.5", "--yes"): "documents",
    ("worker",): "seen",
}


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    return settings_module.load(
        brokers=address,
        topic_prefix=f"nowhere-{uuid.uuid4().hex[:12]}.",
        data_dir=tmp_path,
        compute_processes=1,
        web_port=0,
        connect_timeout=30.0,
    )


async def existing(settings: Settings) -> list[str]:
    async with admin_client(settings) as admin:
        return [name for name in await admin.list_topics() if name.startswith(settings.topic_prefix)]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
async def test_it_names_a_missing_topic_and_makes_none(
    settings: Settings, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    given = [word.replace("FOLDER", str(tmp_path / "folder")) for word in arguments]
    status, _, said = await Cluster(settings).dateline(*given)
    # A replay was begun then, and can be resumed.
    assert status == (1 if arguments[0] == "replay" else 2)
    assert settings.topic(COMMANDS[arguments]) in said
    assert "dateline topics create" in said
    assert settings.brokers in said
    assert "Traceback" not in said
    assert await existing(settings) == []


async def test_a_letter_does_not_go_back_to_a_topic_that_is_not_there(settings: Settings) -> None:
    await topics.create(settings, only=["dead-letters"])
    said = DeadLetter(
        stage="parse", error="Odd", message="", traceback="", attempts=1, first_at="", last_at="",
        topic=settings.topic("pages.raw"), partition=0, offset=0,
    )  # fmt: skip
    letter = Letter(
        partition=0, offset=0, timestamp=0, key=b"k", headers=(), size=1, digest=b"", said=said
    )  # fmt: skip
    try:
        with pytest.raises(ConfigurationError, match=r"missing: nowhere-\w+\.pages\.raw\. Create them"):
            [_ async for _ in dead_letters.redrive([letter], settings, None)]
        assert await existing(settings) == [settings.topic("dead-letters")]
    finally:
        async with admin_client(settings) as admin:
            await admin.delete_topics([settings.topic("dead-letters")])
