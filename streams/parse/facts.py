"""What the page says of itself: JSON-LD, OpenGraph and the head, before the visible text."""

from __future__ import annotations

from dataclasses import dataclass, field

from streams.parse.limits import Limits
from streams.parse.tree import Tree


@dataclass(slots=True, eq=False, kw_only=True)
class Facts:
    """Metadata of the article, each with its source in ``sources``."""

    headline: str | None = None
    url: str | None = None
    language: str | None = None
    sources: dict[str, str] = field(default_factory=dict)


def read_facts(tree: Tree, limits: Limits) -> Facts:
    """Collect the page's own words about itself."""
    facts = Facts()
    title = tree.head.metas.get("og:title", [""])[0] or tree.head.title
    if title:
        facts.headline = title
    language = tree.head.language[:2].lower()
    if language:
        facts.language = language
        facts.sources["language"] = "html-lang"
    return facts
