"""HTML becomes the tree, in one pass and with the place of every block in the source.

A tree builder for reading, not for rendering: it knows the elements that group text and the rules
by which they close one another; everything else is text, a link or skipped. It is written here, in
place of a library's tree, for three reasons: blocks know where they stand in the page, its time grows with
the page's length whatever is nested in what, and nothing a page holds can crash the process. The file is
long because the builder is one state machine: its parts share the block and the stack that are open. What a
tag means is told by :mod:`streams.parse.tags`.
"""

from __future__ import annotations

import re
from html import unescape

from streams.parse.attributes import ATTRIBUTE_NAMES, attribute, attributes
from streams.parse.dates import read_machine
from streams.parse.limits import Limits
from streams.parse.lines import LONG, squeeze
from streams.parse.marks import Mark
from streams.parse.tags import (
    AS_UNREAD,
    BARE,
    BARE_TAGS,
    BLOCKS,
    BREAK,
    CLOSE,
    CLOSES,
    COMMENT,
    DATED,
    DATED_SPAN,
    DECLARE,
    DRESS_START,
    DRESS_TAG,
    DRESSED,
    DRESSING,
    END_LINK,
    END_SPAN,
    END_TIME,
    LINK,
    NOTHING_TO_CLOSE,
    OPEN,
    OPENERS,
    PAGE,
    PASS,
    PASSED,
    PLAIN_TAGS,
    RARE,
    SKIP,
    SPAN,
    TAG,
    TIME,
    TITLE,
    UNREAD,
    Tag,
    machine_names,
    understand,
)
from streams.parse.tree import HEADINGS, Block, Head, Link, MetaTag, Node, TimeTag, Tree

_CLOSES_P = BLOCKS - {"button", "label", "picture", "body", "html"}
_SCOPE = frozenset(
    {"table", "ul", "ol", "dl", "body", "html", "td", "th"}
)  # a new item closes none beyond these
_LEAVES = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6"})  # still told apart at the depth limit
_RECOVER = re.compile(r"<(?:p|div|h1|h2|article|section|main|body)\b", re.IGNORECASE)
_MAX_LINK_CHARS = 1_000
_MAX_BARE = 100_000
_MAX_TIME_CHARS = 200  # of a <time>; one that is left open would gather the page
# The first letter in both cases, and what stands before looked at last: most tags are passed over at once.
_TEXT_TAG = re.compile(
    r"<[pPhHaAmMtTnNfF](?:(?<=[pP])|(?<=[hH])[1-4]|(?<=[aA])(?i:rticle)|(?<=[mM])(?i:ain)|(?<=[tT])(?i:ime)"
    r"|(?<=[nN])(?i:av)|(?<=[fF])(?i:ooter))\b"
)
_END_TAGS = {
    name: re.compile("</" + name, re.IGNORECASE)
    for name, kind in OPENERS.items()
    if kind in (SKIP, TITLE) or name in BARE_TAGS
}
_PROMOTED = Mark.CAPTION | Mark.BYLINE | Mark.DATE | Mark.HIDDEN | Mark.TAGS | Mark.SUMMARY
_SELDOM_KNOWN = frozenset({LINK, PASS, DECLARE})  # written otherwise each time
_MAX_KNOWN = 8_192  # tags remembered
_MAX_KNOWN_CHARS = 400
_MAX_DATED = 1_000  # each may climb out of as many elements as may be nested
# Tags by what stands between < and >, remembered from page to page: the pages of a site are made from one
# template. It holds what the tag alone says, so what is remembered changes no result.
_known = PLAIN_TAGS.copy()


def build(source: str, limits: Limits) -> Tree:
    """Read HTML into a tree. Never raises: what cannot be read is text or left out."""
    builder = _Builder(source, limits)
    builder.run()
    return builder.tree()


