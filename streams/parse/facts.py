"""What the page says of itself: JSON-LD, OpenGraph and the head, before the visible text."""

# tables of names
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from streams.parse import jsonld
from streams.parse.dates import Moment, read_either, read_machine
from streams.parse.language import declared_code
from streams.parse.limits import Limits
from streams.parse.people import names
from streams.parse.titles import Site
from streams.parse.tree import Tree

_TITLES = ("og:title", "twitter:title", "title", "dc.title", "parsely-title", "sailthru.title")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "parsely-pub-date", "publish-date", "publishdate", "pubdate", "publication_date", "date.issued", "dc.date.issued",
    "dcterms.created", "dc.date", "dcterms.date", "sailthru.date", "article.published", "cxenseparse:recs:publishtime",
    "article_date_original", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "last-modified", "article:modified", "dcterms.modified",
)  # fmt: skip
_AUTHORS = (
    "author",
    "article:author",
    "parsely-author",
    "dc.creator",
    "sailthru.author",
    "byl",
    "dcterms.creator",
    "cxenseparse:author",
)
_SECTIONS = ("article:section", "parsely-section", "section")
_TAGS = ("article:tag", "news_keywords", "parsely-tags", "keywords")
_SITES = ("og:site_name", "application-name", "dc.publisher")
_DAY_FIRST = frozenset({"en-gb", "en-au", "en-nz", "en-ie", "en-in"})
_MAX_TITLES = 20  # each is compared with every heading
_MAX_TITLE_CHARS = 1_000
_MAX_TAGS = 40
_MAX_TAG_CHARS = 80


@dataclass(slots=True, eq=False, kw_only=True)
class Facts:
    """The article's metadata as machines are told them; ``sources`` says which field came from where."""

    titles: list[str] = field(default_factory=list)
    body: str = ""
    url: str | None = None
    base: str = ""  # the address that the page's links are written from
    language: str | None = None
    published: Moment | None = None
    either: tuple[Moment, ...] = ()  # what a date of publication without an order may mean
    modified: Moment | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    publisher: str | None = None
    is_article: bool = False
    day_first: bool = False  # English of a country that writes the day before the month
    site: Site = field(default_factory=lambda: Site.of("", []))
    sources: dict[str, str] = field(default_factory=dict)

    def is_site(self, name: str) -> bool:
        """Whether an author's name is that of the site: many pages name it where no one signed."""
        return name.casefold() == (self.publisher or "").casefold() or self.site.is_only_name(name)


def read_facts(tree: Tree, page_url: str, limits: Limits) -> Facts:
    """Collect the page's own words about its article, JSON-LD before OpenGraph before the rest."""
    facts = Facts(base=_base(tree, page_url))
    if tree.plain:
        return facts
    metas = tree.head.metas
    titles = [jsonld.clean(text) for text in _values(metas, _TITLES)[:_MAX_TITLES]]
    titles += [jsonld.clean(tree.head.title)] if tree.head.title else []
    described = jsonld.items(tree.head.scripts, limits.max_json_chars)
    item = jsonld.choose(jsonld.articles(described), page_url, titles)
    if item is not None:
        _from_item(facts, item, described)
    titles = [*titles[:1], *facts.titles, *titles[1:]]
    facts.titles = [title[:_MAX_TITLE_CHARS] for title in titles if title]
    facts.is_article = item is not None or "article" in metas.get("og:type", ())
    fill_from_metas(facts, metas)
    if facts.published is None and (
        moment := read_machine(jsonld.published_page(described, page_url) if described else "")
    ):
        facts.published = moment
        facts.sources["published"] = "json-ld"
    _addresses(facts, tree)
    facts.site = Site.of(page_url, [facts.publisher or "", *_values(metas, _SITES)], facts.base)
    _prefer_people(facts, metas)
    declared = tree.head.language or next(iter(metas.get("content-language", ())), "")
    declared = declared or next(iter(metas.get("og:locale", ())), "")
    facts.language = declared_code(declared) or facts.language
    facts.day_first = declared.strip().replace("_", "-").lower() in _DAY_FIRST
    return facts


