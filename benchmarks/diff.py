"""Time and memory of `dateline diff`: 1,000,000 events against 1,000,000.

python -m benchmarks.diff [--events 1000000] [--case usual|recoded|moved|strangers|same] [--gzip]

The events are those of the sample pages, each with a document, page and site of its own. Cases:
  same       byte for byte alike
  usual      another coder version on every event; 2% changed, 1% with another id, 1% gone, 1% added
  recoded    every event changed in a field
  moved      every event with another id and another document: found again by page and sentence
  strangers  no event of one run in the other
Exit status 1 when it takes 60 s or 1 GB, the limits for a million.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from streams import pipeline, samples
from streams.records import encode

CASES = ("usual", "same", "recoded", "moved", "strangers")
MAX_SECONDS, MAX_MEGABYTES = 60.0, 1000.0


def templates() -> list[dict[str, Any]]:
    return [orjson.loads(encode(event)) for page in samples.load() for event in pipeline.code(page)[1]]


def digest(*fields: object) -> str:
    return hashlib.blake2b(repr(fields).encode(), digest_size=16).hexdigest()


def event(template: dict[str, Any], number: int, run: str, case: str) -> Iterator[dict[str, Any]]:
    site = f"site{number % 997}.example"
    page = f"https://{site}/{number // 7}"
    found = template | {"event_id": digest("e", number), "document_id": digest("d", number // 3)}
    found |= {"site": site, "page_url": page, "evidence": f"{template['evidence']} ({number})"}
    share = number % 100
    if run == "b" and case != "same":
        found["coder_version"] = "0.2.0+00000000"
        if case == "recoded" or (case == "usual" and share < 2):
            found["confidence"] = round(found["confidence"] / 2, 4)
        if case == "moved":
            found |= {"event_id": digest("m", number), "document_id": digest("n", number // 3)}
        if case == "strangers":
            found |= {"event_id": digest("s", number), "document_id": digest("t", number // 3)}
            found["page_url"] += "/other"
        if case == "usual" and share == 2:
            found |= {"event_id": digest("r", number), "source": [], "confidence": 0.5}
        if case == "usual" and share == 3:
            return
    if run == "a" and case == "usual" and share == 4:
        return
    yield found


def write(path: Path, number: int, run: str, case: str, *, packed: bool) -> None:
    made = templates()
    with gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb") as file:
        for n in range(number):
            for one in event(made[n % len(made)], n, run, case):
                file.write(orjson.dumps(one) + b"\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--gzip", action="store_true")
    given = parser.parse_args()
    worst = 0
    for case in given.case or CASES:
        with tempfile.TemporaryDirectory() as folder:
            suffix = ".jsonl.gz" if given.gzip else ".jsonl"
            runs = [Path(folder) / f"{run}{suffix}" for run in "ab"]
            for run, path in zip("ab", runs, strict=True):
                write(path, given.events, run, case, packed=given.gzip)
            size = sum(path.stat().st_size for path in runs) / 1e6
            started = time.monotonic()
            files = [*map(str, runs), "--json", "--html", f"{folder}/r.html"]
            command = [sys.executable, "-m", "streams", "diff", *files]
            done = subprocess.Popen(command, stdout=subprocess.PIPE)
            assert done.stdout is not None
            report = orjson.loads(done.stdout.read())
            _, status, used = os.wait4(done.pid, 0)
            seconds = time.monotonic() - started
            assert status == 0
            cpu = used.ru_utime + used.ru_stime
            megabytes = used.ru_maxrss / 1000
            counts = {kind: report["totals"][kind] for kind in ("same", "changed", "gone", "added")}
            took = f"{seconds:6.1f} s  {cpu:6.1f} s CPU  {megabytes:5.0f} MB peak"
            print(f"{case:<10} {size:7.0f} MB  {took}  {counts}", flush=True)
            worst |= int(seconds >= MAX_SECONDS or megabytes >= MAX_MEGABYTES)
    return worst


if __name__ == "__main__":
    sys.exit(main())
