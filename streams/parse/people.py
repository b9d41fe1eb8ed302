"""Names of authors, freed from what pages write around them."""

# tables of words
# ruff: noqa: E501
from __future__ import annotations

import re
from collections.abc import Iterator

from streams.parse.jsonld import clean
from streams.parse.weigh import ends_sentence

_BY = re.compile(
    r"^(?:by|tekst|text|texte|words by|(?:written|posted|published|story) by|authors?|autor(?:en|es|a|as)?|auteure?s?|autor[ei]|reported by"
    r"|escrito por|escrit[oa] por|écrit par|publié par|(?:publicado|redactado) por|(?:geschrieben|verfasst) von|ein(?:e)? \w+ von|автор\w?|текст|بقلم|كتبت?|penulis|yazar|yazan)\s*:?\s+(?=\S)"
    r"|^(?:by|von|par|di|words|text|texte|authors?|autor(?:en|es|a|as)?|auteure?s?|autor[ei]|автор\w?|текст|الكاتب|کاتب|نویسنده|penulis|reporter|yazar)\s*[:：]\s*"
    r"|^(?:作者|记者|記者|文|撰文|取材・文|執筆)\s*[:：/／]\s*|^(?:本报记者|记者|記者)\s+",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s+(?:기자|특파원|선임기자|记者|記者)$")
# Such a word alone: the names stand in the next element.
_BY_ALONE = re.compile(
    r"(?:by|von|par|por|di|door|av|af|od|oleh|text|author|autor|auteur|автор|written by|posted by|escrito por|écrit par|and|und|et|y|e)\s*[:：]?",
    re.IGNORECASE,
)
# What somebody is. Beside a name it is no name of another.
_ROLE = re.compile(
    r"(?:^|[\s-])(?:(?:co-?|sub-?)?editor|editor-in-chief|correspondent|reporter|columnist|staff writer|staff|writer|journalist|contributor|bureau chief"
    r"|analyst|producer|photographer|redakteur(?:in)?|korrespondent(?:in)?|reporterin|journalistin?|chefredakteur(?:in)?|autorin"
    r"|correspondante?|journaliste|rédact(?:eur|rice)(?: en chef)?|envoyée? spéciale?|corresponsal|redactora?|periodista|enviad[oa] especial"
    r"|correspondente|repórter|jornalista|redatora?|inviat[oa]|corrispondente|giornalista|redattrice|redattore|verslaggever|correspondent(?:e)?"
    r"|muhabiri?|yazarı|editörü|корреспондент|обозреватель|журналист|редактор|кореспондент|оглядач|журналіст)(?=$|,|(?-i:\s+[^\W\d_A-ZÀ-ÖØ-ÞА-Я]))",
    re.IGNORECASE,
)
_ACCOUNTS = frozenset(
    ["admin", "administrator", "webmaster", "wpadmin", "superuser", "root", "anonymous", "none", "null"]
)
_ASIDE = re.compile(r"(?<=\S)\s*[(（][^()（）]{0,60}[)）]$")  # "Ben Ray (earlier)"
# Words for "by" that names begin with, too: in metadata "Von Anna Weber" is a byline, "Von Hammerstein" and
# "De Luca Antonio" are names.
_BY_OR_NAME = re.compile(
    r"^(?:von|par|por|door|av|af)\s*:?\s+(?!de[rnm]?\b)(?=[^\s,;|]+\s+[^\s,;|])", re.IGNORECASE
)
# A line that a reader sees begins with such a word more often than with a name; di Marco Rossi, but Di Zhang.
_BY_OR_NAME_VISIBLE = re.compile(
    r"^(?:(?:von|par|por|door|av|af)\s*:?\s+(?=\S)|(?:di|da|de|oleh)\s*:?\s+(?=\S+\s+\S))", re.IGNORECASE
)
# Where an author wrote, and the author's account: "Anna Li in New York", "Anna Li @annali".
_CAPITAL = r"(?-i:[A-ZÀ-ÖØ-Þ])[\w'’.-]*"
_WHERE = re.compile(
    rf"(?<=\w\s)(\S+)\s+in\s+{_CAPITAL}(?:\s(?:{_CAPITAL}|(?:of|de|del|la|the|am)(?=\s))){{0,3}}$"
)
_HANDLE = re.compile(r"\s+(?:[(（]@[\w.@-]{1,60}[)）]|@[\w.@-]{1,60})$")
_TO_READERS = re.compile(r"(?:follow|contact|twitter|tweet|instagram|e-?mail|x)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|www\.|@|\.com\b", re.IGNORECASE)
_BETWEEN = r"\s*(?:;|,(?!\s*(?:jr|sr|dr|md|ph\.?d)\b)|[|、]|\s[/–—•·-]\s|\s(?:and|und|et|ve|&|{small})\s)\s*"
_AND = "y|e|og|och|en|i|и|та|dan"
# Some of these are initials where they are capitals: Robert E Lee.
_SPLIT = re.compile(_BETWEEN.format(small=f"(?-i:{_AND})"), re.IGNORECASE)
_SPLIT_CAPITALS = re.compile(_BETWEEN.format(small=_AND), re.IGNORECASE)
# Words that open a byline; a headline may well begin with most of them, hence the capitals asked for behind.
_SIGNED = re.compile(
    r"(?:by|written by|von|par|por|escrito por|di|door|oleh)\s+(?=[^\W\d_]+\s+[^\W\d_])"
    r"|(?:by|text|texte|words|von|par|por|autor|author|auteur|autore|автор\w?|текст|بقلم|作者|记者|記者)\s*[:：]\s*(?=\S)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][^\s,;/|]*")
_WITHIN_NAMES = frozenset(
    "and und et y e og och en i и та & de la del der den van von di da dos du al el bin ben le of for with".split()  # noqa: SIM905
)
_CREDITED = re.compile(r"(?:作者|撰文|记者|記者)\s*[:：]\s*([^\s:：|]+)")
_MAX_BYLINE_CHARS = 100
_MAX_BYLINE_WORDS = 8
_MAX_CHARS = 80
_MAX_AUTHORS = 20


def names(written: list[str], *, visible: bool = False) -> tuple[str, ...]:
    """Return authors' names in order, each once; addresses and empty values are left out.

    ``visible`` are lines that a reader sees, others are of the metadata.
    """
    by_or_name = _BY_OR_NAME_VISIBLE if visible else _BY_OR_NAME
    found: dict[str, None] = {}
    roles: dict[str, None] = {}
    for text in written:
        line = " ".join(text.split())  # a run of spaces costs the split its square
        if " " not in line and _ADDRESS.search(line):
            continue
        split = _SPLIT_CAPITALS if line.isupper() else _SPLIT
        for part in _both(split.split(by_or_name.sub("", line))):
            name = _name(by_or_name.sub("", _alone(part.strip())) if visible else part)
            if not name or len(name) > _MAX_CHARS or _ADDRESS.search(name) or name.isdigit():
                continue
            if visible and (len(name) == 1 or any(map(str.isdigit, name))):
                continue  # an initial in a picture's place; the date, or how long it takes to read
            (roles if _ROLE.search(name) else found).setdefault(name)
    return tuple(found or roles)[:_MAX_AUTHORS]


def _alone(part: str) -> str:
    """Return a name of a byline without the account or the place behind it."""
    name = _WHERE.sub(r"\1", part)
    bare = _HANDLE.sub("", name)
    full = " " in bare and all(word[0].isupper() or word in _WITHIN_NAMES for word in bare.split())
    return bare if full and not _TO_READERS.match(bare) else name


def _both(parts: list[str]) -> Iterator[str]:
    """Yield the parts, and of "Anna Li/Peter Osei" either: not of "AP/Reuters", nor of an address."""
    for part in parts:
        sides = part.split("/")
        full = all(" " in side.strip() and not any(map(str.isdigit, side)) for side in sides)
        yield from sides if full else [part]


def _name(part: str) -> str:
    """Return what stands between two separators without the words around the name."""
    name = _BEHIND.sub("", _BY.sub("", clean(part))).strip(" ,.:-–—|/")
    name = _ASIDE.sub("", name) if name.count(" ") > 1 else name
    if _BY_ALONE.fullmatch(name) or name.casefold() in _ACCOUNTS:
        return ""
    return name


def byline(text: str) -> str:
    """Return what a line that a reader sees says of its authors; '' where it says nothing."""
    if is_byline(text):
        return text
    # Date, source and author in one line, as Chinese pages have it.
    found = _CREDITED.search(text, 0, _MAX_BYLINE_CHARS)
    return found[1] if found else ""


def is_byline(text: str) -> bool:
    """Whether a line that a reader sees is "By" and names, and nothing else."""
    if len(text) > _MAX_BYLINE_CHARS or ends_sentence(text):
        return False
    found = _SIGNED.match(text)
    if found is None:
        return False
    parts = map(_alone, _SPLIT.split(text[found.end() :]))
    words = [word for part in parts for word in _WORD.findall(part) if word not in _WITHIN_NAMES]
    return 0 < len(words) <= _MAX_BYLINE_WORDS and not any(word[0].islower() for word in words)
