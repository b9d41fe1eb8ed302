"""The kinds of faults. Each strikes, lasts for as long as chance says, and is undone."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Awaitable, Callable

import psutil

from tests.faults.world import SESSION_TIMEOUT, Slot, World, fill_disk, now

Fault = Callable[[World], Awaitable[None]]
KINDS: dict[str, Fault] = {}


def _kind(fault: Fault) -> Fault:
    KINDS[fault.__name__] = fault
    return fault


def possible(world: World) -> dict[str, str]:
    """Return the kinds that this machine cannot do, with the reason."""
    missing = {}
    if not world.has_small_disks:
        missing["full_disk"] = "no small disk can be mounted here"
    if not world.clock.environment:
        missing["clock_jump"] = "there is no C compiler"
    return missing


def _worker(world: World) -> Slot:
    return world.chance.choice([slot for slot in world.slots if slot.running] or world.slots)


async def _stay(world: World, least: float, most: float) -> None:
    await asyncio.sleep(world.chance.uniform(least, most))


@_kind
async def kill_worker(world: World) -> None:
    """kill -9, started again at once."""
    slot = _worker(world)
    if slot.running:
        slot.kill()


@_kind
async def lose_worker(world: World) -> None:
    """kill -9, and nobody starts it again before the others have taken over and done its work."""
    slot = _worker(world)
    slot.down = True
    if slot.running:
        slot.kill()
    # It has been found dead when pages of its partitions are finished: those that come from now on, too.
    await asyncio.sleep(1)
    await world.through(await world.ends("pages.raw"))
    world.recovered = now()
    slot.down = False


@_kind
async def kill_compute(world: World) -> None:
    """kill -9 of a process below a worker: one that computes, or the one that makes those."""
    slot = _worker(world)
    if slot.process and slot.running:
        children = psutil.Process(slot.process.pid).children(recursive=True)
        if children:
            world.chance.choice(children).kill()


@_kind
async def stop_worker(world: World) -> None:
    """SIGTERM, started again when it has ended."""
    slot = _worker(world)
    if slot.process and slot.running:
        slot.process.terminate()


@_kind
async def pause_worker(world: World) -> None:
    """SIGSTOP for longer than the session timeout: it wakes up and believes that it holds its partitions."""
    slot = _worker(world)
    if not (slot.process and slot.running):
        return
    process = slot.process
    process.send_signal(signal.SIGSTOP)
    await _stay(world, SESSION_TIMEOUT + 1, SESSION_TIMEOUT + 4)
    process.send_signal(signal.SIGCONT)


@_kind
async def rebalance(world: World) -> None:
    """A worker joins and leaves."""
    slot = world.add_slot()
    await _stay(world, 1.0, 8.0)
    await world.remove_slot(slot)


@_kind
async def kill_broker(world: World) -> None:
    """kill -9 of one broker of three."""
    broker = world.chance.choice(world.brokers.all)
    broker.kill()
    await _stay(world, 0.5, 6.0)
    broker.start()


@_kind
async def kill_all_brokers(world: World) -> None:
    """kill -9 of all brokers."""
    for broker in world.brokers.all:
        broker.kill()
    await _stay(world, 0.2, 3.0)
    for broker in world.brokers.all:
        broker.start()


@_kind
async def pause_broker(world: World) -> None:
    """SIGSTOP of one broker: its connections stay, and are silent."""
    broker = world.chance.choice(world.brokers.all)
    broker.pause(going=False)
    await _stay(world, 2.0, 8.0)
    broker.pause(going=True)


@_kind
async def slow_broker(world: World) -> None:
    """Latency to and from one broker, for clients."""
    broker = world.chance.choice(world.brokers.all)
    broker.proxy.delay = world.chance.uniform(0.1, 0.6)
    await _stay(world, 3.0, 8.0)
    broker.proxy.delay = 0.0


@_kind
async def cut_broker(world: World) -> None:
    """One broker's connections to clients break; brokers still see each other."""
    broker = world.chance.choice(world.brokers.all)
    await broker.proxy.cut()
    await _stay(world, 1.0, 6.0)
    broker.proxy.mend()


@_kind
async def too_few_replicas(world: World) -> None:
    """A topic wants more replicas in sync than there are: the broker refuses what is sent there."""
    name = world.chance.choice(["documents", "documents.enriched", "events.trade", "dead-letters", "seen"])
    await world.configure_topic(name, min_insync_replicas="4")
    await _stay(world, 1.0, 8.0)
    await world.configure_topic(name, min_insync_replicas="2")


@_kind
async def too_large(world: World) -> None:
    """What a stage made of a page is too large for its topic."""
    name = world.chance.choice(["documents", "documents.enriched"])
    await world.configure_topic(name, max_message_bytes="150000")
    fat = [world.load.fat() for _ in range(2)]
    # The same page twice, most often in one batch; and once more when there is room for it again.
    await world.load.send_now([*fat, *fat])
    ends = await world.ends("pages.raw")
    await world.through(ends)
    await world.configure_topic(name)
    await world.load.send_now(fat)


@_kind
async def full_disk(world: World) -> None:
    """No space is left where a worker keeps its tables."""
    slot = _worker(world)
    file = fill_disk(slot.settings.slot_dir)
    await _stay(world, 2.0, 6.0)
    file.unlink()


@_kind
async def corrupted_store(world: World) -> None:
    """Bytes of a table store are overwritten while the worker is away."""
    slot = _worker(world)
    slot.down = True
    if slot.running:
        slot.kill()
    files = [f for f in slot.tables.rglob("*") if f.is_file() and f.stat().st_size]
    for file in world.chance.sample(sorted(files), k=min(len(files), world.chance.randint(1, 6))):
        size = file.stat().st_size
        with file.open("r+b") as out:
            out.seek(world.chance.randrange(size))
            out.write(world.chance.randbytes(min(size, 512)))
    slot.down = False


@_kind
async def deleted_store(world: World) -> None:
    """The table store is gone: it is made again from its changelog."""
    slot = _worker(world)
    slot.down = True
    if slot.running:
        slot.kill()
    shutil.rmtree(slot.tables, ignore_errors=True)
    slot.down = False


@_kind
async def clock_jump(world: World) -> None:
    """The clock of the workers jumps, and jumps back."""
    world.clock.jump(world.chance.choice([-86_400, -3_000, -60, 45, 1_800, 7_200, 40 * 86_400]))
    await _stay(world, 2.0, 6.0)
    world.clock.jump(0)
