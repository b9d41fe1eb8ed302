"""The topics: read from ``schemas/topics.yaml``, created on a cluster, compared with it."""

from __future__ import annotations

import functools
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
    for_code,
)

from streams.broker.client import admin_client
from streams.broker.protocol import TopicRights
from streams.errors import BrokerUnavailable, ConfigurationError
from streams.settings import Settings

_DAY_MS = 86_400_000
_NOT_THERE = {
    UnknownTopicOrPartitionError.errno: "missing",
    TopicAuthorizationFailedError.errno: "not shown to this user, who lacks the right to describe it",
}


def schemas_dir() -> Path:
    """Return the folder of the schemas: in the package when installed, else beside it."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_schemas"
    return shipped if shipped.is_dir() else package.parent / "schemas"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """One topic as ``schemas/topics.yaml`` gives it."""

    title: str
    description: str
    key: str
    schema: str | None
    partitions: int
    retention_days: int
    cleanup: tuple[str, ...]
    max_bytes: int
    internal: bool = False

    def config(self) -> dict[str, str]:
        """Return the broker's topic configuration."""
        retention = -1 if self.retention_days < 0 else self.retention_days * _DAY_MS
        return {
            "cleanup.policy": ",".join(self.cleanup),
            "retention.ms": str(retention),
            "max.message.bytes": str(self.max_bytes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Defaults:
    replication: int
    compression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsFile:
    """The whole file."""

    defaults: _Defaults
    topics: dict[str, TopicSpec]


@functools.cache
def load() -> TopicsFile:
    """Read and validate the file.

    Raises:
        msgspec.ValidationError: the file is not as :class:`TopicsFile` says.
    """
    return msgspec.yaml.decode((schemas_dir() / "topics.yaml").read_bytes(), type=TopicsFile)


async def create(
    settings: Settings, *, replication: int | None = None, only: Collection[str] | None = None
) -> list[str]:
    """Create the topics that are missing, of all or of ``only`` some; return their names.

    Raises:
        BrokerUnavailable: the broker refused; the message is its own.
    """
    spec = load()
    async with admin_client(settings) as admin:
        present = set(await admin.list_topics())
        missing = {settings.topic(n): t for n, t in spec.topics.items() if settings.topic(n) not in present}
        if only is not None:
            missing = {name: t for name, t in missing.items() if name in {settings.topic(n) for n in only}}
        if not missing:
            return []
        answer = await admin.create_topics(
            [
                NewTopic(
                    name,
                    num_partitions=topic.partitions,
                    replication_factor=replication or spec.defaults.replication,
                    topic_configs=topic.config(),
                )
                for name, topic in missing.items()
            ]
        )
    for name, code, *words in answer.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            reason = words[0] if words and words[0] else for_code(code).__name__
            raise BrokerUnavailable(f"the broker refused to create the topic {name}: {reason}")
    return sorted(missing)


async def require(settings: Settings, *names: str) -> None:
    """Return when the topics (names without prefix) are there; asking creates none of them.

    Clients ask before they connect: one that asks for a topic may create it, with the broker's defaults,
    and ``dateline topics create`` would leave it as it is.

    Raises:
        ConfigurationError: a topic is missing, or hidden from this user; the message names it.
    """
    async with admin_client(settings) as admin:
        found = await there(admin, settings, [settings.topic(name) for name in names])
    hidden = sorted(name for code, name, *_ in found if code == TopicAuthorizationFailedError.errno)
    if hidden:
        raise ConfigurationError(
            f"{settings.sasl_username or 'this user'} lacks the right to see {', '.join(hidden)} on "
            f"{settings.brokers}. `dateline topics acls` prints the rights that a command needs"
        )


async def there(admin: AIOKafkaAdminClient, settings: Settings, names: Collection[str]) -> list[Any]:
    """Return what the cluster says of topics (names with prefix), as :class:`TopicRights` describes it.

    Raises:
        ConfigurationError: a topic is missing; the message names it.
    """
    found = await _ask(admin, names)
    missing = sorted(name for code, name, *_ in found if code == UnknownTopicOrPartitionError.errno)
    if missing:
        raise ConfigurationError(
            f"on {settings.brokers} these topics are missing: {', '.join(missing)}. "
            "Create them with `dateline topics create`; or is their prefix wrong?"
        )
    return found


async def _ask(admin: AIOKafkaAdminClient, names: Collection[str]) -> list[Any]:
    answer = await admin._send_request(TopicRights(list(names)))  # noqa: SLF001  (the public one may create topics)
    return list(answer.topics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a topic on the cluster has otherwise than the file."""

    topic: str
    what: str
    expected: str
    found: str


async def check(settings: Settings) -> list[Difference]:
    """Compare the cluster's topics with the file; an empty list means that they agree."""
    differences: list[Difference] = []
    async with admin_client(settings) as admin:
        asked = [settings.topic(name) for name in load().topics]
        present = {name: (code, partitions) for code, name, _, partitions, *_ in await _ask(admin, asked)}
        for name, spec in load().topics.items():
            topic = settings.topic(name)
            code, partitions = present[topic]
            if code in _NOT_THERE:
                found_as = _NOT_THERE[code]
                differences.append(Difference(topic=topic, what="topic", expected="exists", found=found_as))
                continue
            found = {"partitions": str(len(partitions))} | await _config(admin, topic)
            expected = {"partitions": str(spec.partitions)} | spec.config()
            differences += [
                Difference(topic=topic, what=what, expected=value, found=found.get(what, "not told"))
                for what, value in expected.items()
                if _canonical(found.get(what)) != _canonical(value)
            ]
    return differences


def _canonical(value: str | None) -> list[str]:
    # A cleanup policy is a set; brokers give it in their own order.
    return sorted((value or "").replace(" ", "").split(","))


async def _config(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    return {entry[0]: entry[1] for answer in answers for entry in answer.resources[0][4]}
