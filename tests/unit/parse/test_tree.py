"""The tree: blocks, links, marks and the places of both in the source."""

# ruff: noqa: E501 - pages and dates are written in one line
from __future__ import annotations

from streams.parse import markup
from streams.parse.limits import Limits
from streams.parse.lines import build as build_lines
from streams.parse.marks import Mark, marks_of_names
from streams.parse.markup import build
from streams.parse.tree import Block


def blocks(source: str) -> list[Block]:
    return build(source, Limits()).blocks


def test_a_block_knows_its_place_in_the_source() -> None:
    source = "<div><p> Ships <b>sail</b>&nbsp;again </p><p>x</p></div>"
    block = blocks(source)[0]
    assert block.text == "Ships sail again"
    assert source[block.start : block.end] == "Ships <b>sail</b>&nbsp;again"


def test_items_and_paragraphs_close_one_another() -> None:
    found = blocks("<ul><li>one<li>two<ul><li>deep</ul><li>three</ul><p>a<p>b<div>c</div>")
    assert [block.text for block in found] == ["one", "two", "deep", "three", "a", "b", "c"]
    assert found[0].node.parent is found[1].node.parent is found[3].node.parent
    assert found[4].node.parent is found[5].node.parent


def test_two_breaks_end_a_paragraph_and_one_does_not() -> None:
    assert [block.text for block in blocks("<div>a<br>b<br><br>c</div>")] == ["a b", "c"]


def test_links_cover_their_own_text() -> None:
    block = blocks('<p>See <a href="/n?a=1&amp;b=2">the whole story</a> here</p>')[0]
    assert [(link.href, link.chars) for link in block.links] == [("/n?a=1&b=2", len("the whole story"))]


def test_text_of_scripts_menus_and_readings_is_left_out() -> None:
    source = "<nav><a href=/>Home</a></nav><script>if (a<b) {}</script><style>p{}</style><p><ruby>虐待<rt>x</rt></ruby></p>"
    assert [block.text for block in blocks(source)] == ["虐待"]


def test_a_menu_with_text_in_it_is_read() -> None:
    for tag in ("p", "P", "H2", "article", "Main", "TIME"):
        source = f"<nav><a href=/>Home</a><{tag}>Ships sail</{tag}></nav>"
        assert blocks(source)[-1].text.endswith("Ships sail")
    assert not blocks("<nav><ul><li><pre>Home</pre><aside>News</aside></ul></nav>")


def test_the_head_is_read() -> None:
    head = build(
        '<html lang="de-AT"><title>A &amp; B</title><meta property="og:title" content="C"><link rel="canonical" href="/x">',
        Limits(),
    ).head
    assert (head.language, head.title, head.metas["og:title"], head.canonical) == (
        "de-AT",
        "A & B",
        ["C"],
        "/x",
    )


def test_a_time_that_is_left_open_does_not_gather_the_page() -> None:
    times = build("<time>4 May 2024" + "<br>Ships sail again" * 1_000, Limits()).times
    assert times[0].text.startswith("4 May 2024Ships")
    assert len(times[0].text) < 500


def test_names_say_what_an_element_is_for() -> None:
    assert marks_of_names("hasSidebar") == Mark.NONE
    assert marks_of_names("article__body") & Mark.BODY
    assert marks_of_names("cookieBanner") & Mark.NOTICE
    assert marks_of_names("shadow radial headroom") == Mark.NONE


def test_a_mark_that_most_of_the_text_contradicts_is_dropped() -> None:
    tree = build("<div class=sidebar><p>long</p></div><div class=sidebar><p>short</p></div>", Limits())
    tree.blocks[0].weight, tree.blocks[1].weight = 90.0, 10.0
    tree.settle_marks()
    assert not tree.blocks[0].marks & Mark.RELATED
    assert tree.blocks[1].marks & Mark.RELATED


def test_the_one_text_within_a_heading_is_the_heading() -> None:
    tree = build("<h1><div>Ships sail</div></h1>", Limits())
    tree.settle_marks()
    assert tree.blocks[0].node.tag == tree.blocks[0].tag == "h1"


def test_lines_of_a_dump_and_the_gaps_between_them() -> None:
    source = "one\r\n\r\n  two\nthree \n \nfour"
    found = build_lines(source, Limits()).blocks
    assert [(block.text, block.gap) for block in found] == [
        ("one", False),
        ("two", True),
        ("three", False),
        ("four", True),
    ]
    assert [source[block.start : block.end] for block in found] == ["one", "two", "three", "four"]


def test_a_tag_means_the_same_wherever_and_however_often_it_stands() -> None:
    # What stands before the first > is the same each time; where the tag ends is not.
    closed = '<p title="a">one</p>'
    source = f"""{closed}<p title="a>b">two</p><p title="a>three</p>{closed}<p title='"'>four</p>"""
    first = [(b.text, b.start, b.end, b.node.names) for b in blocks(source)]
    assert first == [(b.text, b.start, b.end, b.node.names) for b in blocks(source)]
    assert [b.text for b in blocks(closed * 3)] == ["one"] * 3
    assert [b.text for b in blocks('<p title="a>b">two</p><p title="a">one</p>')] == ["two", "one"]


def test_remembered_tags_are_bounded_and_forgetting_them_changes_nothing() -> None:
    source = "".join(f'<div class="c{i} byline">{i}</div>' for i in range(markup._MAX_KNOWN + 10))
    found = blocks(source)
    assert len(markup._known) <= markup._MAX_KNOWN
    assert all(block.node.own & Mark.BYLINE for block in found)
    assert found[0].node.names == "c0 byline"


def test_shorter_attribute_limits_hold_for_remembered_tags() -> None:
    source = '<div data-a="aaaaaaaaaaaaaaaaaaaaaaaa" class="byline">x</div>'
    assert build(source, Limits()).blocks[0].node.own & Mark.BYLINE
    assert not build(source, Limits(max_attribute_chars=20)).blocks[0].node.own & Mark.BYLINE
