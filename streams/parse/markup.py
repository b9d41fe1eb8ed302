"""HTML becomes the tree, in one pass and with the place of every block in the source.

A tree builder for reading, not for rendering: it knows the elements that group text and the rules
by which they close one another; everything else is text, a link or skipped. It is written here, in
place of a library's tree, for three reasons: blocks know where they stand in the page, its time grows with
the page's length whatever is nested in what, and nothing a page holds can crash the process. The file is
long because the builder is one state machine: its parts share the block and the stack that are open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from streams.parse.attributes import ATTRIBUTE_NAMES, attribute, attributes
from streams.parse.limits import Limits
from streams.parse.lines import LONG, squeeze
from streams.parse.marks import Mark, marks_of_names, marks_of_tag
from streams.parse.tree import HEADINGS, Block, Head, Link, Node, TimeTag, Tree

# Tags that only dress up words stay in the text and are taken out of a block at once.
_DRESS = "em|i|b|strong|u|sup|sub|font|ins|mark|abbr|cite|q|code|wbr|o:p|bdi|dfn|nobr|big|tt"
_TAG = re.compile(
    rf"""<(?!/?(?:{_DRESS})[\s>/])
    (?:(/?)([a-zA-Z][a-zA-Z0-9:_-]*+)([^<>"']*+(?:"[^"]{{0,65536}}+"[^<>"']*+|'[^']{{0,65536}}+'[^<>"']*+)*+)>
    |(/?)([a-zA-Z][a-zA-Z0-9:_-]*+)([^<>]*+)>?
    |!--|[!?][^>]*+>)""",
    re.VERBOSE,
)
_DRESS_TAG = re.compile(rf"</?(?:{_DRESS})(?:[\s/][^<>]*+)?>")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "picture",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "button",
        "label",
    ]
)
# Elements with no text for a reader, and those whose text is not the page's.
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "textarea",
        "select",
        "canvas",
        "object",
        "audio",
        "video",
        "math",
        "noembed",
        "noframes",
        "xmp",
        "map",
        "datalist",
        "rt",
        "rp",
    ]
)
_VOID_BREAKS = frozenset(
    {"br", "hr", "wbr", "img", "input", "source", "embed", "col", "area", "track", "param"}
)
_CLOSES_P = _BLOCKS - {"button", "label", "picture", "body", "html"}
_CLOSES: dict[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "dd": frozenset({"dd", "dt"}),
    "dt": frozenset({"dd", "dt"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tbody": frozenset({"tr", "td", "th", "tbody", "thead"}),
    "thead": frozenset({"tr", "td", "th", "tbody", "thead"}),
}
_SCOPE = frozenset(
    {"table", "ul", "ol", "dl", "body", "html", "td", "th"}
)  # a new item closes none beyond these
_LEAVES = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6"})  # still told apart at the depth limit
_RECOVER = re.compile(r"<(?:p|div|h1|h2|article|section|main|body)\b", re.IGNORECASE)
_MAX_LINK_CHARS = 1_000
_MAX_BARE = 100_000
_TEXT_TAG = re.compile(r"<(?:p|h[1-4]|article|main|time|nav|footer)\b", re.IGNORECASE)
# An article's class often lists its tags and its category; only these say something of the element.
_SAID_OF_ARTICLES = Mark.BODY | Mark.RELATED | Mark.COMMENTS | Mark.HIDDEN
_PROMOTED = Mark.CAPTION | Mark.BYLINE | Mark.DATE | Mark.HIDDEN | Mark.TAGS | Mark.SUMMARY
_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))"""
_NAMES = re.compile(r"(?<![\w-])(?:class|id|role|itemprop)" + _VALUE, re.IGNORECASE)
_HIDDEN = re.compile(
    r"""(?:^|["'\s])hidden(?:$|[\s=/])|aria-hidden\s*=\s*["']?true|display\s*:\s*none|visibility\s*:\s*hidden"""
)


def build(source: str, limits: Limits) -> Tree:
    """Read HTML into a tree. Never raises: what cannot be read is text or left out."""
    builder = _Builder(source, limits)
    builder.run()
    return builder.tree()


class _Builder:
    __slots__ = (
        "blocks", "broken", "closers", "end", "head", "known", "last_close", "limits", "link", "link_budget", "link_depth", "links", "nodes", "openers",  # noqa: E501
        "pieces", "source", "spans", "stack", "start", "surplus", "time", "times", "unclosed",
    )  # fmt: skip

    def __init__(self, source: str, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.head = Head()
        root = Node("html", None, 0, 0)
        self.nodes = [root]
        self.blocks: list[Block] = []
        self.times: list[TimeTag] = []
        self.stack = [root]
        self.surplus = 0  # open elements beyond the depth limit
        self.spans: list[bool] = []  # of each open span: is it a node?
        self.unclosed: set[str] = set()  # skipped elements known to have no end tag ahead
        self.known: dict[str, tuple[str, int]] = {}
        self.pieces: list[str] = []
        self.start = self.end = 0
        self.links: list[Link] = []
        self.link: Link | None = None
        self.link_depth = self.link_budget = 0
        self.last_close = max(source.rfind("</a"), source.rfind("</A"))  # a link open beyond never ends
        self.broken = False
        self.time: TimeTag | None = None
        self.openers: dict[str, Callable[[str, str], None]] = {
            **dict.fromkeys(_BLOCKS, self.open_block),
            **dict.fromkeys(("span", "small"), self.open_span),
            **dict.fromkeys(("br", "hr"), self.line_break),
            **dict.fromkeys(("meta", "link", "base"), self.declare),
            "a": self.open_link,
            "time": self.open_time,
        }
        self.closers: dict[str, Callable[[str], None]] = {
            **dict.fromkeys(_BLOCKS, self.close_block),
            **dict.fromkeys(("span", "small"), self.close_span),
            "a": self.close_link,
            "time": self.close_time,
        }

    def run(self) -> None:
        source, search = self.source, _TAG.search
        position = 0
        while found := search(source, position):
            begin = found.start()
            if begin > position:
                self.text(position, begin)
            position = self.tag(found, begin)
        self.text(position, len(source))
        self.flush()
        while len(self.stack) > 1:
            self.pop()
        self.nodes[0].last = len(self.blocks)

    def tag(self, found: re.Match[str], begin: int) -> int:
        """Handle one tag, comment or declaration; return where reading goes on."""
        closing, name, written = found.group(1, 2, 3)
        if name is None:
            closing, name, written = found.group(4, 5, 6)
            if name is None:
                return self.comment(found, begin)
        if closing:
            close = self.closers.get(name) or self.closers.get(name.lower())
            if close is not None:
                close(name)
            return found.end()
        open_ = self.openers.get(name) or self.openers.get(name.lower())
        if open_ is not None:
            if name in {"nav", "footer"} and (end := self.end_of_bare(name, found.end())):
                self.flush()
                return end
            if len(written) > self.limits.max_attribute_chars:
                written = written[: self.limits.max_attribute_chars]
            open_(name, written)
        elif name in _SKIPPED or name.lower() in _SKIPPED:
            return self.skip(name.lower(), written, begin, found.end())
        elif name.lower() == "title" and not self.head.title:
            return self.title(found.end())
        return found.end()

    def comment(self, found: re.Match[str], begin: int) -> int:
        """Pass over a comment or a declaration; a comment that never ends is taken to be none."""
        if found[0] != "<!--" or "-->" in self.unclosed:
            return found.end()
        end = self.source.find("-->", begin + 2)
        if end < 0:
            self.unclosed.add("-->")
            return found.end()
        return end + 3

    # -- text

    def text(self, begin: int, end: int) -> None:
        piece = self.source[begin:end]
        if piece.isspace():
            if self.pieces:
                self.pieces.append(" ")
            return
        if not self.pieces:
            self.start = begin + len(piece) - len(piece.lstrip())
        self.pieces.append(piece)
        self.end = end
        self.broken = False
        if self.link is not None and begin < self.last_close:
            if not self.links or self.links[-1] is not self.link:
                self.link = Link(self.link.written, 0)
                self.links.append(self.link)
            self.link.chars += len(piece)
            self.link_budget -= len(piece)
            if self.link_budget < 0:
                self.link = None  # it was never closed
        if self.time is not None:
            self.time.text += piece

    def flush(self) -> None:
        """End the block that is being read."""
        if not self.pieces:
            return
        text = "".join(self.pieces)
        if "<" in text:
            text = _DRESS_TAG.sub("", text)
        if "&" in text:
            text = unescape(text)
        if "\0" in text or "\xad" in text:
            text = text.replace("\0", "").replace("\xad", "")
        text = squeeze(text)
        fits = (
            len(self.blocks) < self.limits.max_blocks or len(text) >= LONG or self.stack[-1].tag in HEADINGS
        )
        if fits and text and text != "\u200b":
            last = self.source[self.start : self.end].rstrip()
            self.blocks.append(
                Block(
                    text,
                    self.start,
                    self.start + len(last),
                    self.stack[-1],
                    len(self.blocks),
                    tuple(self.links),
                )
            )
        self.pieces = []
        self.links = []
        self.broken = False

    def line_break(self, name: str, written: str) -> None:
        """One break is white space; two in a row end a paragraph."""
        del name, written
        if self.broken:
            self.flush()
        elif self.pieces:
            self.pieces.append(" ")
            self.broken = True

    # -- elements

    def open_block(self, name: str, written: str) -> None:
        name = name.lower()
        if self.pieces:
            self.flush()
        if name in {"html", "body"}:
            if name == "html" and not self.head.language:
                self.head.language = attribute(written, "lang") or attribute(written, "xml:lang")
            return
        if name in _CLOSES_P and self.stack[-1].tag == "p":
            self.pop()
        closes = _CLOSES.get(name)
        if closes:
            self.close_items(closes)
        full = len(self.nodes) >= self.limits.max_nodes and name not in _LEAVES
        if full or len(self.stack) >= self.limits.max_depth + (name in _LEAVES):
            self.surplus += 1
            return
        names, own = self.describe(name, written)
        self.push(name, names, own)

    def push(self, name: str, names: str, own: int) -> None:
        parent = self.stack[-1]
        count = len(self.blocks)
        node = Node(name, parent, len(self.nodes), parent.depth + 1, names, own, 0, count, count)
        self.nodes.append(node)
        self.stack.append(node)

    def describe(self, name: str, written: str) -> tuple[str, int]:
        """Return class, id and role as one string, and what they mean; remembered for the page."""
        if not written or written.isspace():
            return "", marks_of_tag(name)
        key = name + written
        known = self.known.get(key)
        if known is None:
            names = " ".join([a or b or c for a, b, c in _NAMES.findall(written)])
            if "&" in names:
                names = unescape(names)
            own = marks_of_names(names) if names else 0
            if name in {"article", "main"} or "hentry" in names:
                own &= _SAID_OF_ARTICLES
            own |= marks_of_tag(name)
            if ("hidden" in written or "none" in written) and _HIDDEN.search(written):
                own |= Mark.HIDDEN
            known = self.known[key] = (names, own)
        return known

    def close_link(self, name: str) -> None:
        del name
        self.link = None

    def close_time(self, name: str) -> None:
        del name
        self.time = None

    def close_span(self, name: str) -> None:
        if self.spans and self.spans.pop():
            self.close_block(name)

    def close_block(self, name: str) -> None:
        name = name.lower()
        if self.pieces:
            self.flush()
        if self.surplus and name not in _LEAVES:
            self.surplus -= 1
            return
        stack = self.stack
        if stack[-1].tag == name and len(stack) > 1:
            self.pop()
            return
        for depth in range(len(stack) - 1, 0, -1):
            tag = stack[depth].tag
            if tag == name:
                while len(stack) > depth:
                    self.pop()
                return
            if tag in ("td", "th", "table") and name not in ("table", "tr", "tbody"):
                return

    def close_items(self, tags: frozenset[str]) -> None:
        """Close the item before a new one, as ``<li>`` does without ``</li>``."""
        stack = self.stack
        target = 0
        for depth in range(len(stack) - 1, 0, -1):
            tag = stack[depth].tag
            if tag in tags:
                target = depth
            elif tag in _SCOPE:
                break
        if target:
            while len(stack) > target:
                self.pop()

    def pop(self) -> None:
        node = self.stack.pop()
        node.last = len(self.blocks)
        if self.link is not None and len(self.stack) < self.link_depth:
            self.link = None

    def open_span(self, name: str, written: str) -> None:
        name = name.lower()
        names, own = self.describe(name, written)
        promoted = bool(own & _PROMOTED) and len(self.stack) < self.limits.max_depth
        self.spans.append(promoted)
        if promoted:
            self.flush()
            self.push(name, names, own)

    def open_link(self, name: str, written: str) -> None:
        del name
        self.link = Link(written, 0) if written and not written.isspace() else None
        self.link_depth = len(self.stack)
        self.link_budget = _MAX_LINK_CHARS

    def open_time(self, name: str, written: str) -> None:
        del name
        found = attributes(written, ATTRIBUTE_NAMES)
        names = " ".join(found[n] for n in ("class", "itemprop") if n in found)
        self.time = TimeTag(found.get("datetime", ""), self.stack[-1], len(self.blocks), names)
        self.times.append(self.time)

    def skip(self, name: str, written: str, opened: int, begin: int) -> int:
        """Pass over an element without text; one that never ends is taken to end at the next block."""
        if name == "rp" or (name == "rt" and self.source.endswith("</rp>", 0, opened)):
            return begin  # a reading in brackets is part of the line; one above the line is not
        end = self.end_of(name, begin)
        if end < 0:
            self.unclosed.add(name)
            recovered = _RECOVER.search(self.source, begin) if name in ("script", "style") else None
            return recovered.start() if recovered else begin
        if name == "script" and "ld+json" in written:
            self.head.scripts.append(self.source[begin:end])
        close = self.source.find(">", end)
        return close + 1 if close >= 0 else len(self.source)

    def end_of_bare(self, name: str, begin: int) -> int:
        """Return where a short element of links and labels alone ends; 0 for any other.

        A quarter of a page's tags stand in its menus, and nothing there is read.
        """
        end = self.end_of(name, begin)
        if not 0 <= end - begin <= _MAX_BARE or _TEXT_TAG.search(self.source, begin, end):
            return 0
        close = self.source.find(">", end)
        return close + 1

    def end_of(self, name: str, begin: int) -> int:
        if name in self.unclosed:
            return -1
        end = self.source.find("</" + name, begin)
        if end < 0:
            match = re.compile("</" + name, re.IGNORECASE).search(self.source, begin)
            end = match.start() if match else -1
        return end

    def title(self, begin: int) -> int:
        end = self.end_of("title", begin)
        if end < 0:
            return begin
        self.head.title = " ".join(unescape(self.source[begin:end]).split())[:1000]
        return end

    def declare(self, name: str, written: str) -> None:
        """Read ``<meta>``, ``<link>`` and ``<base>``."""
        name = name.lower()
        if name == "link" and "canonical" not in written:
            return
        found = attributes(written, ATTRIBUTE_NAMES)
        if name == "base":
            self.head.base = self.head.base or found.get("href", "")
        elif name == "link":
            if "canonical" in found.get("rel", "").lower().split():
                self.head.canonical = self.head.canonical or found.get("href", "")
        elif content := found.get("content"):
            key = (
                found.get("property") or found.get("name") or found.get("itemprop") or found.get("http-equiv")
            )
            if key:
                self.head.metas.setdefault(key.lower(), []).append(content)

    def tree(self) -> Tree:
        return Tree(self.source, self.nodes, self.blocks, self.head, self.times)
