"""Run one real Apache Kafka server on loopback, from its Maven artefacts.

``fetch`` copies the jars into ``.cache/kafka/<version>`` unless they are there; ``start`` formats
the data directory when it is new, prints the bootstrap address and becomes the server: the
process id stays the same, so SIGTERM stops it cleanly. Only the standard library is used, so
that it runs before any virtual environment is made.

Needs Java 17 or later, and Maven for the first fetch. ``DATELINE_KAFKA_HOME`` names an unpacked
Kafka (or a directory of its jars) to use instead.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path
from xml.etree import ElementTree as ET

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "kafka"
MINIMUM_JAVA = 17
HEAP_PATTERN = re.compile(r"\d+[kKmMgG]")


class KafkaError(Exception):
    """The server cannot be fetched or started; the message says what to do."""


def version() -> str:
    """Return the Kafka version that pom.xml names."""
    # The file is ours and stands beside this one.
    found = ET.parse(HERE / "pom.xml").findtext(".//{*}kafka.version")  # noqa: S314
    assert found is not None
    return found


def jars() -> Path:
    """Return the directory of the server's jars, fetching them when it is not there.

    Raises:
        KafkaError: ``DATELINE_KAFKA_HOME`` holds no Kafka, or Maven is missing or fails.
    """
    home = os.environ.get("DATELINE_KAFKA_HOME")
    if not home:
        return _fetched(CACHE / version())
    for directory in (Path(home, "libs"), Path(home)):
        if any(directory.glob("kafka_2.*.jar")):
            return directory
    raise KafkaError(f"DATELINE_KAFKA_HOME={home} holds no kafka_2.*.jar, nor does its folder libs")


def _fetched(target: Path) -> Path:
    if target.is_dir():
        return target
    maven = _tool("mvn", "Maven", "or set DATELINE_KAFKA_HOME to an unpacked Kafka")
    CACHE.mkdir(parents=True, exist_ok=True)
    # Filled aside and renamed: a fetch that was broken off, or a second one, leaves nothing half done.
    with tempfile.TemporaryDirectory(dir=CACHE) as aside:
        libs = Path(aside, "libs")
        command = [maven, "-B", "-q", "--strict-checksums", "-f", str(HERE / "pom.xml")]
        command += ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={libs}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0 or not libs.is_dir():
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[:12])
            raise KafkaError(f"Maven could not fetch Kafka {version()} (no network?):\n{said}")
        if not target.is_dir():
            libs.rename(target)
    return target


def _tool(name: str, title: str, otherwise: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise KafkaError(f"{title} was not found: put '{name}' on the PATH, {otherwise}")
    return path


def java() -> str:
    """Return the path of Java.

    Raises:
        KafkaError: there is none, or it is older than Kafka needs.
    """
    home = os.environ.get("JAVA_HOME")
    beside = Path(home, "bin", "java") if home else None
    path = str(beside) if beside and beside.exists() else _tool("java", "Java", "or set JAVA_HOME")
    said = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < MINIMUM_JAVA:
        raise KafkaError(f"Kafka {version()} needs Java {MINIMUM_JAVA} or later; {path} says: {said.strip()}")
    return path


def free_port() -> int:
    """Return a loopback port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def configure(data_dir: Path, port: int, controller_port: int, more: Path | None = None) -> Path:
    """Write the server's settings for this run into the data directory; return the file.

    Those of the file ``more`` come last, and so win.
    """
    settings = {
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller_port}",
        "log.dirs": data_dir / "log",
    }
    path = data_dir / "server.properties"
    lines = "".join(f"{key}={value}\n" for key, value in settings.items())
    asked = more.read_text() if more else ""
    path.write_text((HERE / "server.properties").read_text() + "\n# This run\n" + lines + asked)
    return path


def java_command(heap: str, *options: str) -> list[str]:
    """Return the words that run Java on the server's jars, without the class to run."""
    logging = f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"
    return [java(), f"-Xmx{heap}", "-XX:+UseSerialGC", *options, logging, "-cp", f"{jars()}/*"]


def format_storage(data_dir: Path, config: Path, users: list[str]) -> None:
    """Give a new data directory its cluster id and SCRAM users; do nothing to one that has it.

    Raises:
        KafkaError: the storage tool fails.
    """
    if (data_dir / "log" / "meta.properties").exists():
        return
    cluster = urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
    # The compiler's first tier is enough for a process of a second.
    command = [*java_command("128m", "-XX:TieredStopAtLevel=1"), "kafka.tools.StorageTool", "format"]
    command += [f"--cluster-id={cluster}", "--standalone", f"--config={config}"]
    command += [f"--add-scram={user}" for user in users]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise KafkaError(f"the storage in {data_dir} could not be formatted:\n{done.stdout}{done.stderr}")


def die_with_parent() -> None:
    """Ask Linux to send SIGTERM when the process that started this one ends; execv keeps the wish.

    Raises:
        KafkaError: this system has no such thing.
    """
    pdeathsig = 1  # PR_SET_PDEATHSIG
    if not sys.platform.startswith("linux") or ctypes.CDLL(None).prctl(pdeathsig, signal.SIGTERM) != 0:
        raise KafkaError("--die-with-parent works on Linux only")


def start(chosen: argparse.Namespace) -> None:
    """Become the server that the command line asks for; returns only by raising.

    Raises:
        KafkaError: the jars, Java or the storage are not to be had.
    """
    data_dir = chosen.data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    port, controller_port = chosen.port or free_port(), chosen.controller_port or free_port()
    config = configure(data_dir, port, controller_port, chosen.properties)
    format_storage(data_dir, config, chosen.add_scram)
    command = [*java_command(chosen.heap), "kafka.Kafka", str(config)]
    print(f"127.0.0.1:{port}", flush=True)
    os.execv(command[0], command)  # noqa: S606


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="deploy/kafka", description=__doc__.splitlines()[0] if __doc__ else None
    )
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch", help="fetch the jars and print their directory")
    starting = commands.add_parser("start", help="start a broker and print its bootstrap address")
    option = starting.add_argument
    option("--data-dir", type=Path, required=True, help="where the server keeps its data")
    option("--port", type=int, default=0, help="clients' port (default: a free one)")
    option("--controller-port", type=int, default=0, help="controller's port (default: a free one)")
    option("--heap", type=_heap, default="512m", help="largest Java heap (default: %(default)s)")
    option("--properties", type=Path, metavar="FILE", help="more settings of the server; they win over ours")
    option(
        "--add-scram",
        action="append",
        default=[],
        metavar="USER",
        help="a SCRAM user of a new data directory, as kafka-storage.sh takes it",
    )
    option("--die-with-parent", action="store_true", help="stop when the process that called this ends")
    return top


def _heap(text: str) -> str:
    if HEAP_PATTERN.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 512m")
    return text


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code: 0 done, 1 failed (2, wrong use, comes from argparse)."""
    chosen = parser().parse_args(arguments)
    try:
        if chosen.command == "fetch":
            print(jars())
        else:
            if chosen.die_with_parent:
                die_with_parent()
            start(chosen)
    except KafkaError as error:
        print(f"kafka: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
