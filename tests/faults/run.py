"""Faults at random moments under load, and an account of every page at the end.

``python -m tests.faults.run --faults 200 --seed 7``; see docs/faults.md. Needs Java, and Maven for the
first fetch. Exit status 1 when a page is lost, an event id doubled, or a fault not recovered from.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import random
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from streams.broker.event_log import standing
from streams.verify import Report, verify
from tests.faults.kinds import KINDS, possible
from tests.faults.world import World, now

PATIENCE = 240.0


@dataclass
class Struck:
    """One fault that was done."""

    kind: str
    at: float
    #: Seconds until the fault was undone, and until all pages that stood there then were finished.
    lasted: float
    recovered: float
    #: Seconds until all workers were ready as well.
    ready: float


@dataclass
class Outcome:
    """One run."""

    seed: int
    struck: list[Struck]
    report: Report
    confirmed: int
    gone: list[str]
    retries: int
    exits: dict[str, int]
    seconds: float
    skipped: dict[str, str]

    @property
    def holds(self) -> bool:
        return self.report.holds and not self.gone and not self.report.waiting


def say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def schedule(chance: random.Random, kinds: list[str], count: int) -> list[str]:
    """Every kind as often as the others, in an order that chance gives."""
    order: list[str] = []
    while len(order) < count:
        order += chance.sample(kinds, k=len(kinds))
    return order[:count]


async def strike(world: World, kind: str, began: float) -> Struck:
    """Do one fault, and wait until the pages that stood on the topic at its end are finished."""
    started = now()
    try:
        async with asyncio.timeout(PATIENCE):
            await KINDS[kind](world)
            lasted = now() - started
            await world.through(await world.ends("pages.raw"))
            recovered = (world.recovered if world.recovered > started else now()) - started
            await world.all_ready(PATIENCE)
    except TimeoutError:
        say(f"{kind}: not recovered within {PATIENCE:g} s")
        raise
    return Struck(kind, started - began, lasted, recovered, now() - started)


async def run(folder: Path, *, seed: int, faults: int, rate: float, kinds: list[str]) -> Outcome:
    """Run so many faults; order and details follow from the seed, the moments do not."""
    chance = random.Random(seed)
    began = now()
    world = World(folder, chance, rate=rate)
    struck: list[Struck] = []
    async with world.running():
        skipped = {k: v for k, v in possible(world).items() if k in kinds}
        say(f"seed {seed}: {faults} faults; {len(world.slots)} workers ready after {now() - began:.1f} s")
        for number, kind in enumerate(
            schedule(random.Random(seed), [k for k in kinds if k not in skipped], faults), 1
        ):
            await asyncio.sleep(chance.uniform(0.2, 1.5))
            done = await strike(world, kind, began)
            struck.append(done)
            say(f"{number:3} {kind:17} lasted {done.lasted:5.1f} s, recovered after {done.recovered:5.1f} s")
        await world.load.stop()
        say("load stopped; accounting")
        await world.through(await world.ends("pages.raw"))
        report = await verify(world.settings, wait=60)
        exits: dict[str, int] = {}
        for slot in world.slots:
            for status in slot.statuses:
                exits[str(status)] = exits.get(str(status), 0) + 1
        return Outcome(
            seed, struck, report, len(world.load.confirmed), await _gone(world), world.load.retries, exits,
            now() - began, skipped,
        )  # fmt: skip


async def _gone(world: World) -> list[str]:
    """Return the places of pages that the brokers confirmed and do not have."""
    standing_now = {
        (record.partition, record.offset): (record.value or b"")[:64]
        async for record in standing(world.settings, "pages.raw")
    }
    return [
        f"{partition}/{offset}"
        for (partition, offset), head in world.load.confirmed.items()
        if standing_now.get((partition, offset)) != head
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--faults", type=int, default=200, help="how many (200)")
    parser.add_argument("--seed", type=int, default=None, help="chooses order and details")
    parser.add_argument("--rate", type=float, default=6.0, help="pages a second, on average (6)")
    parser.add_argument("--kind", choices=list(KINDS), action="append", help="only this kind; several times")
    parser.add_argument("--json", type=Path, help="write everything to this file")
    parser.add_argument("--keep", type=Path, help="work in this new folder and keep it")
    given = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    seed = random.randrange(1_000_000) if given.seed is None else given.seed
    folder = given.keep or Path(tempfile.mkdtemp(prefix="dateline-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        outcome = asyncio.run(
            run(folder, seed=seed, faults=given.faults, rate=given.rate, kinds=given.kind or list(KINDS))
        )
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    if given.json:
        given.json.write_text(json.dumps(asdict(outcome), indent=1))
    from tests.faults.table import table  # noqa: PLC0415

    sys.stdout.write(table(outcome) + "\n")
    sys.exit(0 if outcome.holds else 1)


if __name__ == "__main__":
    main()
