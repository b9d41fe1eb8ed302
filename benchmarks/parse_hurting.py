"""Time and memory of parse on the pages that stop other readers, each in a process of its own.

python benchmarks/parse_hurting.py

Exit status 1 when a page takes a second or 300 MB.
"""

from __future__ import annotations

import multiprocessing
import resource
import runpy
import sys
import time
from pathlib import Path

from streams.errors import InvalidPage
from streams.parse import Page, parse

PAGES = Path(__file__).parents[1] / "tests" / "unit" / "parse" / "test_hurting.py"
MAX_SECONDS = 1.0
MAX_MEGABYTES = 300


def measure(job: tuple[bytes, str]) -> tuple[float, int, str]:
    body, content_type = job
    page = Page.from_bytes(body, url="https://press.example/x", content_type=content_type)
    begin = time.process_time()
    try:
        found = f"{len(parse(page))} documents"
    except InvalidPage as error:
        found = str(error)
    seconds = time.process_time() - begin
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, found


def main() -> int:
    pages: dict[str, tuple[bytes, str]] = runpy.run_path(str(PAGES))["PAGES"]
    worst = False
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for name, job in pages.items():
            seconds, megabytes, found = pool.apply(measure, (job,))
            worst = worst or seconds > MAX_SECONDS or megabytes > MAX_MEGABYTES
            print(f"{name:20} {len(job[0]) / 1e6:6.2f} MB  {seconds:5.2f} s  {megabytes:4d} MB  {found}")
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
