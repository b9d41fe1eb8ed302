"""What an element is for, told by its tag and by the words of its class, id and role.

Class names are written in English all over the world, whatever the page's language; the few
others stand here too. A mark is a hint: :mod:`streams.parse.article` drops it where the marked
element holds most of the page's running text.
"""

# tables of words
# ruff: noqa: E501, ISC004
from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest
from typing import Final

__all__ = ["Mark", "marks_of_names", "marks_of_tag"]


class Mark:
    """The purposes of an element that matter for reading a page: bits of plain numbers, for speed."""

    NONE: Final = 0
    NAVIGATION: Final = 1
    HEADER: Final = 2
    FOOTER: Final = 4
    ASIDE: Final = 8
    FIGURE: Final = 16
    CAPTION: Final = 32
    CONTROL: Final = 64  # forms, buttons, share bars
    RELATED: Final = 128  # links to other pieces: teasers, recommendations, most read
    COMMENTS: Final = 256
    BYLINE: Final = 512
    NOTICE: Final = 1024  # cookies, consent, newsletters, subscriptions, advertisements
    HIDDEN: Final = 2048
    QUOTE: Final = 4096
    TABLE: Final = 8192
    LIST: Final = 16384
    BODY: Final = 32768  # says of itself that it holds the article's text
    SUMMARY: Final = 65536
    DATE: Final = 131072
    TAGS: Final = 262144
    ARTICLE: Final = 524288


_TAGS = {
    "nav": Mark.NAVIGATION,
    "menu": Mark.NAVIGATION,
    "header": Mark.HEADER,
    "footer": Mark.FOOTER,
    "aside": Mark.ASIDE,
    "figure": Mark.FIGURE,
    "picture": Mark.FIGURE,
    "figcaption": Mark.CAPTION,
    "caption": Mark.CAPTION,
    "form": Mark.CONTROL,
    "button": Mark.CONTROL,
    "fieldset": Mark.CONTROL,
    "dialog": Mark.NOTICE,
    "blockquote": Mark.QUOTE,
    "table": Mark.TABLE,
    "ul": Mark.LIST,
    "ol": Mark.LIST,
    "article": Mark.ARTICLE,
}

# Words of class, id and role. A row is: mark, whole words, beginnings of words, pairs of words.
_NAMES: tuple[tuple[int, str, str, str], ...] = (
    (
        Mark.NAVIGATION,
        "nav navi navbar navigation menu mainmenu submenu topmenu megamenu sidemenu menuitem menubar breadcrumb breadcrumbs"
        " pagination pager toolbar toc skiplink skiplinks offcanvas tab tabs sitemap jump",
        "breadcrumb",
        "skip-link skip-to table-of",
    ),
    (
        Mark.CONTROL,
        "share shares sharing sharebar sharer social addthis sharedaddy follow followus action actions btn button rating"
        " ratings like likes vote votes print search searchform login player video audio gallery slideshow carousel poll quiz"
        " widget widgets",
        "social",
        "instagram-media tiktok-embed",  # what stands there asks the reader to open the app
    ),
    (
        Mark.CAPTION,
        "caption captions credit credits legend figcaption imagetext imagedescription imgdescription bildunterschrift bildtext fotocredit photocredit"
        " imagecaption imagecredit",
        "caption",
        "image-text image-description image-info image-desc photo-credit wp-caption image-credit picture-text img-description",
    ),
    (
        Mark.RELATED,
        "related relateds teaser teasers promo promos popular trending readmore seealso alsoread sidebar outbrain taboola"
        " plista zergnet latest similar further crosslink crosslinks linkbox infobox newsfeed ticker playlist rail prev"
        " previous next explore mostread mostpopular references bibliography",
        "related teaser recommend suggest popular",
        "most-read most-popular most-viewed read-more read-also read-next more-news more-stories more-from more-articles"
        " more-on see-also also-read latest-news cross-links mehr-zum in-this topic-box topics-box",
    ),
    (
        Mark.COMMENTS,
        "comment comments commentlist respond replies kommentar kommentare discussion komment",
        "comment disqus kommentar",
        "",
    ),
    (
        Mark.BYLINE,
        "byline bylines author authors contributor contributors writer writers autor autoren autora autores auteur auteurs autore autori penulis yazar vcard bio metadata authorbox"
        " articleinfo",
        "byline author",
        "by-line post-meta entry-meta article-meta meta-data article-info about-author",
    ),
    (
        Mark.NOTICE,
        "cookie cookies consent gdpr ccpa newsletter newsletters signup ad ads advert advertisement advertising adv"
        " adsbygoogle sponsor sponsored banner banners promotion commercial popup popover modal overlay donate donation"
        " disclaimer toast alert anzeige notice offer affiliate abo app-download appbanner",
        "cookie consent onetrust newsletter advert sponsor subscri donat modal",
        "sign-up app-download pop-up news-letter",
    ),
    (
        Mark.FOOTER,
        "footer sitefooter pagefooter colophon imprint impressum copyright legal",
        "footer",
        "",
    ),
    (
        Mark.TAGS,
        "tag tags taglist tagcloud keyword keywords hashtag hashtags topic topics category categories label labels kicker",
        "tagcloud",
        "tag-list tags-links cat-links",
    ),
    (
        Mark.HIDDEN,
        "visuallyhidden screenreader invisible noprint assistive sronly",
        "",
        "sr-only visually-hidden screen-reader assistive-text no-print",
    ),
    (
        Mark.SUMMARY,
        "summary standfirst lead lede intro dek excerpt subheadline subtitle abstract teasertext vorspann chapeau",
        "",
        "sub-headline sub-title teaser-text",
    ),
    (
        Mark.DATE,
        "date dateline datetime time timestamp published pubdate updated datum",
        "publishdate timestamp",
        "pub-date posted-on",
    ),
    (
        Mark.BODY,
        "articlebody articletext articlecontent richtext storytext paragraph paragraphs artikeltext bodytext postcontent"
        " entrycontent storybody contentbody textbody",
        "articlebody",
        "article-body article-content article-text post-body post-content post-text entry-body entry-content entry-text"
        " story-body story-content story-text news-body news-content news-text single-content single-body page-content"
        " main-content main-text detail-body detail-content detail-text body-content body-text rich-text text-body content-body",
    ),
)

