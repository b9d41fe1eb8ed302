"""Date and authors as the reader sees them, around the headline; only where the metadata have none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from streams.parse.dateline import read_dateline
from streams.parse.dates import Moment, is_stamp, read_machine, read_visible
from streams.parse.datewords import names_of, of_publication
from streams.parse.facts import Facts, fill_from_metas
from streams.parse.marks import Mark
from streams.parse.months import MONTHS
from streams.parse.parts import Article
from streams.parse.people import byline, names
from streams.parse.tree import Block, MetaTag, TimeTag, Tree
from streams.parse.weigh import ends_sentence, words

_BEFORE = 6  # blocks above the headline in which a date or an author may stand
_AFTER = 3  # blocks below the first paragraph
_ELSEWHERE = Mark.NAVIGATION | Mark.FOOTER | Mark.RELATED | Mark.COMMENTS | Mark.NOTICE
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?=[/_-]|$)")
_MAX_AHEAD = timedelta(days=2)  # a page cannot be published after it was fetched; zones and clocks differ
_MAX_BEHIND = timedelta(days=60)  # how old a story with a dateline but without a year can be
_MAX_NAME_WORDS = 8
_DATED = re.compile(r"\s*(?:[|•·,]|\s[–—-]\s)\s*[^|•·]*\d.*$")  # a date behind the name
_MAX_SIGNED_CHARS = 200
_MAX_AND_CHARS = 4
_MAX_BARE_NAME_WORDS = 4
_MAX_BARE_DATE = 30  # characters of a date with a weekday and a time
# Languages whose readers write the day before the month; in English some do and some do not.
_DAY_FIRST = frozenset(
    {
        "ar", "be", "bg", "cs", "da", "de", "el", "es", "et", "fi", "fr", "he", "hr", "id", "it", "ka",
        "kk", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sr", "sv", "th", "tr", "uk", "vi",
    }
)  # fmt: skip
_DAYS = ("datepublished", "datemodified")  # itemprops that an article has one of
_MAX_METAS = 1_000  # each may climb out of as many elements as may be nested
_NAMED = "datePublished"  # schema.org's name, as itemprop
_PUBLISHED = ("publish", "pubdate", "created", "entry-date")
_CHANGED = ("updated", "modified")


def complete(
    tree: Tree, article: Article, facts: Facts, taken: set[int], fetched_at: datetime | None
) -> None:
    """Fill in what the metadata lack from the text around the headline, and drop impossible dates."""
    window = [
        block
        for block in (
            *tree.blocks[max(0, article.first - _BEFORE) : article.begin + _AFTER],
            *tree.blocks[max(article.last + 1, article.begin + _AFTER) : article.last + 2],
        )
        if block.index not in taken and not _elsewhere(block, article)
    ]
    fill_from_metas(facts, _own_metas(tree, article, taken))
    for name in ("published", "modified"):
        moment: Moment | None = getattr(facts, name)
        if moment is not None and impossible(moment, fetched_at):
            setattr(facts, name, None)
            facts.sources.pop(name, None)
    if facts.published is None:
        day_first = facts.language in _DAY_FIRST or facts.day_first
        for source, moment in (
            ("time", _from_time_tags(tree, article, taken)),
            ("text", _from_heading(tree, article, day_first=day_first)),
            ("text", _from_lines(_around(window, article), day_first=day_first)),
            ("text", _from_lines(window, day_first=day_first)),
            ("text", _from_named_lines(tree, article, taken, day_first=day_first)),
            ("url", _from_address(facts.url)),
            ("meta", _from_either(facts, fetched_at)),
            ("dateline", _from_dateline(article, fetched_at)),
        ):
            if moment is not None and not impossible(moment, fetched_at):
                facts.published = moment
                facts.sources["published"] = source
                break
    if all(map(facts.is_site, facts.authors)):
        authors = _authors(tree, window, article)
        others = tuple(name for name in authors if not (facts.is_site(name) or facts.site.is_name(name)))
        if found := others or (() if facts.authors else authors):
            facts.authors = found
            facts.sources["authors"] = "text"


def _own_metas(tree: Tree, article: Article, taken: set[int]) -> dict[str, list[str]]:
    """Return what ``<meta itemprop>`` say of the article; no date where they name two days."""
    found: dict[str, list[str]] = {}
    for tag in tree.metas[:_MAX_METAS]:
        if _is_own(tag, article, taken):
            found.setdefault(tag.name, []).append(tag.content)
    for name in _DAYS:
        moments = [moment for text in found.get(name, ()) if (moment := read_machine(text))]
        if moments and _only_day(moments) is None:
            del found[name]
    return found


def _is_own(tag: MetaTag, article: Article, taken: set[int]) -> bool:
    """Whether a meta stands in an element that holds the article's text, or in one of its parts."""
    node = tag.node
    while node.first == node.last and node.parent is not None:
        node = node.parent  # an element without text is for its metas only
    if node.first <= article.begin < node.last:
        return not tag.node.marks & ~node.marks & _ELSEWHERE
    near = article.first - _BEFORE <= tag.block <= min(article.begin + _AFTER, article.last)
    return near and node.first not in taken and not _tag_elsewhere(tag, article)


