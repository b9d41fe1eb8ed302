"""Which blocks of the article's region a reader would call its text."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

from streams.parse.dates import is_stamp
from streams.parse.datewords import tells_change
from streams.parse.marks import Mark
from streams.parse.notices import is_advertisement, is_credit, is_invitation, is_rights_notice
from streams.parse.people import is_byline
from streams.parse.region import Region, ancestors, article_around, opens_another
from streams.parse.tree import HEADINGS, Block, Node, Tree
from streams.parse.weigh import ends_sentence, linked_share, words

_BARRED = (
    Mark.NAVIGATION | Mark.FOOTER | Mark.ASIDE | Mark.CAPTION | Mark.CONTROL | Mark.RELATED | Mark.COMMENTS
    | Mark.BYLINE | Mark.NOTICE | Mark.HIDDEN | Mark.TAGS
)  # fmt: skip
_BARRED_ANYWAY = Mark.FOOTER | Mark.CAPTION | Mark.COMMENTS | Mark.HIDDEN
_MAX_LINKED = 0.5
_LEAD_WITHIN = 5  # blocks
_RUNNING_WORDS = 40
_SHORT = Mark.NAVIGATION | Mark.CONTROL | Mark.TAGS
_MIN_UNLINKED = 60  # characters of a sentence that is mostly a link
_ITEMS = frozenset({"li", "td", "dd", "pre"})
_MAX_LEAD_LINKED = 0.3
_MIN_LOOSE_WORDS = 4
_MAX_LEADS = 4
_MIN_SHARE = 0.3  # of the region's running text; with less, the marks are not to be believed
_TEXT_TAGS = frozenset({"p", "li", "blockquote", "pre", "dd", "dt", "td", "th", "line"})


def select(tree: Tree, region: Region, taken: set[int], heading: Block | None) -> list[Block]:
    """Return the blocks of the body in page order."""
    kept = _select(tree, region, taken, heading, _BARRED)
    whole = sum(b.weight for b in tree.blocks[region.first : region.last] if b.index not in taken)
    if sum(block.weight for block in kept) < _MIN_SHARE * whole:
        kept = _select(tree, region, taken, heading, _BARRED_ANYWAY)
    return _trim([block for block in kept if not _leads_away(tree, block, taken)])


def _select(tree: Tree, region: Region, taken: set[int], heading: Block | None, bar: int) -> list[Block]:
    within = _marks_within(tree, region)
    kept: list[Block] = []
    running = _running(tree, region, within)
    lead = _first_text(tree, heading, taken)
    begin = region.first
    if heading is not None and heading.index < region.last:
        begin = max(begin, heading.index + 1) if heading.index >= region.first else begin
        kept += _leads(tree, heading, region, taken, lead)
    captions = {b.text for b in tree.blocks[begin : region.last] if within[b.node] & Mark.CAPTION}
    for block in tree.blocks[begin : region.last]:
        if kept and _another_begins(block, heading, kept[-1]):
            break
        if block.index in taken or block is heading or is_credit(block.text) or _is_offer(block):
            continue
        if not block.weight and is_advertisement(block.text):
            continue
        if block.text in captions and block.tag != "p":
            continue  # the caption again, in what opens over the page when the picture is touched
        marks = within[block.node]
        beside = block.tag == "p" and not block.links and ends_sentence(block.text)
        if (
            _barred(marks, bar)
            and block is not lead
            and not _is_running_text(block, marks)
            and not (beside and block.node.parent in running)
        ):
            continue
        if _is_text(block):
            kept.append(block)
    return kept


def _marks_within(tree: Tree, region: Region) -> dict[Node, int]:
    """Return each node's marks as far as they stand within the region."""
    found: dict[Node, int] = {region.node: 0}
    for node in tree.nodes[region.node.index + 1 :]:
        if node.parent not in found:
            break
        found[node] = found[node.parent] | node.own
    return found


def _first_text(tree: Tree, heading: Block | None, taken: set[int]) -> Block | None:
    """Return the text right under the headline, if all that speaks against it is the word "teaser".

    That is what some sites call the lead of an article.
    """
    if heading is None:
        return None
    for block in tree.blocks[heading.index + 1 : heading.index + 1 + _LEAD_WITHIN]:
        if block.weight:
            unlike = block.marks & _BARRED & ~(Mark.RELATED | Mark.CONTROL)
            return None if block.links or block.index in taken or unlike else block
    return None


def _leads(tree: Tree, heading: Block, region: Region, taken: set[int], first: Block | None) -> list[Block]:
    """Return the texts between the headline and a body that stands apart from it.

    Few stand there as a rule; many are an offer to subscribe, of which only the marked lead is kept, and
    what stands in an element that says that it holds the article's text. The opening of a live blog is one
    such lead, in several paragraphs beside one another.
    """
    often = Counter(block.text for block in tree.blocks if block.weight and not block.marks & Mark.HIDDEN)
    found = [
        block
        for block in tree.blocks[heading.index + 1 : region.first]
        if block.weight
        and block.index not in taken
        and (block.tag != "li" or is_lead(block))
        and often[block.text] == 1
        and linked_share(block) < _MAX_LEAD_LINKED
        and (block is first or is_lead(block) or not block.marks & _BARRED & ~Mark.CONTROL)
    ]
    if len(found) <= _MAX_LEADS:
        return found
    around = ancestors(region.node)
    bodies = [block for block in found if _in_body(block, around)]
    leads = [block for block in found if is_lead(block)]
    opening = {block.node.parent for block in leads[:_MAX_LEADS] if block.tag == "p"}
    return bodies or [
        block
        for number, block in enumerate(leads)
        if number < _MAX_LEADS or (block.tag == "p" and block.node.parent in opening)
    ]


