"""Guess a legacy charset from the bytes, where the declared one is missing or wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

_RUN = re.compile(rb"[\x80-\xff]{3,}")
_SAMPLE = 32_768
# Letters that make up most of any text in the script; capitals are left out on purpose: a Cyrillic
# charset read as another swaps the cases.
_CYRILLIC = frozenset("оеаинтсрвлкмдпуяыгзбчйхжшюцщэфьії")
_WESTERN = frozenset("éèêàâçôîûùäöüßñáíóúãõåæøœÉÄÖÜ«»’“”„–—…¡¿€")
_CENTRAL = frozenset("ąćęłńóśźżáčďéěíňřšťúůýžöüőűăâîșțşţŁŚŻČŠŽ„”–")
_TURKISH = frozenset("çğıöşüÇĞİÖŞÜâî’“”")
_GREEK = frozenset("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ")
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这個们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年"
)


def guess(body: bytes) -> str:
    """Return the codec whose reading of the bytes looks most like text; 'cp1252' when none does."""
    sample = _non_ascii_part(body)
    best, best_score = "cp1252", 0.0
    for codec, score_of in _CANDIDATES:
        try:
            text = sample.decode(codec, "ignore" if codec in _MULTIBYTE else "strict")
        except UnicodeDecodeError:
            continue
        if codec in _MULTIBYTE and len(text.encode(codec, "ignore")) < len(sample) * 0.98:
            continue
        score = score_of([c for c in text if c > "\x7f"])
        if codec in _OWN_SCRIPT and not _in_runs(sample):
            score = 0.0  # lone letters beyond ASCII are accents of a Latin script
        if score > best_score:
            best, best_score = codec, score
    return best


def is_own_script(body: bytes) -> bool:
    """Whether the letters beyond ASCII are those of a script of its own and no accents of a Latin one."""
    return _in_runs(_non_ascii_part(body))


def _non_ascii_part(body: bytes) -> bytes:
    """Return a sample that begins where the first letter beyond ASCII stands."""
    for chunk in range(0, len(body), 4096):
        if not body[chunk : chunk + 4096].isascii():
            return body[chunk : chunk + _SAMPLE]
    return body[:_SAMPLE]


def _in_runs(sample: bytes) -> bool:
    """Whether bytes beyond ASCII mostly stand in rows, as the letters of a script of its own do."""
    beyond = sum(byte > 0x7F for byte in sample)  # noqa: PLR2004
    in_runs = sum(len(run) for run in _RUN.findall(sample))
    return in_runs * 2 > beyond


def _share(letters: frozenset[str]) -> Callable[[list[str]], float]:
    def score(text: list[str]) -> float:
        return sum(c in letters for c in text) / len(text) if text else 0.0

    return score


def _japanese(text: list[str]) -> float:
    kana = sum("぀" <= c <= "ヿ" for c in text)
    half_width = sum("｡" <= c <= "ﾟ" for c in text)  # what Chinese read as Japanese turns into
    return (kana * 2 - half_width * 2) / len(text) if text else 0.0


def _korean(text: list[str]) -> float:
    return sum("가" <= c <= "힣" for c in text) / len(text) if text else 0.0


def _chinese(text: list[str]) -> float:
    return 4 * sum(c in _COMMON_HAN for c in text) / len(text) if text else 0.0


_MULTIBYTE = frozenset({"cp932", "euc_jp", "cp949", "gb18030", "big5"})
_OWN_SCRIPT = frozenset({"cp1251", "koi8_r", "iso8859_5", "cp866", "cp1253"})
_CANDIDATES: tuple[tuple[str, Callable[[list[str]], float]], ...] = (
    ("cp932", _japanese),
    ("euc_jp", _japanese),
    ("cp949", _korean),
    ("gb18030", _chinese),
    ("big5", _chinese),
    ("cp1251", _share(_CYRILLIC)),
    ("koi8_r", _share(_CYRILLIC)),
    ("iso8859_5", _share(_CYRILLIC)),
    ("cp866", _share(_CYRILLIC)),
    ("cp1253", _share(_GREEK)),
    ("cp1252", _share(_WESTERN)),
    ("cp1250", _share(_CENTRAL)),
    ("iso8859_2", _share(_CENTRAL)),
    ("cp1254", _share(_TURKISH)),
)