def _around(window: list[Block], article: Article) -> list[Block]:
    """Return what stands outside the text: a date there goes before those within, of quoted posts say."""
    return [block for block in window if not article.begin <= block.index <= article.last]


def _from_heading(tree: Tree, article: Article, *, day_first: bool) -> Moment | None:
    """Read the date that the heading holds beside the headline."""
    headline = article.headline
    if headline is None or headline.start < 0:
        return None
    heading = tree.blocks[article.first]
    if headline.start != heading.start or len(headline.text) >= len(heading.text):
        return None
    rest = " ".join(heading.text.split(headline.text, 1)).strip()
    return read_visible(rest, day_first=day_first) if is_stamp(rest) else None


def _elsewhere(block: Block, article: Article) -> bool:
    """Whether a block belongs to another part of the page; between headline and text none is a menu.

    A date right above or below the headline is the article's, whatever the element around them is called.
    """
    marks = block.marks & _ELSEWHERE
    if abs(block.index - article.first) == 1 and len(block.text) <= _MAX_BARE_DATE:
        marks &= ~(Mark.RELATED | Mark.NOTICE)
    if article.first <= block.index <= article.begin or block.node.own & Mark.DATE:
        marks &= ~(Mark.NAVIGATION | Mark.FOOTER)
    return bool(marks)


def impossible(moment: Moment, fetched_at: datetime | None) -> bool:
    """Whether a page fetched then cannot have been published at that moment."""
    if fetched_at is None:
        return False
    return moment.value > _zoned(fetched_at) + _MAX_AHEAD


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _from_time_tags(tree: Tree, article: Article, taken: set[int]) -> Moment | None:
    """Read the ``<time>`` near the headline; where several name different days, the one called published."""
    near: list[tuple[str, Moment]] = []
    only = len(tree.times) == 1  # then there is none to mistake it for, however much stands between
    for tag in tree.times:
        inside = article.first - _BEFORE <= tag.block <= article.begin + _AFTER
        inside = inside or tag.block == article.last + 1 or (only and tag.block <= article.last)
        if not inside or tag.block in taken or _tag_elsewhere(tag, article):
            continue
        moment = read_machine(tag.datetime) or read_visible(tag.text)
        if moment is not None:
            near.append((_name_of_time(tree, tag), moment))
    named = [moment for name, moment in near if name == "published"]
    unchanged = [moment for name, moment in near if name != "changed"]
    return _only_day(named or unchanged or [moment for _, moment in near])


def _name_of_time(tree: Tree, tag: TimeTag) -> str:
    """Return what the page calls a ``<time>``, by its class or the word before it; see :func:`names_of`."""
    names = tag.names.lower()
    if any(word in names for word in _PUBLISHED):
        return "published"
    if any(word in names for word in _CHANGED):
        return "changed"
    if not tag.text or tag.block >= len(tree.blocks):
        return ""
    before, found, _ = tree.blocks[tag.block].text.partition(" ".join(tag.text.split()))
    return names_of(before) if found else ""


def _tag_elsewhere(tag: TimeTag | MetaTag, article: Article) -> bool:
    marks = tag.node.marks & _ELSEWHERE
    if article.first <= tag.block <= article.begin:
        marks &= ~(Mark.NAVIGATION | Mark.FOOTER)
    return bool(marks)


