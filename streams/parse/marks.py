"""What an element is for, told by its tag and by the words of its class, id and role.

Class names are written in English all over the world, whatever the page's language; the few
others stand here too. A mark is a hint: :mod:`streams.parse.article` drops it where the marked
element holds most of the page's running text.
"""

from __future__ import annotations

import re
from functools import lru_cache
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

_NAMES: tuple[tuple[int, str], ...] = (
    (
        Mark.NAVIGATION,
        r"nav(?:bar|igation|i)?|(?:main|sub|top|side|mega)?-?menu|breadcrumbs?|pagination|pager|toolbar|"
        r"toc|table-of-contents|skip-?links?|offcanvas|tabs?|sitemap|jump",
    ),
    (
        Mark.CONTROL,
        r"shar(?:e|es|ing|ebar|er)|social\w*|addthis|sharedaddy|follow\w*|actions?|btn|button|"
        r"rating|likes?|votes?|print|search\w*|login|player|video|audio|gallery|slideshow|carousel|poll|quiz|widget",
    ),
    (
        Mark.CAPTION,
        r"(?:img|image|photo|pic|picture|media|bild|foto|wp)?-?(?:caption|credits?|copyright|legend)s?\w*|"
        r"bildunterschrift|bildtext|fotocredit|figcaption|imagetext|image-?(?:text|description|info)",
    ),
    (
        Mark.RELATED,
        r"related\w*|recommend\w*|teasers?\w*|promos?|most-?(?:read|popular|viewed)|popular\w*|trending|"
        r"read-?(?:more|also|next)|more-?(?:news|stories|from|articles|on)|see-?also|also-?read|"
        r"sidebar|outbrain|taboola|plista|latest|similar|suggest\w*|further|cross-?links?|linkbox|"
        r"infobox|latest-?news|newsfeed|ticker|playlist|rail|prev(?:ious)?|next|zergnet|mehr-?zum-?thema|"
        r"in-?this-?article|topics?box|explore",
    ),
    (Mark.COMMENTS, r"comments?\w*|disqus\w*|respond|replies|kommentare?|discussion|komments?"),
    (
        Mark.BYLINE,
        r"by-?lines?|authors?\w*|contributors?|writers?|post-?meta|entry-?meta|article-?meta|meta-?data|metadata|"
        r"article-?info|autor(?:en)?|vcard|about-?author|bio",
    ),
    (
        Mark.NOTICE,
        r"cookies?\w*|consent\w*|gdpr|ccpa|onetrust\w*|newsletters?\w*|subscri\w+|sign-?up|paywall\w*|"
        r"ad|ads|advert\w*|adv|adsbygoogle|sponsor\w*|banners?|promotion|commercial|popup|pop-?over|modal\w*|overlay|"
        r"donat\w+|membership|disclaimer|toast|alert|anzeige|notice|offer|affiliate|abo|piano|app-?download",
    ),
    (Mark.FOOTER, r"(?:site|page|global|main)?-?footer\w*|colophon|imprint|impressum|copyright|legal"),
    (
        Mark.TAGS,
        r"tags?|tag-?list|tags-?links|keywords?|hashtags?|topics?|categor(?:y|ies)|cat-?links|labels?|kicker",
    ),
    (
        Mark.HIDDEN,
        r"hidden|sr-?only|visually-?hidden|screen-?reader\w*|visuallyhidden|invisible|assistive-text|no-?print",
    ),
    (
        Mark.SUMMARY,
        r"summary|standfirst|lead|lede|intro|dek|excerpt|sub-?headline|sub-?title|abstract|teaser-?text",
    ),
    (Mark.DATE, r"date\w*|time\w*|published\w*|pub-?date|posted-?on|updated?|datum"),
    (
        Mark.BODY,
        r"article-?_*(?:body|content|text)\w*|(?:post|entry|story|news|single|page|main|detail)-?_*(?:body|content|text)|"
        r"body-?(?:content|text)|articlebody|richtext|rich-text|storytext|paragraphs?|text-?body|artikeltext|content-?body",
    ),
)

# Names are cut into words at anything that is no letter, digit or hyphen, and at BEM's double marks.
_PATTERNS = tuple((mark, re.compile(rf"(?<![a-z0-9])(?:{names})(?![a-z0-9])")) for mark, names in _NAMES)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINTS = re.compile(r"__|--|_")


def marks_of_tag(tag: str) -> int:
    """Return what the element is for by its tag alone."""
    return _TAGS.get(tag, Mark.NONE)


@lru_cache(maxsize=16_384)
def marks_of_names(names: str) -> int:
    """Return what the element is for by its class, id and role, given as one string."""
    words = _JOINTS.sub("-", _CAMEL.sub("-", names)).lower()
    marks = Mark.NONE
    for mark, pattern in _PATTERNS:
        if pattern.search(words):
            marks |= mark
    return marks