_WORDS: dict[str, int] = {}
_PAIRS: dict[str, dict[str, int]] = {}  # by first word, then by second
_BEGINNINGS: tuple[tuple[str, int], ...] = tuple(
    (beginning, mark) for mark, _, beginnings, _ in _NAMES for beginning in beginnings.split()
)
_ANY_BEGINNING = tuple(beginning for beginning, _ in _BEGINNINGS)
for _mark, _whole, _, _joined in _NAMES:
    for _word in _whole.split():
        _WORDS[_word] = _WORDS.get(_word, 0) | _mark
    for _pair in _joined.split():
        _first, _, _second = _pair.partition("-")
        _seconds = _PAIRS.setdefault(_first, {})
        _seconds[_second] = _seconds.get(_second, 0) | _mark
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME_WORD = re.compile(r"[a-z0-9]+")
_TABS, _WIDGETS = frozenset({"tab", "tabs"}), frozenset({"widget", "widgets"})
_BEHIND_TABS = frozenset({"container", "content", "pane", "panel"})  # what a tab shows is no menu
_BEFORE_WIDGETS = frozenset(
    {"elementor", "article", "story", "content", "text"}
)  # building blocks of an article
_BEFORE_LABEL = frozenset({"field"})  # "field-label-hidden" is said of a field of text
_SAYS_WHAT_IT_HOLDS = frozenset({"has", "with", "without", "no"})  # "has-sidebar" is no sidebar


def marks_of_tag(tag: str) -> int:
    """Return what the element is for by its tag alone."""
    return _TAGS.get(tag, Mark.NONE)


def marks_of_names(names: str) -> int:
    """Return what the element is for by its class, id and role, given as one string."""
    marks = Mark.NONE
    for name in names.split():
        marks |= _mark_of_name(name)
    if "hidden" in names and ":" not in names and "hidden" in names.split():
        marks |= Mark.HIDDEN  # with a colon: hidden on some screens only
    return marks


@lru_cache(maxsize=32_768)
def _mark_of_name(name: str) -> int:
    marks = Mark.NONE
    before = ""
    if not name.islower():
        name = _CAMEL.sub("-", name).lower()
    found = _NAME_WORD.findall(name)
    for word, after in zip_longest(found, found[1:], fillvalue=""):
        if before in _PAIRS:
            marks |= _PAIRS[before].get(word, 0)
        if before not in _SAYS_WHAT_IT_HOLDS and not _is_holder(before, word, after):
            marks |= _mark_of_word(word)
        before = word
    return marks


def _is_holder(before: str, word: str, after: str) -> bool:
    """Whether a word means what holds the text, not a thing beside it."""
    return (
        (word in _TABS and after in _BEHIND_TABS)
        or (word in _WIDGETS and before in _BEFORE_WIDGETS)
        or (word == "label" and before in _BEFORE_LABEL)
    )


@lru_cache(maxsize=16_384)
def _mark_of_word(word: str) -> int:
    marks = _WORDS.get(word, 0)
    if word.startswith(_ANY_BEGINNING):
        for beginning, mark in _BEGINNINGS:
            if word.startswith(beginning):
                marks |= mark
    return marks
