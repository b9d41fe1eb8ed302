"""Fuzz parse for a bounded time: ``make fuzz``, or ``python tests/fuzz/fuzz_parse.py -max_total_time=60``.

libFuzzer (atheris) changes the golden pages byte by byte and keeps what reaches new code. Whatever the
bytes, parse gives documents or raises InvalidPage, the same both times, within the time and the memory
that stand below. Arguments are libFuzzer's own; an input that fails is written to a file named in the
output, and ``python tests/fuzz/fuzz_parse.py FILE`` repeats it.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["streams.parse"]):
    from streams.parse import Page, parse
from streams.errors import InvalidPage
from streams.records import Document, encode

GOLDEN = Path(__file__).parents[1] / "golden"
KINDS = (
    "text/html",
    "text/plain",
    "text/html; charset=windows-1251",
    "",
    "application/xhtml+xml; charset=none",
)
# What pages are made of: changing bytes at random would seldom hit upon a tag.
WORDS = (
    "<div>", "</div>", "<p>", "</p>", "<h1>", "</h1>", "<a href=", "</a>", "<table>", "<tr>", "<td>", "<li>",
    "<span class=", "<script>", "</script>", "<script type='application/ld+json'>", "<!--", "-->",
    "<![CDATA[", "<time datetime=", "<meta ", "property=", "content=", "<title>", "<nav>", "<article>",
    "&amp;", "&#0;", "&#x10ffff;", "datePublished", "articleBody",
)  # fmt: skip
LIMITS = ("-timeout=10", "-rss_limit_mb=600", "-max_len=65536")


def outcome(body: bytes, kind: str) -> tuple[Document, ...] | str:
    """Return the documents, or the reason why there are none."""
    try:
        return parse(Page.from_bytes(body, url="https://press.example/a", content_type=kind))
    except InvalidPage as error:
        return str(error)


def check(data: bytes) -> None:
    """Read one input: its first byte chooses the content type, the rest is the page."""
    kind, body = KINDS[data[0] % len(KINDS)] if data else "", data[1:]
    found = outcome(body, kind)
    assert found, "neither a document nor a reason"
    assert outcome(body, kind) == found, "a second reading differs"
    if not isinstance(found, str):
        for document in found:
            assert document.text.strip(), "a document without text"
            encode(document)


def seed(folder: Path) -> None:
    """Write the golden pages as inputs to start from."""
    for path in sorted(GOLDEN.glob("*.gz")):
        kind = b"\x01" if path.name.endswith(".txt.gz") else b"\x00"
        (folder / path.stem).write_bytes(kind + gzip.decompress(path.read_bytes()))


def main() -> None:
    """Run the command."""
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile("w") as words:
        seed(Path(folder))
        words.write("".join(f'"{word}"\n' for word in WORDS))
        words.flush()
        given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
        inputs = given or [folder]
        options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
        atheris.Setup([sys.argv[0], *LIMITS, f"-dict={words.name}", *options, *inputs], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