def _in_body(block: Block, around: dict[Node, int]) -> bool:
    """Whether a block stands in an element called the body, beside the region and not around it."""
    node: Node | None = block.node
    while node is not None and node not in around:
        if node.own & Mark.BODY:
            return True
        node = node.parent
    return False


def is_lead(block: Block) -> bool:
    """Whether the block or one of the two elements around it is called a summary; no caption is one."""
    if block.marks & Mark.CAPTION:
        return False
    node: Node | None = block.node
    for _ in range(3):
        if node is None:
            return False
        if node.own & Mark.SUMMARY:
            return True
        node = node.parent
    return False


def _another_begins(block: Block, heading: Block | None, last: Block) -> bool:
    """Whether a heading opens a second article below the first, as endless pages have it.

    One that stands beside the paragraph before it is a heading within the article.
    """
    if heading is None or block.index <= heading.index or block.node.parent is last.node.parent:
        return False
    if opens_another(block, heading):
        return True
    return block.tag == heading.tag == "h1" and article_around(block) is not article_around(heading)


def _barred(marks: int, bar: int) -> bool:
    if marks & Mark.SUMMARY:
        marks &= ~Mark.RELATED  # "teaser-text" inside an article is its lead
    return bool(marks & bar)


def _is_offer(block: Block) -> bool:
    """Whether a block is an item of a list between headline and text: what a subscription holds, labels."""
    return block.tag == "li" and bool(block.marks & Mark.HEADER) and bool(block.marks & Mark.ARTICLE)


def _is_running_text(block: Block, marks: int) -> bool:
    """Whether a block is too long for what the marks say it is: a label, a button, a menu."""
    return (
        block.weight >= _RUNNING_WORDS
        and block.tag == "p"
        and not block.links
        and not marks & _BARRED & ~_SHORT
    )


def _running(tree: Tree, region: Region, within: dict[Node, int]) -> set[Node]:
    """Return the elements with running text that their marks deny: what stands beside it is text too."""
    found = set()
    for block in tree.blocks[region.first : region.last]:
        marks = within[block.node]
        if marks & _SHORT and block.node.parent is not None and _is_running_text(block, marks):
            found.add(block.node.parent)
    return found


def _is_text(block: Block) -> bool:
    if block.weight:
        return ends_sentence(block.text) or not (is_stamp(block.text) and tells_change(block.text))
    if block.tag == "p" and ends_sentence(block.text) and len(block.text) - block.linked >= _MIN_UNLINKED:
        return True
    if block.tag in HEADINGS:
        return linked_share(block) <= _MAX_LINKED
    if linked_share(block) > _MAX_LINKED or is_stamp(block.text):
        return False
    return block.tag in _TEXT_TAGS or words(block.text) >= _MIN_LOOSE_WORDS


def _leads_away(tree: Tree, block: Block, taken: set[int]) -> bool:
    """Whether a short line announces links to other pieces: "Read also:"."""
    if block.weight or not (block.tag in HEADINGS or block.text.endswith((":", "："))):
        return False
    if block.index + 1 >= len(tree.blocks):
        return False
    after = tree.blocks[block.index + 1]
    return after.index in taken or (linked_share(after) > _MAX_LINKED and not _is_text(after))


def _trails(kept: list[Block]) -> bool:
    """Whether the last block is none of the text: a label, a notice, an offer."""
    last = kept[-1]
    if is_rights_notice(last.text) or is_invitation(last.text):
        return True
    if last.weight:
        return False
    if last.tag == "pre":
        return False
    before = kept[-2] if len(kept) > 1 else None
    if before is None or before.tag != last.tag:
        return True
    if last.tag in _ITEMS:
        return False  # the last item of a list or the last row of a table may be short
    beside = last.tag == "p" and before.node.parent is last.node.parent
    return not (beside and not last.links and words(last.text) >= _MIN_LOOSE_WORDS)


def _trim(kept: list[Block]) -> list[Block]:
    """Cut headings without text below them, a byline above the first and what trails the last paragraph."""
    while len(kept) > 1 and not kept[0].weight and kept[0].tag not in HEADINGS and is_byline(kept[0].text):
        kept.pop(0)
    while kept and _trails(kept):
        kept.pop()
    return [
        block
        for block, after in zip_longest(kept, kept[1:])
        if block.weight or block.tag not in HEADINGS or (after is not None and _heads(block, after))
    ]


def _heads(heading: Block, after: Block) -> bool:
    """Whether what follows a heading is its own: text, or a heading of a lower level."""
    return after.tag not in HEADINGS or after.tag > heading.tag
