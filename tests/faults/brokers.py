"""Three Apache Kafka brokers on loopback, each combined with a controller, each behind a proxy."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from deploy.kafka import kafka
from streams.ops.processes import die_with_parent
from tests.faults.proxy import Proxy

COUNT = 3
HEAP = "256m"
#: Sooner than the defaults, so that a run has time for many faults; with replication, as in production.
_SETTINGS = {
    "default.replication.factor": 3,
    "min.insync.replicas": 2,
    "offsets.topic.replication.factor": 3,
    "transaction.state.log.replication.factor": 3,
    "transaction.state.log.min.isr": 2,
    "share.coordinator.state.topic.replication.factor": 3,
    "share.coordinator.state.topic.min.isr": 2,
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 3000,
    "replica.lag.time.max.ms": 4000,
    "unclean.leader.election.enable": "false",
    "num.network.threads": 2,
    "num.io.threads": 4,
    "log.cleaner.dedupe.buffer.size": 4194304,
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT",
    "inter.broker.listener.name": "INTERNAL",
}


class Broker:
    """One of the brokers; what it holds outlives its process."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number, self.folder = number, folder
        folder.mkdir(parents=True)
        self.client, self.internal, self.controller = (kafka.free_port() for _ in range(3))
        self.proxy = Proxy(self.client)
        self.process: subprocess.Popen[bytes] | None = None

    def configure(self, voters: str) -> Path:
        own = {
            "node.id": self.number,
            "controller.quorum.voters": voters,
            "listeners": f"CLIENT://127.0.0.1:{self.client},INTERNAL://127.0.0.1:{self.internal},"
            f"CONTROLLER://127.0.0.1:{self.controller}",
            "advertised.listeners": f"CLIENT://127.0.0.1:{self.proxy.port},"
            f"INTERNAL://127.0.0.1:{self.internal}",
            "log.dirs": self.folder / "log",
        }
        path = self.folder / "server.properties"
        lines = "".join(f"{key}={value}\n" for key, value in (_SETTINGS | own).items())
        path.write_text((kafka.HERE / "server.properties").read_text() + "\n# This run\n" + lines)
        return path

    def format(self, cluster: str) -> None:
        command = [*kafka.java_command("128m", "-XX:TieredStopAtLevel=1"), "kafka.tools.StorageTool"]
        command += ["format", f"--cluster-id={cluster}", f"--config={self.folder / 'server.properties'}"]
        subprocess.run(command, check=True, capture_output=True)

    def start(self) -> None:
        command = kafka.java_command(HEAP, "-XX:TieredStopAtLevel=1")
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "kafka.Kafka", self.folder / "server.properties"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  (a C call and nothing else)
            )

    def kill(self) -> None:
        """kill -9: what was written stays in the system's page cache, as after any crash of a process."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def pause(self, *, going: bool) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT if going else signal.SIGSTOP)


class Brokers:
    """The cluster."""

    def __init__(self, folder: Path) -> None:
        self.all = [Broker(number, folder / f"broker-{number}") for number in range(1, COUNT + 1)]

    @property
    def address(self) -> str:
        return ",".join(f"127.0.0.1:{broker.proxy.port}" for broker in self.all)

    async def start(self) -> None:
        for broker in self.all:
            await broker.proxy.start()
        voters = ",".join(f"{b.number}@127.0.0.1:{b.controller}" for b in self.all)
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        for broker in self.all:
            broker.configure(voters)
        await asyncio.gather(*(asyncio.to_thread(broker.format, cluster) for broker in self.all))
        for broker in self.all:
            broker.start()

    async def stop(self) -> None:
        for broker in self.all:
            if broker.process and broker.process.poll() is None:
                broker.kill()
            await broker.proxy.stop()
