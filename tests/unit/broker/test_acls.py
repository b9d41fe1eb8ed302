"""Which rights each part of Dateline asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from click.testing import CliRunner

from streams import settings as settings_module
from streams.broker import acls
from streams.broker.acls import Right
from streams.cli.topics import command
from streams.errors import ConfigurationError

SETTINGS = settings_module.load(topic_prefix="a.", group="readers")
EVENTS = {Right("Read", "topic", f"a.events.{name}") for name in ("diplomacy", "military", "trade")}
GROUP = Right("Describe", "group", "readers")


def test_diff_reads_events_and_verify_everything_it_accounts_for() -> None:
    assert set(acls.rights("diff", SETTINGS)) == EVENTS
    others = ("pages.raw", "documents", "documents.enriched", "seen", "dead-letters")
    assert set(acls.rights("verify", SETTINGS)) == {
        GROUP, *EVENTS, *(Right("Read", "topic", f"a.{name}") for name in others),
    }  # fmt: skip


def test_an_archive_reads_its_own_topic_only() -> None:
    assert acls.rights("archive add", SETTINGS) == [Right("Read", "topic", "a.pages.raw")]
    assert acls.rights("archive add", SETTINGS, topic="documents") == [Right("Read", "topic", "a.documents")]


def test_a_replay_to_a_shadow_makes_and_fills_its_topics_and_sends_nothing_to_live() -> None:
    live, shadow = acls.rights("replay", SETTINGS), acls.rights("replay", SETTINGS, shadow="b.")
    assert Right("Write", "topic", "a.pages.raw") in live
    assert Right("Write", "topic", "a.pages.raw") not in shadow
    assert {
        GROUP, Right("Read", "topic", "a.pages.raw"), Right("Write", "topic", "a.replays"),
        Right("Write", "topic", "b.pages.raw"), Right("Create", "topic", "b.pages.raw"),
        Right("Create", "topic", "b.events.trade"), Right("Describe", "topic", "b.seen"),
    } <= set(shadow)  # fmt: skip


@pytest.mark.parametrize("role", ["worker", "replay", "live", "verify", "tail"])
async def test_what_is_granted_is_enough_and_one_right_less_is_named(
    monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    rights = acls.rights(role, SETTINGS)
    granted: dict[tuple[str, str], int] = {}

    def grant(given: list[Right]) -> None:
        granted.clear()
        for right in given:
            place = (right.kind, right.name)
            granted[place] = granted.get(place, 0) | 1 << acls.OPERATIONS[right.operation]

    @asynccontextmanager
    async def connected(_: Any) -> AsyncIterator[None]:
        yield

    async def answer_of(kind: str) -> dict[tuple[str, str], int]:
        return {place: bits for place, bits in granted.items() if place[0] == kind}

    monkeypatch.setattr(acls, "admin_client", connected)
    monkeypatch.setattr(acls, "_topics", lambda *_: answer_of("topic"))
    monkeypatch.setattr(acls, "_group", lambda *_: answer_of("group"))
    grant(rights)
    await acls.require(role, SETTINGS)
    grant(rights[1:])
    with pytest.raises(ConfigurationError, match=f": {rights[0]}\\. "):
        await acls.require(role, SETTINGS)


def test_the_command_prints_the_rights_of_a_topic_and_of_a_shadow() -> None:
    done = CliRunner().invoke(command, ["acls", "--role", "archive add", "--topic", "events.trade"])
    assert done.stdout == ("--add --allow-principal User:dateline --operation Read --topic events.trade\n")
    done = CliRunner().invoke(command, ["acls", "--role", "replay", "--shadow", "b."])
    assert "--operation Write --topic b.pages.raw\n" in done.stdout
    for options in (("--topic", "documents"), ("--role", "verify", "--shadow", "b.")):
        assert CliRunner().invoke(command, ["acls", *options]).exit_code == 2
