"""Markup that a page keeps from its reader until a script has run: read where it shows no article without."""

from __future__ import annotations

import re

_OPENS = re.compile(r"<(noscript|script)\b([^<>]{0,500})>", re.IGNORECASE)
_OF_MARKUP = re.compile(r"template|text/html|handlebars", re.IGNORECASE)


def reveal(source: str) -> str:
    """Return the page with ``<noscript>`` and scripts of type "text/template" as plain elements.

    Every character keeps its place, so spans hold in the page as it was sent.
    """
    pieces: list[str] = []
    position = 0
    while found := _OPENS.search(source, position):
        name = found[1].lower()
        end = source.find("</" + name, found.end())
        if end < 0:
            break
        if name == "noscript" or _OF_MARKUP.search(found[2]):
            opening = "<" + "div".ljust(len(name)) + found[2] + ">"
            pieces += source[position : found.start()], opening, source[found.end() : end]
            position = end + 2 + len(name)
            pieces.append("</" + "div".ljust(len(name)))
        else:
            pieces.append(source[position : end + 2])
            position = end + 2
    return "".join(pieces) + source[position:]
