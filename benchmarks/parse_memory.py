"""Memory of one process that parses 20,000 different pages.

python benchmarks/parse_memory.py [--pages 20000]

The golden pages, each with a paragraph and a class of its own, so that no page is seen twice.
Exit status 1 when the last half of the pages takes more than 5 MB beyond the first.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from pathlib import Path

import psutil

from streams.errors import InvalidPage
from streams.parse import Page, parse

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
MAX_GROWTH = 5.0
STEPS = 10


def sources() -> list[tuple[str, bytes]]:
    return [
        ("text/plain" if path.name.endswith(".txt.gz") else "text/html", gzip.decompress(path.read_bytes()))
        for path in sorted(GOLDEN.glob("*.gz"))
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=20_000)
    pages = parser.parse_args().pages
    found = sources()
    process = psutil.Process()
    resident = []
    for number in range(pages):
        content_type, body = found[number % len(found)]
        # A class, an address and a word that no page before had: caches by name must not grow without end.
        own = f'<p class="c{number} box-{number}">The number of this page is {number}, the harbour said.</p>'
        page = body.replace(b"</p>", b"</p>" + own.encode(), 1)
        try:
            parse(Page.from_bytes(page, url=f"https://h{number}.example/{number}", content_type=content_type))
        except InvalidPage as error:
            print(f"refused: {error}", file=sys.stderr)
        if (number + 1) % max(1, pages // STEPS) == 0:
            resident.append(process.memory_info().rss / 1e6)
            print(f"{number + 1:7} pages  {resident[-1]:6.1f} MB", flush=True)
    growth = resident[-1] - resident[len(resident) // 2 - 1]
    print(f"growth over the last half: {growth:.1f} MB")
    return int(growth > MAX_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
