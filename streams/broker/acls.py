"""What each part of Dateline must be allowed to do on the cluster, and whether it is.

The lists hold the least: Kafka lets whoever may read or write a topic also describe it. The flow
of records gives them, so a new topic or stage is in them by itself.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable, Mapping
from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    CoordinatorNotAvailableError,
    GroupAuthorizationFailedError,
    GroupLoadInProgressError,
    TopicAuthorizationFailedError,
)

from streams.broker import topics
from streams.broker.client import admin_client
from streams.broker.progress import STAGE_TOPICS
from streams.broker.protocol import GroupRights
from streams.errors import ConfigurationError
from streams.records import EVENT_CLASSES
from streams.settings import Settings

#: Kafka's numbers of the operations: bits of what it answers, and options of kafka-acls.sh.
OPERATIONS = {"Read": 3, "Write": 4, "Create": 5, "Delete": 6, "Describe": 8, "DescribeConfigs": 10}
#: What an answer holds where the broker has nothing to say of rights.
_NOT_TOLD = -(2**31)
_WAIT = 0.2
_SEEN, _ACTORS, _DEAD, _REPLAYS = "seen", "actors", "dead-letters", "replays"
_EVENTS = tuple(f"events.{name}" for name in EVENT_CLASSES)


class Right(NamedTuple):
    """One operation on one topic or group; the name is the one on the cluster."""

    operation: str
    kind: str  # topic or group
    name: str

    def __str__(self) -> str:
        """Say it as a person would."""
        return f"{self.operation} on {self.kind} {self.name}"


def _worker() -> list[tuple[str, str]]:
    read = [*STAGE_TOPICS, _SEEN, _ACTORS]
    write = [name for name in topics.load().topics if name not in (STAGE_TOPICS[0], _REPLAYS)]
    return [("Read", name) for name in read] + [("Write", name) for name in write]


def _each(*operations: str) -> list[tuple[str, str]]:
    return [(operation, name) for name in topics.load().topics for operation in operations]


#: Each command that talks to Kafka, and its operations on topics (names without prefix).
ROLES: Mapping[str, Callable[[], list[tuple[str, str]]]] = {
    "worker": _worker,
    "ingest": lambda: [("Write", STAGE_TOPICS[0])],
    "tail": lambda: [("Read", name) for name in _EVENTS],
    "live": lambda: [("Read", name) for name in _EVENTS] + [("Describe", name) for name in STAGE_TOPICS],
    "dead-letters list": lambda: [("Read", _DEAD)],
    "dead-letters redrive": lambda: [("Read", _DEAD)] + [("Write", name) for name in STAGE_TOPICS],
    "dead-letters purge": lambda: [("Read", _DEAD), ("Delete", _DEAD)],
    "actors list": lambda: [("Read", _ACTORS)],
    "archive add": lambda: [("Read", STAGE_TOPICS[0])],
    "diff": lambda: [("Read", name) for name in _EVENTS],
    "verify": lambda: [("Read", name) for name in (*STAGE_TOPICS, *_EVENTS, _SEEN, _DEAD)],
    "replay": lambda: (
        [("Read", STAGE_TOPICS[0]), ("Write", STAGE_TOPICS[0]), ("Write", _REPLAYS)]
        + [("Describe", name) for name in STAGE_TOPICS[1:]]
    ),
    "topics create": lambda: _each("Create", "Describe"),
    "topics check": lambda: _each("Describe", "DescribeConfigs"),
}
#: What those who have to do with the group do with it; all but workers only ask how far it is.
_OF_GROUP = {"worker": "Read", "live": "Describe", "replay": "Describe", "verify": "Describe"}


def rights(
    role: str, settings: Settings, *, topic: str | None = None, shadow: str | None = None
) -> list[Right]:
    """Return the least rights of a part of Dateline, with those on the group where it asks for it.

    Args:
        role: one of ``ROLES``.
        settings: the prefix and the group.
        topic: that ``archive add`` is to keep, without prefix; pages.raw unless given.
        shadow: prefix of the topics that ``replay`` makes and fills, in place of the live ones.
    """
    wanted = [("Read", topic)] if topic else ROLES[role]()
    pages = STAGE_TOPICS[0]
    if shadow is not None:
        wanted = [pair for pair in wanted if pair != ("Write", pages)]
    found = [Right(_OF_GROUP[role], "group", settings.group)] if role in _OF_GROUP else []
    found += [Right(operation, "topic", settings.topic(name)) for operation, name in wanted]
    if shadow is not None:
        there = [*_each("Create", "Describe"), ("Write", pages)]
        found += [Right(operation, "topic", f"{shadow}{name}") for operation, name in there]
    return found


def command(right: Right, principal: str) -> str:
    """Return the options of ``kafka-acls.sh`` that give the right."""
    words = ["--add", "--allow-principal", principal, "--operation", right.operation]
    return shlex.join([*words, f"--{right.kind}", right.name])


async def require(role: str, settings: Settings) -> None:
    """Return when the cluster grants everything, or does not tell.

    Raises:
        ConfigurationError: a topic is missing, or something is not granted; the message lists it.
    """
    wanted = rights(role, settings)
    try:
        async with admin_client(settings) as admin:
            granted = await _topics(admin, settings, {r.name for r in wanted if r.kind == "topic"})
            if role in _OF_GROUP:
                granted |= await _group(admin, settings)
    except NotImplementedError:
        return  # aiokafka's word for a broker that does not know the question, and so has no rights
    lacking = [r for r in wanted if not _grants(granted.get((r.kind, r.name), 0), r.operation)]
    if lacking:
        raise ConfigurationError(
            f"{settings.sasl_username or 'this user'} lacks rights on {settings.brokers}: "
            f"{', '.join(map(str, lacking))}. `dateline topics acls --role '{role}'` prints what gives them"
        )


async def _topics(
    admin: AIOKafkaAdminClient, settings: Settings, names: set[str]
) -> dict[tuple[str, str], int]:
    # Of a topic that the user may not even see, the bits say "not told".
    return {
        ("topic", name): 0 if code == TopicAuthorizationFailedError.errno else (*bits, _NOT_TOLD)[0]
        for code, name, _, _, *bits in await topics.there(admin, settings, names)
    }


async def _group(admin: AIOKafkaAdminClient, settings: Settings) -> dict[tuple[str, str], int]:
    async with asyncio.timeout(settings.connect_timeout):
        while True:
            try:
                coordinator = await admin.find_coordinator(settings.group)
            except GroupAuthorizationFailedError:
                return {}
            except (CoordinatorNotAvailableError, GroupLoadInProgressError):
                # A cluster that has just started has no coordinator yet.
                await asyncio.sleep(_WAIT)
                continue
            answer = await admin._send_request(GroupRights(settings.group), coordinator)  # noqa: SLF001
            ((code, group, *_, bits),) = answer.groups
            return {("group", group): 0 if code == GroupAuthorizationFailedError.errno else bits}


def _grants(bits: int, operation: str) -> bool:
    return bits == _NOT_TOLD or bool(bits >> OPERATIONS[operation] & 1)