def _from_item(facts: Facts, item: jsonld.Item, described: list[jsonld.Item]) -> None:
    facts.titles += [text for key in ("headline", "name") if (text := jsonld.text_of(item.get(key)))]
    facts.body = item["articleBody"] if isinstance(item.get("articleBody"), str) else ""
    facts.published = _first_moment(jsonld.strings(item.get("datePublished")))
    facts.modified = _first_moment(jsonld.strings(item.get("dateModified")))
    written = (jsonld.named(item.get(key), described) for key in ("author", "creator"))
    facts.authors = next((found for texts in written if (found := names(texts))), ())
    facts.section = jsonld.text_of(item.get("articleSection")) or None
    facts.tags = _split(jsonld.strings(item.get("keywords")))
    facts.publisher = next(iter(jsonld.named(item.get("publisher"), described)), None)
    facts.language = declared_code(jsonld.text_of(item.get("inLanguage")))
    for name in ("published", "modified", "authors", "section", "tags", "publisher"):
        if getattr(facts, name):
            facts.sources[name] = "json-ld"


def fill_from_metas(facts: Facts, metas: dict[str, list[str]]) -> None:
    """Take from metas what the facts lack."""

    def fill(name: str, value: object) -> None:
        if value and not getattr(facts, name):
            setattr(facts, name, value)
            facts.sources[name] = "meta"

    fill("published", _first_moment(_values(metas, _PUBLISHED)))
    if facts.published is None and not facts.either:
        facts.either = next((e for text in _values(metas, _PUBLISHED) if (e := read_either(text))), ())
    fill("modified", _first_moment(_values(metas, _MODIFIED)))
    fill("authors", next(_authors(metas), ()))
    fill("section", next((jsonld.clean(v) for v in _values(metas, _SECTIONS)), None))
    fill("tags", next((found for key in _TAGS if (found := _split(metas.get(key, [])))), ()))
    fill("publisher", next((jsonld.clean(v) for v in _values(metas, _SITES)), None))


def _authors(metas: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """Yield what each of the metas says of the authors."""
    for key in _AUTHORS:
        if found := names([jsonld.clean(text) for text in metas.get(key, ())]):
            yield found


def _prefer_people(facts: Facts, metas: dict[str, list[str]]) -> None:
    """Leave the site's own name out of the authors where others are named beside it or elsewhere."""
    if not any(map(facts.is_site, facts.authors)):
        return
    people = tuple(name for name in facts.authors if not facts.is_site(name))
    if not people:
        others = (tuple(name for name in found if not facts.is_site(name)) for found in _authors(metas))
        people = next(filter(None, others), ())
        if people:
            facts.sources["authors"] = "meta"
    facts.authors = people or facts.authors


def _base(tree: Tree, page_url: str) -> str:
    """Return the address in the page's ``<base>``, the page's own where it has none that leads to a page."""
    try:
        address = urljoin(page_url, tree.head.base)
    except ValueError:
        return page_url
    return address if address.startswith(("http://", "https://")) else page_url


def _addresses(facts: Facts, tree: Tree) -> None:
    for source, written in (
        ("canonical", tree.head.canonical),
        *(("meta", u) for u in tree.head.metas.get("og:url", ())),
    ):
        try:
            address = urljoin(facts.base, written.strip()) if written.strip() else ""
        except ValueError:
            continue
        if address.startswith(("http://", "https://")):
            facts.url = address
            facts.sources["url"] = source
            return


def _values(metas: dict[str, list[str]], keys: tuple[str, ...]) -> list[str]:
    return [value for key in keys for value in metas.get(key, ())]


def _first_moment(written: list[str]) -> Moment | None:
    return next((moment for text in written if (moment := read_machine(text))), None)


def _split(written: list[str]) -> tuple[str, ...]:
    """Return tags, each once; a single string holds several."""
    if len(written) == 1:
        written = written[0].replace(";", ",").replace("、", ",").split(",")
    return tuple(
        dict.fromkeys(tag for text in written if (tag := jsonld.clean(text)) and len(tag) <= _MAX_TAG_CHARS)
    )[:_MAX_TAGS]
