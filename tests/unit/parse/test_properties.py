"""What holds for every page: only InvalidPage is raised, the result is the same twice, spans are valid."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.errors import InvalidPage
from streams.parse import Limits, Page, parse
from streams.parse.decode import decode
from streams.records import Document, encode

TAGS = [
    "div",
    "p",
    "h1",
    "h3",
    "a",
    "li",
    "ul",
    "table",
    "td",
    "span",
    "script",
    "time",
    "br",
    "article",
    "nav",
    "title",
]
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(
        ['<a href="/n/1">', '<time datetime="2025-04-11">', "<!--", "-->", "<", "&amp;", "&#0;", '"', "\n\n"]
    ),
    st.sampled_from(
        [
            "Read more",
            "The minister said on Monday that the talks would go on. ",
            "Headline of five words here",
        ]
    ),
    st.text(max_size=30),
)
MARKUP = st.lists(PIECES, max_size=60).map("".join)
KINDS = st.sampled_from(
    ["text/html", "text/plain", "text/html; charset=windows-1251", "", "text/html; charset=none"]
)


def outcome(body: bytes, kind: str) -> tuple[Document, ...] | str:
    try:
        return parse(Page.from_bytes(body, url="https://press.example/a", content_type=kind))
    except InvalidPage as error:
        return str(error)


@given(st.binary(max_size=400), KINDS)
def test_any_bytes_give_documents_or_a_reason(body: bytes, kind: str) -> None:
    first = outcome(body, kind)
    assert first
    assert outcome(body, kind) == first


@settings(max_examples=300)
@given(MARKUP, KINDS)
@example("0\x1f\r" + "The minister said on Monday that the talks would go on. " * 2, "text/plain")
def test_documents_are_whole(source: str, kind: str) -> None:
    body = source.encode("utf-8", "surrogatepass")
    found = outcome(body, kind)
    if isinstance(found, str):
        return
    text = decode(body, kind, Limits())
    assert [document.order for document in found[1:]] == list(
        range(found[0].order + 1, found[0].order + len(found))
    )
    assert all(document.kind == "teaser" for document in found[1:])
    assert len({document.document_id for document in found if document.kind == "teaser"}) >= len(found) - 1
    for document in found:
        assert document.text.strip()
        assert encode(document)
        check_parts(document, text)


def check_parts(document: Document, page: str) -> None:
    lines = {part.text: part.page for part in document.parts}
    assert len(lines) == len(document.parts)
    for part in document.parts:
        line = document.text[part.text.start : part.text.end]
        assert "\n" not in line
        assert line in document.text.split("\n")
        seen = page[part.page.start : part.page.end]
        assert seen.strip() == seen
        assert line[0] == seen[0] or seen[0] in "&<\x00\u00ad"
    for before, after in pairwise(document.parts):
        assert before.text.end < after.text.start