def _from_lines(window: list[Block], *, day_first: bool) -> Moment | None:
    """Read the day in the lines that are dates; the one called published before others, changes last."""
    called: list[Moment] = []
    bare: list[Moment] = []
    every: list[Moment] = []
    for block in window:
        if not is_stamp(block.text):
            continue
        text, named = of_publication(block.text)
        if moment := read_visible(text, day_first=day_first):
            (called if named else bare).append(moment)
        if moment := moment or read_visible(block.text, day_first=day_first):
            every.append(moment)
    return _only_day(called or bare or every)


def _from_named_lines(tree: Tree, article: Article, taken: set[int], *, day_first: bool) -> Moment | None:
    """Read the line that the markup calls the date of publication, however far from the headline."""
    lines = [
        block
        for block in tree.blocks[: article.last + 2]
        if _NAMED in block.node.names
        and block.index not in taken
        and not _elsewhere(block, article)
        and is_stamp(block.text)
    ]
    return _from_lines(lines, day_first=day_first)


def _only_day(moments: list[Moment]) -> Moment | None:
    """Return the first moment if all are of one day: two days are one too many."""
    return moments[0] if len({moment.value.date() for moment in moments}) == 1 else None


def _from_either(facts: Facts, fetched_at: datetime | None) -> Moment | None:
    """Return the one meaning of a date like 04/05/2025 beside the last change, or else not after the fetch.

    None where neither tells: both days of 04/05 are long past on an old page.
    """
    near = [m for m in facts.either if facts.modified and abs(m.value - facts.modified.value) <= _MAX_AHEAD]
    return _only_day(near) or _only_day([m for m in facts.either if not impossible(m, fetched_at)])


def _from_address(url: str | None) -> Moment | None:
    found = _IN_ADDRESS.search(url or "")
    return read_machine("-".join(found.groups())) if found else None


def _from_dateline(article: Article, fetched_at: datetime | None) -> Moment | None:
    """Read "April 11" as the last such day before the page was fetched; without a fetch time, not at all."""
    line = read_dateline(article.body[0].text) if article.body else None
    if line is None or line.date is None or fetched_at is None:
        return None
    day = re.search(r"\d{1,2}", line.date)
    month = next((MONTHS[w] for w in re.findall(r"[^\W\d_]+", line.date.casefold()) if w in MONTHS), None)
    if day is None or month is None:
        return None
    for year in (fetched_at.year, fetched_at.year - 1):
        moment = read_machine(f"{year:04d}-{month:02d}-{int(day[0]):02d}")
        if moment is not None and -_MAX_AHEAD <= _zoned(fetched_at) - moment.value <= _MAX_BEHIND:
            return moment
    return None


def _authors(tree: Tree, window: list[Block], article: Article) -> tuple[str, ...]:
    """Read who signed: what the markup calls an author, else a line of "By" and a name above the text."""
    called = [block for block in window if _is_signed(block)]
    signed = [block for block in called if names([block.text], visible=True)]
    if signed:
        return names(_signatures(tree, signed), visible=True)
    for block in called:  # no names: words such as "By" alone, or a date
        behind = tree.blocks[block.index + 1 : block.index + 2]
        named = behind and words(behind[0].text) <= _MAX_BARE_NAME_WORDS and not ends_sentence(behind[0].text)
        if named and not any(map(str.isdigit, block.text)):
            return names([behind[0].text], visible=True)
    lines = [block.text for block in window if article.first <= block.index <= article.begin]
    written = (names([part], visible=True) for text in lines if (part := byline(text)))
    return next(filter(None, written), ())


def _is_signed(block: Block) -> bool:
    called = any(link.rel == "author" for link in block.links) or block.node.own & Mark.BYLINE
    text = block.text
    return bool(called) and len(text) <= _MAX_SIGNED_CHARS and words(_DATED.sub("", text)) <= _MAX_NAME_WORDS


def _signatures(tree: Tree, signed: list[Block]) -> list[str]:
    """Return the first line, and those behind it that are dressed alike: an author each, an "and" between."""
    texts = [signed[0].text]
    for before, block in pairwise(signed):
        between = tree.blocks[before.index + 1 : block.index]
        joined = len(between) <= 1 and all(len(other.text) <= _MAX_AND_CHARS for other in between)
        if not joined or block.node.names != signed[0].node.names:
            break
        texts.append(block.text)
    return texts
