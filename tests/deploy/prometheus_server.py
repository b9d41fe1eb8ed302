"""A real Prometheus on our configuration and rules, and how to ask it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import yaml

CONFIG = Path(__file__).parents[2] / "deploy" / "prometheus" / "prometheus.yml"
ANSWER_WITHIN_S = 60.0
POLL_S = 0.25


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_prometheus(directory: Path, target: str) -> Iterator[str]:
    """Run our configuration on one worker, scraped more often than in production; give its address."""
    config = yaml.safe_load(CONFIG.read_text())
    config["global"] |= {"scrape_interval": "250ms", "scrape_timeout": "250ms", "evaluation_interval": "1s"}
    (job,) = config["scrape_configs"]
    job["static_configs"] = [{"targets": [target]}]
    (directory / "prometheus.yml").write_text(yaml.safe_dump(config))
    shutil.copytree(CONFIG.parent / "rules", directory / "rules")
    address = f"127.0.0.1:{free_port()}"
    command = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data"]
    with (directory / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [*command, f"--web.listen-address={address}"], cwd=directory, stdout=log, stderr=log
        )
    try:
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=30)


class RefusedError(Exception):
    """The server will not run a query."""


def ask(prometheus: str, expr: str) -> list[float]:
    """Return the values that a query gives now; [] when the server does not answer yet.

    Raises:
        RefusedError: it is not a query.
    """
    try:
        with urlopen(f"{prometheus}/api/v1/query?{urlencode({'query': expr})}", timeout=5) as answer:  # noqa: S310
            data: dict[str, Any] = json.load(answer)
    except HTTPError as error:
        with error:
            if error.code != 503:
                raise RefusedError(f"{error.code} for {expr}: {error.read().decode()}") from error
        return []
    except URLError:
        return []
    return [float(sample["value"][1]) for sample in data["data"]["result"]]


def wait_for(condition: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Poll until nothing is missing; return what still is when the time is over."""
    end = time.monotonic() + ANSWER_WITHIN_S
    while (missing := condition()) and time.monotonic() < end:
        time.sleep(POLL_S)
    return missing
