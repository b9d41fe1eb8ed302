"""The embedded broker: a small Kafka-compatible server in a child process, for trying Dateline out.

It is noida-db, an optional extra. Its data lives in memory and in one snapshot file: what it
acknowledged in the last moment before a kill can be lost. It listens on loopback only.
"""

from __future__ import annotations

import importlib.util
import socket
import subprocess
from pathlib import Path

from streams.errors import ConfigurationError
from streams.ops.processes import die_with_parent, stop_process


def free_port(preferred: int, *, host: str = "127.0.0.1") -> int:
    """Return the preferred port if nobody listens there, else any free one; 0 prefers none."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ConfigurationError(f"no free port on {host}")


def executable() -> Path:
    """Return the broker's program.

    Raises:
        ConfigurationError: the optional extra is not installed.
    """
    spec = importlib.util.find_spec("noida_db")
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "the embedded broker is not installed: pip install 'dateline[embedded]', "
            "or name your own Kafka with DATELINE_BROKERS"
        )
    return Path(spec.origin).with_name("noida-db")


class EmbeddedBroker:
    """A running embedded broker; stop it with :meth:`stop`."""

    def __init__(self, data_dir: Path, *, port: int = 0) -> None:
        """Start the broker; it may take a moment until it answers (``wait_for_broker``)."""
        self.port = free_port(port)
        self.address = f"127.0.0.1:{self.port}"
        data_dir.mkdir(parents=True, exist_ok=True)
        self._log = (data_dir / "broker.log").open("ab")
        self.process = subprocess.Popen(  # noqa: S603  (our own program)
            [
                str(executable()), "start", "--data-dir", str(data_dir),
                "--only", "kafka", "--kafka-port", str(self.port),
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for `dateline up`, which then ends its children in order
            preexec_fn=die_with_parent,  # noqa: PLW1509  (one thread so far; a C call and nothing else)
        )  # fmt: skip

    def stop(self, *, timeout: float = 3.0) -> None:
        """Stop the broker, by force when it does not end within the time."""
        stop_process(self.process, timeout=timeout)
        self._log.close()
