"""The page asks nobody for anything, and hostile texts stay texts."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.compare.limits import Allowed, judge
from streams.compare.webpage import webpage
from streams.markup import Safe, el, link
from streams.records import Actor, EventSpans, Place, Span
from tests.unit.compare.test_compare import diff, event

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\x00\x1b[2J\u202egnp.exe\ud800"


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def hostile_page() -> str:
    actor = Actor(name=HOSTILE.replace("\ud800", ""))
    text = HOSTILE.replace("\ud800", "")
    a = event(1, evidence=text, headline=text, source=(actor,), site=text, page_url="javascript:alert(1)")
    b = event(
        1, evidence=text, headline="H", target=(actor,), place=Place(name=text), mode=text, coder_version=text
    )
    return webpage(judge(diff([a, event(2)], [b, event(3)]), (Allowed.parse("1%"),)))


def test_hostile_texts_stay_texts() -> None:
    page = Page(hostile_page())
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert "<script>alert(1)</script>" in page.text
    assert all(not name.startswith("on") for _, given in page.tags for name in given)
    assert not re.search("[\x00\x1b\u202e]", page.text)


def test_the_page_asks_nobody() -> None:
    page = Page(hostile_page())
    assert {tag for tag, given in page.tags if "src" in given} == set()
    assert page.all("link") == []
    assert [given["href"] for given in page.all("a")] == [
        "https://one.example/1",
        *[f"https://one.example/{n}" for n in (2, 3)],
    ]
    (policy,) = [m["content"] for m in page.all("meta") if m.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "url(" not in hostile_page()


def test_the_page_names_its_verdict_counts_and_words() -> None:
    text = Page(hostile_page()).text
    assert "Failed" in text
    assert "100.00% of 3 events differ." in text


def test_the_words_of_an_event_are_marked() -> None:
    evidence = "Lavrov met Wang Yi"
    spans = EventSpans(
        trigger=Span(start=17, end=20), source=(Span(start=10, end=16),), target=(Span(start=21, end=28),),
        evidence=Span(start=10, end=28),
    )  # fmt: skip
    page = webpage(diff([event(1, evidence=evidence, spans=spans)], []))
    assert (
        '<mark class="source" title="source">Lavrov</mark> <mark class="trigger" title="trigger">met</mark>'
        in page
    )
    assert '<mark class="target" title="target">Wang Yi</mark>' in page


def test_spans_that_overlap_or_stand_outside_are_left_out() -> None:
    spans = EventSpans(
        trigger=Span(start=3, end=9),
        source=(Span(start=5, end=12), Span(start=90, end=99)),
        evidence=Span(start=0, end=20),
    )
    page = webpage(diff([event(1, spans=spans)], []))
    assert page.count("<mark ") == 1


def test_runs_without_a_difference_make_a_page_too() -> None:
    text = Page(webpage(diff([event(1)], [event(1)]))).text
    assert "0.00% of 1 events differ" in text
    assert "next example" in text
    assert Page(webpage(diff([event(1)], [event(1)]))).all("article") == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "", "http://[", "file:///etc"]
)
def test_only_web_addresses_are_links(url: str) -> None:
    assert link(url, "words") == "<span>words</span>"


@given(st.text())
def test_any_text_comes_back_as_text(text: str) -> None:
    page = Page(el("p", text, title=text))
    assert [tag for tag, _ in page.tags] == ["p"]
    assert isinstance(el("p", text), Safe)
    assert "<" not in el("b", text).removeprefix("<b>").removesuffix("</b>")
