"""Titles as sites write them: with the name of the site or the section before or behind the headline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from streams.parse.dates import is_date_line

_NOT_WORD = re.compile(r"[\W_]+")
_SEPARATORS = r"\s+(?:[|\-–—•·»«>/]|::?)+\s+|\s*[|｜ㅣ│]\s*|\s*：\s*"
_SEPARATOR = re.compile(_SEPARATORS + r"|\s*»\s*")
_SEPARATOR_BESIDE_QUOTES = re.compile(_SEPARATORS)
_CLEAR_SEPARATOR = re.compile(r"[|｜ㅣ│»«•·>]|::|\s-+\s")  # dashes and colons stand in headlines too
_OPEN_END = re.compile(r"\s+[|\-–—•·:»]+\s*$")  # the name of the site is missing
_MAX_NAME_WORDS = 5
_MAX_BESIDE_NAME = 20  # characters beside the site's name: "Wissenschaft", "Australia edition"
_FRONT = re.compile(r"/*(?:index\.\w+|home|amp)?/*", re.IGNORECASE)
_MIN_NAME_CHARS = 4
_MAX_LABEL_WORDS = 3
_MIN_HEADLINE_WORDS = 4
_MIN_BELOW_CHARS = 12
_MIN_HEADLINE_CHARS = 15  # of scripts without spaces
_WWW = re.compile(r"^(?:www\d?|m|amp|mobile|news)\.")


def key(text: str) -> str:
    """Return a text as comparisons see it: letters and digits, case folded."""
    return _NOT_WORD.sub(" ", text.casefold()).strip()


@dataclass(frozen=True, slots=True)
class Site:
    """The names by which a page's site may call itself in a title."""

    address: str
    host: str  # letters and digits of the host, without "www"
    label: str  # the same without the top-level domain
    names: frozenset[str]
    base: str  # the address that the page's links are written from

    @classmethod
    def of(cls, page_url: str, names: list[str], base: str = "") -> Site:
        """Read the host out of the page's address; an address that is none gives no names."""
        try:
            host = _WWW.sub("", (urlsplit(page_url).hostname or "").lower())
        except ValueError:
            host = ""
        label = host.rpartition(".")[0]
        known = frozenset(_solid(name) for name in names)
        address = urldefrag(page_url).url
        return cls(address, _solid(host), _solid(label), known - {""}, base or address)

    def is_name(self, text: str) -> bool:
        """Whether a part of a title is the site's name, or holds it and little more."""
        solid = _solid(text)
        if not solid or solid in self.names or solid in (self.host, self.label):
            return bool(solid)
        if len(self.label) < _MIN_NAME_CHARS or len(text.split()) > _MAX_NAME_WORDS:
            return False
        if len(solid) >= _MIN_NAME_CHARS and (self.host.endswith(solid) or self.label.startswith(solid)):
            return True
        return len(solid) - len(self.label) <= _MAX_BESIDE_NAME and _holds(text, self.label)

    def is_only_name(self, title: str) -> bool:
        """Whether a whole title is the site's name, with one word beside it at most ("online")."""
        words = key(title).split()
        written = {"".join(words), "".join(words[1:]), "".join(words[:-1])}
        return not written.isdisjoint(self.names | {self.host, self.label} - {""})

    def is_above(self, href: str) -> bool:
        """Whether a link leads from the page to one well above it: the site's front page or a section's."""
        if not href:
            return False
        try:
            target = urlsplit(urljoin(self.base, href))
            here = urlsplit(self.address)
        except ValueError:
            return False
        above = target.path.rstrip("/") + "/"
        if target.netloc.lower().removeprefix("www.") != here.netloc.lower().removeprefix("www."):
            return False
        if above == "/":
            return bool(here.query) or not _FRONT.fullmatch(here.path)
        # Not much above is the same page in another form: ".../amp", ".../index.html".
        return here.path.startswith(above) and len(here.path) - len(above) > _MIN_BELOW_CHARS


def parts(title: str) -> list[str]:
    """Return what stands between the separators of a title."""
    return [part for text in _separator(title).split(title) if (part := text.strip())]


def _separator(title: str) -> re.Pattern[str]:
    """Return what separates the parts of a title: "»" is none where it closes a quotation."""
    return _SEPARATOR_BESIDE_QUOTES if "«" in title else _SEPARATOR


def has_bar(title: str) -> bool:
    """Whether a title has a separator that no headline has."""
    return _CLEAR_SEPARATOR.search(title) is not None


def without_site(title: str, site: Site) -> str:
    """Return a title without what is not the headline: the site's name, a date, labels behind a bar.

    What is left is a piece of the title as it was written.
    """
    cuts = [(found.start(), found.end()) for found in _separator(title).finditer(title)]
    begin, end = 0, len(title)
    while cuts and (site.is_name(title[cuts[-1][1] : end]) or is_date_line(title[cuts[-1][1] : end])):
        end = cuts.pop()[0]
    while cuts and site.is_name(title[begin : cuts[0][0]]):
        begin = cuts.pop(0)[1]
    while cuts and _is_label(title, begin, end, cuts[-1]):
        end = cuts.pop()[0]
    if (begin, end) == (0, len(title)):
        return _OPEN_END.sub("", title) or title
    return title[begin:end].strip(" |-–—•·:" if "«" in title else " |-–—•·:»") or title


def _is_label(title: str, begin: int, end: int, cut: tuple[int, int]) -> bool:
    """Whether the last part is a label such as a section: short, and behind a bar and a full headline."""
    head, tail = title[begin : cut[0]], title[cut[1] : end]
    full = head.count(" ") + 1 >= _MIN_HEADLINE_WORDS or len(head) >= _MIN_HEADLINE_CHARS
    return (
        full
        and bool(_CLEAR_SEPARATOR.search(title[cut[0] : cut[1]]))
        and tail.count(" ") + 1 <= _MAX_LABEL_WORDS
        and len(tail) < len(head)
        and not tail.endswith(("?", "!"))
    )


def _holds(text: str, label: str) -> bool:
    """Whether some of a text's words, side by side, are the label: "art" is in "Art News", not in "Party"."""
    written = key(text).split()
    for begin in range(len(written)):
        joined = ""
        for word in written[begin:]:
            joined += word
            if joined == label:
                return True
            if not label.startswith(joined):
                break
    return False


def _solid(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold())
