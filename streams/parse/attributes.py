"""Attributes of a tag, read from its source only where one is asked for."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

_ONE = r"""(?:^|[\s"'/]){name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))"""
_ANY = re.compile(r"""([a-zA-Z:_-][\w:.-]*+)(?:\s*=\s*(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?""")

ATTRIBUTE_NAMES = frozenset(
    {
        "class", "id", "role", "itemprop", "hidden", "aria-hidden", "style", "datetime",
        "content", "property", "name", "http-equiv", "rel", "href", "lang",
    }
)  # fmt: skip


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_ONE.format(name=re.escape(name)), re.IGNORECASE)


def attribute(written: str, name: str) -> str:
    """Return one attribute's value, '' when it is absent or empty."""
    found = _pattern(name).search(written)
    return unescape(found[found.lastindex or 0]).strip() if found else ""


def attributes(written: str, names: frozenset[str]) -> dict[str, str]:
    """Return the named attributes; the first of a name holds, as in a browser."""
    found: dict[str, str] = {}
    for written_name, double, single, bare in _ANY.findall(written):
        name = written_name.lower()
        if name in names and name not in found:
            value = double or single or bare
            found[name] = unescape(value).strip() if "&" in value else value.strip()
    return found