class _Builder:
    __slots__ = (
        "blocks", "broken", "comments_end", "dated", "end", "ends", "head", "known", "last_close", "limits", "link", "link_budget", "link_depth",  # noqa: E501
        "link_written", "links", "metas", "next_text", "nodes", "pieces", "recovers", "source", "spans", "stack", "start", "surplus", "time",  # noqa: E501
        "times",
    )  # fmt: skip

    def __init__(self, source: str, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.head = Head()
        root = Node("html", None, 0, 0)
        self.nodes = [root]
        self.blocks: list[Block] = []
        self.times: list[TimeTag] = []
        self.dated: list[TimeTag] = []
        self.metas: list[MetaTag] = []
        self.stack = [root]
        self.surplus = 0  # open elements beyond the depth limit
        self.spans: list[bool] = []  # of each open span: is it a node?
        # What was looked for ahead is remembered until reading has come to it: no stretch is searched twice
        # for the same thing, however often a page asks.
        self.ends: dict[str, int] = {}  # the next end tag of each name; the page's length where there is none
        self.next_text = -1  # the next tag of running text
        self.comments_end = True  # a comment has its end ahead
        self.recovers = True  # a block is ahead with which to go on behind a script without an end
        # A tag that a lower limit cuts short does not mean what it means elsewhere.
        self.known = _known if limits.max_attribute_chars >= _MAX_KNOWN_CHARS else PLAIN_TAGS.copy()
        self.pieces: list[str] = []
        self.start = self.end = 0
        self.links: list[Link] = []
        self.link: Link | None = None  # what the open link covers of the block that is being read
        self.link_written: str | None = None  # the open link's attributes
        self.link_depth = self.link_budget = 0
        close = source.rfind("</a")
        self.last_close = close if close >= 0 else source.rfind("</A")  # a link open beyond never ends
        self.broken = False
        self.time: TimeTag | None = None

    def run(self) -> None:  # noqa: C901, PLR0912, PLR0915 - one loop, for speed
        """Read the page, tag by tag.

        A page has a thousand tags and more, most of them alike: a tag that was met before costs a
        look-up and no search, and the commonest things to do stand here and not in methods. What is out of
        the ordinary is left to :meth:`tag` or to the method that does the same with every precaution.
        """
        source = self.source
        find, search, recall, size = source.find, TAG.search, self.known.get, len(source)
        stack, nodes, blocks, pieces = self.stack, self.nodes, self.blocks, self.pieces
        spans = self.spans
        max_depth, max_nodes = self.limits.max_depth, self.limits.max_nodes
        position = 0  # up to here everything is read
        begin = find("<")
        while 0 <= begin < size:
            ahead = find("<", begin + 1)
            if ahead < 0:
                ahead = size
            end = find(">", begin + 1, ahead)
            if end < 0:
                tag = AS_UNREAD
            else:
                raw = source[begin + 1 : end]
                tag = recall(raw) or self.learn(raw, begin, end)
            kind, name, written, names, own, closes = tag
            if kind >= RARE:
                if kind == DRESSING:
                    begin = ahead
                    continue
                if kind == UNREAD:
                    found = search(source, begin)
                    if found is None:
                        break
                    begin = found.start()
                    if begin > position:
                        self.text(source[position:begin], position, begin)
                    position = self.tag(found, begin)
                else:
                    if begin > position:
                        self.text(source[position:begin], position, begin)
                    position = self.act(tag, begin, end + 1)
                begin = find("<", position)
                continue
            if begin > position:
                piece = source[position:begin]
                if piece.isspace():
                    if pieces:
                        pieces.append(" ")
                else:
                    self.text(piece, position, begin)
            position = end + 1
            begin = ahead
            if kind == CLOSE:
                if pieces:
                    self.flush()
                if self.surplus and name not in _LEAVES:
                    self.surplus -= 1
                elif stack[-1].tag != name or len(stack) == 1:
                    self.close_block(name)
                else:
                    stack.pop().last = len(blocks)
                    if len(stack) < self.link_depth:
                        self.link_written = None
            elif kind == OPEN:
                if pieces:
                    self.flush()
                parent = stack[-1]
                depth = len(stack)
                above = parent.tag
                if (closes and above not in NOTHING_TO_CLOSE[name]) or depth >= max_depth or above == "p":
                    self.open_block(name, names, own)
                elif len(nodes) >= max_nodes:
                    if name in _LEAVES:
                        self.open_block(name, names, own)
                    else:
                        self.surplus += 1
                else:
                    count = len(blocks)
                    node = Node(name, parent, len(nodes), depth, names, own, 0, count, count)
                    nodes.append(node)
                    stack.append(node)
            elif kind == LINK:
                self.open_link(written)
            elif kind == END_LINK:
                self.link_written = None
            elif kind == SPAN:
                if own & _PROMOTED:
                    self.open_span(name, names, own)
                else:
                    spans.append(False)
            elif kind == END_SPAN:
                if spans and spans.pop():
                    self.close_block(name)
            elif kind == BREAK:
                self.line_break()
        if position < size:
            self.text(source[position:], position, size)
        self.flush()
        while len(stack) > 1:
            self.pop()
        nodes[0].last = len(blocks)

    def learn(self, raw: str, begin: int, end: int) -> Tag:  # noqa: PLR0911 - the commonest leave first
        """Understand a tag that is new on the page; it has no ``<`` or ``>`` within."""
        if raw[:1] == "!":
            return COMMENT if raw[:3] == "!--" and raw[-2:] == "--" else AS_UNREAD
        if (size := len(raw)) > self.limits.max_attribute_chars:
            return AS_UNREAD
        name, _, rest = raw.partition(" ")
        kind = OPENERS.get(name)
        if kind is not None and "'" not in rest and not rest.count('"') % 2:
            # Every quote that opens within the tag closes within it: no need to match the tag again.
            if kind == LINK:  # seldom met again
                return LINK, name, raw[len(name) :], "", 0, False
            if kind == PASS or (name == "link" and "canonical" not in rest):
                return PASSED
            tag = understand("", name, raw[len(name) :])
        elif DRESS_START.match(raw):
            return DRESSED
        else:
            found = TAG.fullmatch(self.source, begin, end + 1)
            if found is None or found[2] is None:
                return AS_UNREAD  # a comment, a quote that goes on beyond the >, or no tag at all
            tag = understand(found[1], found[2], found[3])
        if size <= _MAX_KNOWN_CHARS and (tag[0] not in _SELDOM_KNOWN or raw[0] == "/"):
            known = self.known
            if len(known) >= _MAX_KNOWN:
                known.clear()
                known.update(PLAIN_TAGS)
            known[raw] = tag
        return tag

    def tag(self, found: re.Match[str], begin: int) -> int:
        """Handle any one tag, comment or declaration; return where reading goes on."""
        closing, name, written = found.group(1, 2, 3)
        if name is None:
            closing, name, written = found.group(4, 5, 6)
            if name is None:
                return self.comment(found, begin)
        written = written[: self.limits.max_attribute_chars]
        return self.act(understand(closing, name, written), begin, found.end())

    def act(self, tag: Tag, begin: int, end: int) -> int:  # noqa: C901, PLR0912 - a table of what to do
        """Do what a tag, ``source[begin:end]``, asks for; return where reading goes on."""
        kind, name, written, names, own, _ = tag
        if kind == BARE:
            if close := self.end_of_bare(name, end):
                self.flush()
                return close
            kind = OPEN
        if kind == SKIP:
            return self.skip(name, written, begin, end)
        if kind == TITLE and not self.head.title:
            return self.title(end)
        if kind == OPEN:
            self.open_block(name, names, own)
        elif kind == CLOSE:
            self.close_block(name)
        elif kind == PAGE:
            self.open_page(name, written)
        elif kind == SPAN:
            self.open_span(name, names, own)
        elif kind == END_SPAN:
            if self.spans and self.spans.pop():
                self.close_block(name)
        elif kind == LINK:
            self.open_link(written)
        elif kind == END_LINK:
            self.link_written = None
        elif kind == BREAK:
            self.line_break()
        elif kind == DECLARE:
            self.declare(name, written)
        elif kind == TIME:
            self.open_time(written)
        elif kind == END_TIME:
            self.time = None
        elif kind in (DATED, DATED_SPAN):
            self.open_dated(kind, name, written, names, own)
        return end

    def comment(self, found: re.Match[str], begin: int) -> int:
        """Pass over a comment or a declaration; a comment that never ends is taken to be none."""
        if found[0] != "<!--" or not self.comments_end:
            return found.end()
        end = self.source.find("-->", begin + 2)
        if end < 0:
            self.comments_end = False
            return found.end()
        return end + 3

    # -- text

    def text(self, piece: str, begin: int, end: int) -> None:
        """Add a piece of text, ``source[begin:end]``, to the block that is being read."""
        pieces = self.pieces
        if piece.isspace():
            if pieces:
                pieces.append(" ")
            return
        if not pieces:
            self.start = end - len(piece.lstrip())
        pieces.append(piece)
        self.end = end
        self.broken = False
        if self.link_written is not None and begin < self.last_close:
            link = self.link
            if link is None:
                link = self.link = Link(self.link_written, 0)
                self.links.append(link)
            link.chars += len(piece.strip())  # a template's indents are no text
            self.link_budget -= len(piece)
            if self.link_budget < 0:
                self.link_written = None  # it was never closed
        if self.time is not None:
            time = self.time
            if len(time.text) < _MAX_TIME_CHARS:
                time.text += piece[:_MAX_TIME_CHARS]

    def flush(self) -> None:
        """End the block that is being read."""
        if not self.pieces:
            return
        full = len(self.blocks) >= self.limits.max_blocks and self.stack[-1].tag not in HEADINGS
        if full and self.end - self.start < LONG:
            self.pieces.clear()  # beyond the limit only a long text counts
            self.drop_links()
            return
        pieces = self.pieces
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        if "<" in text:
            text = DRESS_TAG.sub("", text)
        if "&" in text:
            text = unescape(text)
        if text.isprintable():
            text = text.strip() if "  " not in text else squeeze(text)
        else:
            if "\0" in text or "\xad" in text:
                text = text.replace("\0", "").replace("\xad", "")
            text = squeeze(text)
        if (not full or len(text) >= LONG) and text and text != "\u200b":
            last = self.source[self.start : self.end].rstrip()
            self.blocks.append(
                Block(
                    text,
                    self.start,
                    self.start + len(last),
                    self.stack[-1],
                    len(self.blocks),
                    tuple(self.links),
                    linked=sum([link.chars for link in self.links]) if self.links else 0,
                )
            )
        self.pieces.clear()
        self.drop_links()

    def drop_links(self) -> None:
        """Forget the links of the block that ends."""
        if self.links:
            self.links.clear()
            self.link = None
        self.broken = False

    def line_break(self) -> None:
        """One break is white space; two in a row end a paragraph."""
        if self.broken:
            self.flush()
        elif self.pieces:
            self.pieces.append(" ")
            self.broken = True

    # -- elements

    def open_page(self, name: str, written: str) -> None:
        """Read ``<html>`` and ``<body>``: they are the root, wherever they stand."""
        self.flush()
        if name == "html" and not self.head.language:
            self.head.language = attribute(written, "lang") or attribute(written, "xml:lang")

    def open_block(self, name: str, names: str, own: int) -> None:
        if self.pieces:
            self.flush()
        if name in _CLOSES_P and self.stack[-1].tag == "p":
            self.pop()
        closes = CLOSES.get(name)
        if closes and self.stack[-1].tag not in NOTHING_TO_CLOSE[name]:
            self.close_items(closes)
        full = len(self.nodes) >= self.limits.max_nodes and name not in _LEAVES
        if full or len(self.stack) >= self.limits.max_depth + (name in _LEAVES):
            self.surplus += 1
            return
        self.push(name, names, own)

    def push(self, name: str, names: str, own: int) -> None:
        parent = self.stack[-1]
        count = len(self.blocks)
        node = Node(name, parent, len(self.nodes), parent.depth + 1, names, own, 0, count, count)
        self.nodes.append(node)
        self.stack.append(node)

    def close_block(self, name: str) -> None:
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
        if len(self.stack) < self.link_depth:
            self.link_written = None

    def open_span(self, name: str, names: str, own: int) -> None:
        """A span is an element only where its class says what it is for."""
        promoted = bool(own & _PROMOTED) and len(self.stack) < self.limits.max_depth
        self.spans.append(promoted)
        if promoted:
            self.flush()
            self.push(name, names, own)

    def open_link(self, written: str) -> None:
        self.link_written = written if written and not written.isspace() else None
        self.link = None
        self.link_depth = len(self.stack)
        self.link_budget = _MAX_LINK_CHARS

    def open_time(self, written: str) -> None:
        found = attributes(written, ATTRIBUTE_NAMES)
        names = " ".join(found[n] for n in ("class", "itemprop") if n in found)
        self.time = TimeTag(found.get("datetime", ""), self.stack[-1], len(self.blocks), names)
        self.times.append(self.time)

    def open_dated(self, kind: int, name: str, written: str, names: str, own: int) -> None:
        """Open an element that has a date as ``content``, which is read as that of a ``<time>`` is."""
        if kind == DATED:
            self.open_block(name, names, own)
        else:
            self.open_span(name, names, own)
        content, called = attribute(written, "content"), machine_names(written)
        if len(self.dated) < _MAX_DATED and read_machine(content):
            self.dated.append(TimeTag(content, self.stack[-1], len(self.blocks), called))

    def skip(self, name: str, written: str, opened: int, begin: int) -> int:
        """Pass over an element without text; one that never ends is taken to end at the next block."""
        if name == "rp" or (name == "rt" and self.source.endswith("</rp>", 0, opened)):
            return begin  # a reading in brackets is part of the line; one above the line is not
        end = self.end_of(name, begin)
        if end < 0:
            if name not in ("script", "style") or not self.recovers:
                return begin
            recovered = _RECOVER.search(self.source, begin)
            self.recovers = recovered is not None
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
        if not 0 <= end - begin <= _MAX_BARE:
            return 0
        if self.next_text < begin:
            found = _TEXT_TAG.search(self.source, begin)
            self.next_text = found.start() if found else len(self.source)
        if self.next_text < end:
            return 0
        close = self.source.find(">", end)
        if close < 0:
            self.ends[name] = len(self.source)
        return close + 1

    def end_of(self, name: str, begin: int) -> int:
        """Return where the next end tag of a name begins, in whatever case it is written; -1 for none."""
        end = self.ends.get(name, -1)
        if end < begin:
            found = _END_TAGS[name].search(self.source, begin)
            end = self.ends[name] = found.start() if found else len(self.source)
        return end if end < len(self.source) else -1

    def title(self, begin: int) -> int:
        end = self.end_of("title", begin)
        if end < 0:
            return begin
        self.head.title = " ".join(unescape(self.source[begin:end]).split())[:1000]
        return end

    def declare(self, name: str, written: str) -> None:
        """Read ``<meta>``, ``<link>`` and ``<base>``."""
        found = attributes(written, ATTRIBUTE_NAMES)
        if name == "base":
            self.head.base = self.head.base or found.get("href", "")
        elif name == "link":
            if "canonical" in found.get("rel", "").lower().split():
                self.head.canonical = self.head.canonical or found.get("href", "")
        elif content := found.get("content"):
            named = found.get("property") or found.get("name")
            key = named or found.get("itemprop") or found.get("http-equiv")
            if not named and "itemprop" in found and (self.blocks or len(self.stack) > 1):
                self.metas.append(
                    MetaTag(found["itemprop"].lower(), content, self.stack[-1], len(self.blocks))
                )
            elif key:
                self.head.metas.setdefault(key.lower(), []).append(content)

    def tree(self) -> Tree:
        for tag in self.dated:
            _set_within(tag)
        self.times += self.dated
        return Tree(self.source, self.nodes, self.blocks, self.head, self.times, self.metas)


def _set_within(tag: TimeTag) -> None:
    """Let a date belong to a block of the element that it stands in: one at its end is not of the next."""
    node = tag.node
    while node.first == node.last and node.parent is not None:
        node = node.parent  # an element without text is for its date only
    tag.block = max(node.first, min(tag.block, node.last - 1))
