"""The page's schema.org description of its article, out of JSON-LD as sites write it.

Sites write lists where one value is meant, names nested in objects, nulls, comments around the
JSON, raw line breaks inside strings, several articles in one block. Each reader here takes what it
can and leaves the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import orjson

Item = dict[str, Any]

_ARTICLE = re.compile(r"(?:article|posting|report|review|analysis)$", re.IGNORECASE)
_PAGES = frozenset({"webpage", "itempage"})  # not those that list others, such as a CollectionPage
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)+|(?:-->|//\s*\]\]>|\]\]>)\s*+;?\s*+$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_MAX_ITEMS = 2_000
_MAX_NESTING = 12
_MAX_VALUE_NESTING = 4
_MAX_VALUES = 100
# Where an article may stand inside another item. Lists of other pieces are not among them.
_DOORS = ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed", "hasPart")
_PARAGRAPH = re.compile(r"</?(?:p|br|div|li|h[1-6])\b[^<>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,300}>")


def items(scripts: list[str], max_chars: int) -> list[Item]:
    """Return what the page's JSON-LD describes, in page order; lists of other pieces are left out."""
    return [item for script in scripts if len(script) <= max_chars for item in _items(_load(script))]


def articles(found: list[Item]) -> list[Item]:
    """Return the articles among the items."""
    return [item for item in found if _is_article(item)]


def published_page(found: list[Item], page_url: str) -> str:
    """Return when the page itself was published, by the one item that describes it; '' where none says."""
    path = _path(page_url)
    pages = [item for item in found if any(kind.lower() in _PAGES for kind in strings(item.get("@type")))]
    here = [item for item in pages if any(_path(address) == path for address in _addresses(item))]
    dates = {text_of(item.get("datePublished")) for item in here or pages} - {""}
    return dates.pop() if len(dates) == 1 else ""


def choose(found: list[Item], page_url: str, titles: list[str]) -> Item | None:
    """Return the article that is this page's: by its address, by its headline, else the only one."""
    path = _path(page_url)
    for item in found:
        if len(path) > 1 and any(_path(address) == path for address in _addresses(item)):
            return item
    for item in found:
        headline = text_of(item.get("headline")) or text_of(item.get("name"))
        if headline and any(headline in title for title in titles):
            return item
    return found[0] if len(found) == 1 else None


def strings(value: object, depth: int = 0) -> list[str]:
    """Return the texts of a value: a string, an object's name or address, or a list of these."""
    if isinstance(value, str):
        return [text] if (text := clean(value)) else []
    if depth >= _MAX_VALUE_NESTING:
        return []
    if isinstance(value, list):
        return [text for item in value[:_MAX_VALUES] for text in strings(item, depth + 1)]
    if isinstance(value, dict):
        return strings(value.get("name") or value.get("@id") or value.get("url"), depth + 1)
    return []


def named(value: object, found: list[Item]) -> list[str]:
    """Return the texts of a value as :func:`strings`; who is only referred to has the name given elsewhere.

    An address that leads to no name on the page is left out.
    """
    texts = strings(value)
    if not any(map(_is_address, texts)):
        return texts
    known = {
        clean(item["@id"]): text_of(item["name"])
        for item in found
        if isinstance(item.get("@id"), str) and item.get("name")
    }
    return [name for text in texts if (name := known.get(text, "" if _is_address(text) else text))]


def text_of(value: object) -> str:
    """Return the first text of a value, '' when it has none."""
    found = strings(value)
    return found[0] if found else ""


def clean(text: str) -> str:
    """Return a value's text as a reader sees it: no tags, no entities, single spaces."""
    if "&" in text:
        text = unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    return " ".join(text.replace("\0", "").split())


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of an article's body, which some sites write with its markup."""
    if "<" in text or "&lt;" in text:
        text = _PARAGRAPH.sub("\n", unescape(text) if "&lt;" in text else text)
    return [line for part in text.splitlines() if (line := clean(part))]


def _load(script: str) -> object:
    try:
        return orjson.loads(script)
    except orjson.JSONDecodeError:
        pass
    script = _WRAPPING.sub("", script).strip().rstrip(";")
    try:
        return json.loads(_TRAILING_COMMA.sub("", script), strict=False)
    except (ValueError, RecursionError):
        return None


def _items(value: object) -> Iterator[Item]:
    """Walk the items that stand at a door; an explicit stack, since pages nest as deep as they like."""
    stack: list[tuple[object, int]] = [(value, 0)]
    seen = 0
    while stack and seen < _MAX_ITEMS:
        current, depth = stack.pop()
        seen += 1
        if isinstance(current, list):
            stack += [(item, depth + 1) for item in reversed(current[:200])]
        elif isinstance(current, dict) and depth <= _MAX_NESTING:
            yield current
            stack += [(current[door], depth + 1) for door in reversed(_DOORS) if door in current]


def _is_article(item: Item) -> bool:
    return any(_ARTICLE.search(kind) for kind in strings(item.get("@type")))


def _addresses(item: Item) -> list[str]:
    return [address for key in ("url", "mainEntityOfPage", "@id") for address in strings(item.get(key))]


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://", "/", "#", "_:"))


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.rstrip("/")
    except ValueError:
        return ""
