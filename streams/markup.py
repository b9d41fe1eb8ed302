"""HTML elements from Python: every text is escaped unless it was made here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

# What XML calls no character, and what turns the direction of the text around it.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)

_VOID = frozenset({"input", "meta"})


class Safe(str):
    """Markup: put into a page as it is."""

    __slots__ = ()


def text(value: str) -> Safe:
    """Return a text as it stands in a page, also inside quotes."""
    return Safe(html.escape(_UNWANTED.sub("\ufffd", value)))


def el(name: str, /, *children: str | Iterable[str] | None, **attributes: str | bool | None) -> Safe:
    """Return an element; ``class_`` gives ``class``, ``data_x`` gives ``data-x``; None is left out."""
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{text(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    end = "" if name in _VOID else f"</{name}>"
    return Safe(f"<{name}{given}>{''.join(_child(child) for child in children)}{end}")


def _child(child: str | Iterable[str] | None) -> str:
    if child is None:
        return ""
    if isinstance(child, Safe):
        return child
    if isinstance(child, str):
        return text(child)
    return "".join(_child(one) for one in child)


def link(url: str, words: str) -> Safe:
    """Return a link to a web address; what has another scheme is text."""
    try:
        web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        web = False
    if not web:
        return el("span", words)
    return el("a", words, href=url, rel="noopener noreferrer nofollow", target="_blank")
