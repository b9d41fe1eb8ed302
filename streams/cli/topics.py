"""``dateline topics``."""

from __future__ import annotations

import asyncio
import dataclasses
import sys

import click
import orjson

from streams import settings as settings_module
from streams.broker import acls, topics
from streams.broker.client import wait_for_broker


@click.group("topics", short_help="Create and check the topics, list the rights on them")
def command() -> None:
    """Create the topics of schemas/topics.yaml on a cluster, or compare the cluster with it.

    \b
    Example:
      dateline topics create --replication 3 && dateline topics check
    """


@command.command("create")
@click.option("--replication", type=click.IntRange(1), help="Replicas of each topic; 3 in production.")
def create(replication: int | None) -> None:
    """Create the topics that are missing; those that exist are left alone."""
    settings = settings_module.load()

    async def run() -> list[str]:
        await wait_for_broker(settings)
        return await topics.create(settings, replication=replication)

    for name in asyncio.run(run()):
        click.echo(name)


@command.command("check")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines.")
def check(*, as_json: bool) -> None:
    """Exit with 1 when the cluster differs from schemas/topics.yaml, and say where."""
    settings = settings_module.load()

    async def run() -> list[topics.Difference]:
        await wait_for_broker(settings)
        return await topics.check(settings)

    differences = asyncio.run(run())
    for d in differences:
        if as_json:
            click.echo(orjson.dumps(dataclasses.asdict(d)).decode())
        else:
            click.echo(f"{d.topic}: {d.what} is {d.found}, expected {d.expected}")
    click.echo(f"{len(differences)} differences", err=True)
    sys.exit(1 if differences else 0)


@command.command("acls")
@click.option("--role", type=click.Choice(list(acls.ROLES)), default="worker", show_default=True, help="Who.")
@click.option("--topic", type=click.Choice(list(topics.load().topics)), help="That `archive add` keeps.")
@click.option("--shadow", metavar="PREFIX", help="Of a `replay` to shadow:PREFIX.")
@click.option("--principal", help="The user on the cluster; User:<DATELINE_SASL_USERNAME> unless set.")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines.")
def print_acls(
    role: str, topic: str | None, shadow: str | None, principal: str | None, *, as_json: bool
) -> None:
    """Print the least rights that a part of Dateline needs, as options of kafka-acls.sh.

    \b
    Example:
      dateline topics acls --principal User:dateline |
        xargs -L 1 kafka-acls.sh --bootstrap-server kafka:9092 --command-config admin.properties
      dateline topics acls --role "archive add" --topic events.trade
    """
    for option, value, of in (("--topic", topic, "archive add"), ("--shadow", shadow, "replay")):
        if value is not None and role != of:
            raise click.UsageError(f"{option} is for --role '{of}'")
    settings = settings_module.load()
    who = principal or f"User:{settings.sasl_username or 'dateline'}"
    for right in acls.rights(role, settings, topic=topic, shadow=shadow):
        if as_json:
            click.echo(orjson.dumps({"principal": who} | right._asdict()).decode())
        else:
            click.echo(acls.command(right, who))
