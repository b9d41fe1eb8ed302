"""What a tag means, from how it is written: what the builder does at it, its names, and what they mean."""

from __future__ import annotations

import re
from html import unescape

from streams.parse.attributes import attribute
from streams.parse.marks import Mark, marks_of_names, marks_of_tag
from streams.parse.tree import HEADINGS

# Tags that only dress up words stay in the text and are taken out of a block at once.
_DRESS = "em|i|b|strong|u|sup|sub|font|ins|mark|abbr|cite|q|code|wbr|o:p|bdi|dfn|nobr|big|tt"
TAG = re.compile(
    rf"""<(?!/?(?:{_DRESS})[\s>/])
    (?:(/?)([a-zA-Z][a-zA-Z0-9:_-]*+)([^<>"']*+(?:"[^"]{{0,65536}}+"[^<>"']*+|'[^']{{0,65536}}+'[^<>"']*+)*+)>
    |(/?)([a-zA-Z][a-zA-Z0-9:_-]*+)([^<>]*+)>?
    |!--|[!?][^>]*+>)""",
    re.VERBOSE,
)
DRESS_START = re.compile(rf"/?(?:{_DRESS})[\s/]")
DRESS_TAG = re.compile(rf"</?(?:{_DRESS})(?:[\s/][^<>]*+)?>")
BLOCKS = frozenset(
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
BARE_TAGS = frozenset({"nav", "footer"})  # passed over where they hold links and labels alone
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
CLOSES: dict[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "dd": frozenset({"dd", "dt"}),
    "dt": frozenset({"dd", "dt"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tbody": frozenset({"tr", "td", "th", "tbody", "thead"}),
    "thead": frozenset({"tr", "td", "th", "tbody", "thead"}),
}
# Elements in which such an item closes none before it: there the one before has ended, or was closed when
# the element itself was opened.
NOTHING_TO_CLOSE: dict[str, frozenset[str]] = {
    "li": frozenset({"ul", "ol"}),
    "dd": frozenset({"dl"}),
    "dt": frozenset({"dl"}),
    "tr": frozenset({"table", "tbody", "thead"}),
    "td": frozenset({"tr", "table", "tbody", "thead"}),
    "th": frozenset({"tr", "table", "tbody", "thead"}),
    "tbody": frozenset({"table"}),
    "thead": frozenset({"table"}),
}
# An article's class often lists its tags and its category; only these say something of the element.
_SAID_OF_ARTICLES = Mark.BODY | Mark.RELATED | Mark.COMMENTS | Mark.HIDDEN
_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))"""
# Spelt out letter by letter, and with what may not stand before looked at last: so the search goes from one
# first letter to the next and need not try every place.
_NAMES = re.compile(
    r"[cCiIrR](?:(?<=[cC])[lL][aA][sS][sS](?<![\w-].{5})|(?<=[iI])[dD](?<![\w-].{2})"
    r"|(?<=[rR])[oO][lL][eE](?<![\w-].{4})|(?<=[iI])[tT][eE][mM][pP][rR][oO][pP](?<![\w-].{8}))" + _VALUE,
    re.DOTALL,
)
# Most elements have a class and nothing else: they need no search.
_ONLY_CLASS = re.compile(r"""\s+class="([^"=]*)"\s*""")
_HIDDEN = re.compile(r"""aria-hidden\s*=\s*["']?true|display\s*:\s*none|visibility\s*:\s*hidden""")
_HIDDEN_ATTRIBUTE = re.compile(r"""(?:^|["'\s])hidden(?:$|[\s=/])""")
_QUOTED = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_CLASS = re.compile(r"""\bclass\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)

# What RDFa (as Drupal writes it) and microdata call the date of publication that is an element's ``content``.
_DATE_NAMES = frozenset({
    "datepublished", "datecreated", "schema:datepublished", "schema:datecreated",
    "dc:date", "dc:created", "dc:issued", "dct:date", "dct:created", "dct:issued",
    "dcterms:date", "dcterms:created", "dcterms:issued",
})  # fmt: skip

# What is done at a tag. Those from RARE on are seldom, and may move on the place where reading goes on.
PASS, OPEN, CLOSE, SPAN, END_SPAN, LINK, END_LINK, BREAK = range(8)
RARE = 8
DRESSING, DECLARE, TIME, END_TIME, PAGE, BARE, SKIP, TITLE, UNREAD, DATED, DATED_SPAN = range(RARE, RARE + 11)
OPENERS: dict[str, int] = {
    **dict.fromkeys(_SKIPPED, SKIP),
    **dict.fromkeys(BLOCKS, OPEN),
    **dict.fromkeys(("span", "small"), SPAN),
    **dict.fromkeys(("br", "hr"), BREAK),
    **dict.fromkeys(("meta", "link", "base"), DECLARE),
    **dict.fromkeys(("html", "body"), PAGE),
    "a": LINK,
    "time": TIME,
    "title": TITLE,
    **dict.fromkeys(("img", "source", "input"), PASS),
}
_CLOSERS: dict[str, int] = {
    **dict.fromkeys(BLOCKS, CLOSE),
    **dict.fromkeys(("span", "small"), END_SPAN),
    "a": END_LINK,
    "time": END_TIME,
}
# A tag as it is understood: what to do, the element's name, its attributes as written, its class, id and
# role as one string, what they mean, and whether it closes items before it.
Tag = tuple[int, str, str, str, int, bool]
AS_UNREAD: Tag = (UNREAD, "", "", "", 0, False)
PASSED: Tag = (PASS, "", "", "", 0, False)
COMMENT = PASSED  # one that ends with its tag
DRESSED: Tag = (DRESSING, "", "", "", 0, False)


def understand(closing: str, name: str, written: str) -> Tag:
    """Tell what a tag does, from its parts."""
    lower = name.lower()
    if closing:
        return _CLOSERS.get(lower, PASS), lower, "", "", 0, False
    kind = OPENERS.get(lower, PASS)
    if kind in (OPEN, SPAN):
        names, own = _describe(lower, written)
        if name in BARE_TAGS:
            kind = BARE
        elif "content" in written and _DATE_NAMES & set(machine_names(written).lower().split()):
            kind = DATED if kind == OPEN else DATED_SPAN
        return kind, lower, written, names, own, lower in CLOSES
    if lower == "link" and "canonical" not in written:
        kind = PASS
    return kind, lower, written, "", 0, False


def machine_names(written: str) -> str:
    """Return what RDFa and microdata call the content of an element."""
    return f"{attribute(written, 'property')} {attribute(written, 'itemprop')}"


def _describe(name: str, written: str) -> tuple[str, int]:
    """Return class, id and role as one string, and what they mean."""
    if not written or written.isspace():
        return "", marks_of_tag(name)
    if found := _ONLY_CLASS.fullmatch(written):
        names = found[1]
    elif name in HEADINGS:
        names = attribute(written, "class")  # a heading's id is often made of its words
    else:
        names = " ".join([a or b or c for a, b, c in _NAMES.findall(written)])
    if "&" in names:
        names = unescape(names)
    own = marks_of_names(names) if names else 0
    if name in {"article", "main"} or "hentry" in names:
        own &= _SAID_OF_ARTICLES
    own |= marks_of_tag(name)
    if ("hidden" in written or "none" in written) and _is_hidden(written):
        own |= Mark.HIDDEN
    return names, own


def _is_hidden(written: str) -> bool:
    # A class is judged with the others of its element: "hidden md:block" hides on small screens alone.
    if _HIDDEN.search(_CLASS.sub(" ", written)):
        return True
    # Where it stands for itself; a title may have the word in its sentence.
    return "hidden" in written and _HIDDEN_ATTRIBUTE.search(_QUOTED.sub('=""', written)) is not None


# Tags without attributes: understood once for all pages.
PLAIN_TAGS: dict[str, Tag] = {
    **{name: understand("", name, "") for name in OPENERS},
    **{"/" + name: understand("/", name, "") for name in (*OPENERS, "head", "img", "path", "g")},
    **dict.fromkeys(_DRESS.split("|"), DRESSED),
    **dict.fromkeys(("/" + name for name in _DRESS.split("|")), DRESSED),
}
