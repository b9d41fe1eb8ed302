"""The line that opens a wire story: place, date and agency before the first sentence.

The words stay in the body, which is as the reader sees it; here they are read a second time.
"""

# patterns read best in one line
# ruff: noqa: E501
from __future__ import annotations

import re

from streams.records import Dateline

# A place is upper case, or capitalised words; some scripts have no case and need the date's or agency's marks.
_PLACE = r"(?P<place>[^\W\d_a-z][^\d\n()\[\]{}/:;!?\"“”«»]{1,45}?)"
_DATE = r"(?P<date>(?:\d{1,2}\.?(?:st|nd|rd|th)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?|[^\W\d_]{3,12}\.?\s+\d{1,2})(?:,?\s+\d{4})?)"
_AGENCY = r"(?P<agency>[^\W\d_][\w .&'/-]{1,30}?)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        # ALMATY, April 11. /TASS/. -- MOSCOW. April 11 (Interfax) - ...
        rf"{_PLACE}[,.]\s+{_DATE}\s*[.,]?\s*/\s*{_AGENCY}\s*/\s*[.,:–—-]*",
        rf"{_PLACE}[,.]\s+{_DATE}\s*[.,]?\s*\(\s*{_AGENCY}\s*\)\s*[.:–—-]*",
        rf"{_PLACE}[,.]\s+{_DATE}\s*[–—-]{{1,2}}\s*{_AGENCY}\s*[.:]",
        # KATHMANDU, April 25 - ... ; BEIJING, April 11 : ...
        rf"{_PLACE},\s+{_DATE}\s*(?:[–—:]|--?)\s",
        # PARIS (AFP) - ... ; MADRID (EFE).- ...
        rf"{_PLACE}\s*\(\s*{_AGENCY}\s*\)\s*(?:[–—:.]|--?)",
        rf"{_PLACE}\s*/\s*{_AGENCY}\s*/\s*[.:–—-]*",
    )
)
_BARE = re.compile(r"(?P<place>[^\W\d_a-z](?:[^\Wa-z\d_]|[ .,'’-]){2,40}?)\s*(?:[–—]|--?)\s+(?=\S)")
_BRACKETED = re.compile(
    r"(?:【|\[|［)(?P<place>[^】\]］=＝]{1,12})[=＝](?P<agency>[^】\]］]{1,20})(?:】|\]|］)"
)
_MAX_PLACE_WORDS = 5
_PARTICLES = frozenset(
    [
        "de",
        "la",
        "el",
        "al",
        "am",
        "an",
        "der",
        "den",
        "of",
        "on",
        "upon",
        "sur",
        "do",
        "da",
        "dos",
        "del",
        "le",
        "les",
        "du",
        "und",
        "and",
        "y",
        "i",
        "bei",
    ]
)
# What stands where a place would, alone or with others of these: BREAKING NEWS -. LIVE OAK is a place.
_LABELS = frozenset(
    """
    breaking news exclusive exclusively update updates updated live latest watch video photo photos
    gallery analysis opinion editorial comment commentary column explainer factbox timeline interview
    review feature special report alert just in developing urgent corrected correction advertisement
    sponsored summary note eilmeldung exklusiv liveticker ticker analyse kommentar meinung
    hintergrund exclusif exclusivité direct en vidéo entretien tribune exclusiva exclusivo urgente
    última ultima hora análisis opinión opinião vivo ao vídeo esclusiva diretta срочно эксклюзив
    видео фото мнение обновлено молния терміново ексклюзив відео son dakika özel haber canlı
    """.split()  # noqa: SIM905 - a word a line would fill a page
)
_LOWER_CASE_AGENCIES = frozenset(
    [
        "dpa",
        "afp",
        "apa",
        "epd",
        "sda",
        "ots",
        "ddp",
        "dts",
        "sid",
        "kna",
        "rtr",
        "ap",
        "tt",
        "ntb",
        "ritzau",
        "belga",
        "anp",
        "pap",
    ]
)


def read_dateline(paragraph: str) -> Dateline | None:
    """Read the dateline at the start of a paragraph; None where there is none beyond doubt."""
    head = paragraph[:140]
    if (found := _BRACKETED.match(head)) is not None:
        return Dateline(place=found["place"].strip(), agency=found["agency"].strip())
    for form in _FORMS:
        if (found := form.match(head)) is None or not _is_place(found["place"]):
            continue
        parts = found.groupdict()
        agency = (parts.get("agency") or "").strip() or None
        if agency is None or not agency[0].islower() or agency.partition("/")[0] in _LOWER_CASE_AGENCIES:
            return Dateline(place=parts["place"].strip(" ,."), date=parts.get("date"), agency=agency)
    found = _BARE.match(head)
    if found is not None and found["place"].isupper() and _is_place(found["place"]):
        return Dateline(place=found["place"].strip(" ,."))
    return None


def _is_place(text: str) -> bool:
    """Whether every word could be a name: capitalised, or a short particle inside."""
    words = text.replace("/", " ").split()
    if not 0 < len(words) <= _MAX_PLACE_WORDS:
        return False
    if all(word.strip(" ,.’'-").casefold() in _LABELS for word in words):
        return False
    return not words[0][0].islower() and all(not w[0].islower() or w in _PARTICLES for w in words)
