"""Lines around an article's text that are known by their words: credits, labels, rights, offers to follow.

They have no mark of their own: they are paragraphs like any other. Only whole lines of a known form count,
since a story may speak of rights, newsletters and photographs too.
"""

# tables of words
# ruff: noqa: E501
from __future__ import annotations

import re

_CREDIT_WORDS = (
    "fotos?|photos?|photographs?|photo credit|image credit|images?|pictures?|credits?|bild(?:er|nachweis|quelle)?|titelbild|symbolbild"
    "|cr[ée]dits?(?: photos?)?|imagen(?:es)?|foto(?:graf[ií]a)?s?|imagem|immagine|zdj[eę]cie|fot|obr[aá]zek|kuva|kép|fotoğraf|фото|photo by"
    "|写真|画像|사진|صورة|φωτο"
)
_CREDIT = re.compile(rf"^[\s(\[/–-]*(?:(?:{_CREDIT_WORDS})\.?\s*[:：©/]|[©ⓒ]\s*[^\W\d_])", re.IGNORECASE)
_FIGURE = re.compile(
    r"^\s*(?:abbildung|abb|figure|fig|figura|grafik|diagramm|chart|rycina|rys|рисунок|рис|図)\.?\s*\d{0,3}\s*[:：.]\s",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"^[\s(\[]*(?:quellen?(?:angaben?)?|sources?|fuentes?|fonte|fonti|źródło|zdroj|bron|kilde|källa|lähde|kaynak|источник|джерело|出典|출처)\s*[:：]",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"©|ⓒ|\bcopyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|(?:todos )?los derechos reservados"
    r"|todos os direitos reservados|(?:tutti i )?diritti riservati|prawa zastrzeżone|prawem autorskim|všechna práva vyhrazena"
    r"|alle rechten voorbehouden|her hakkı saklıdır|tüm hakları saklıdır|все права защищены|всі права захищено|حقوق محفوظة"
    r"|無断転載|무단 ?전재|版权所有|版權所有",
    re.IGNORECASE,
)
_INVITING = (
    r"\b(?:subscribe|sign(?:ing)? up|join|follow|download|click here|read more|abonnier\w*|abonnez|suivez|rejoignez|inscrivez|télécharge\w*"
    r"|folge[nt]?|melde\w*|jetzt|suscr[íi]b\w*|s[íi]gue\w*|[úu]nete|descarga\w*|mira|inscreva\w*|assine|siga|baixe|iscriviti|seguici|scarica"
    r"|volg|schrijf|følg|följ|prenumerera|obserwuj|zapisz|sledujte|takip|abone|подпи\w+|присоединя\w+|підпи\w+)\b"
)
_CHANNEL = r"(?:newsletters?|\btelegram|\bwhatsapp|\byoutube|\binstagram|\bfacebook|\btwitter|\btiktok|\bpodcast|\brss\b|\b(?:e-?)?editions?\b|\bapps?\b|бюллетень|рассылк|канал)"
_INVITES = re.compile(_INVITING, re.IGNORECASE)
_CHANNELS = re.compile(_CHANNEL, re.IGNORECASE)
# A last sentence of its own: "...: Subscribe to our WhatsApp channel"
_ASKS = re.compile(rf"[.:!?]\s+{_INVITING}\s+(?:[\w-]+\s+){{0,3}}{_CHANNEL}", re.IGNORECASE)
_LABEL = re.compile(
    r"[\W_]*(?:advertise?ments?|advertising|ads?|sponsored|promoted|(?:story|article|content|text)?\s*(?:continues|continue reading|scroll(?: down)?(?: to continue(?: reading)?)?)"
    r"(?: after| below)?(?: this| the)?(?: ad(?:vertise?ment)?s?)?|anzeigen?|werbung|publicité|(?:la suite )?après (?:la|cette) publicité|publicidade?|pubblicità|reklam[ay]?|реклама|advertentie|annonse|annonce|mainos"
    r"|διαφήμιση|iklan|quảng cáo|广告|廣告|広告|광고|إعلان|اعلان|تبلیغات)[\W_]*",
    re.IGNORECASE,
)
_MAX_LABEL_CHARS = 60
_MAX_CREDIT_CHARS = 160
_MAX_FIGURE_CHARS = 300
_MAX_SOURCE_CHARS = 90
_MAX_RIGHTS_WITHIN = 80
_MAX_INVITATION_CHARS = 240
_INVITES_WITHIN = 60


def is_credit(text: str) -> bool:
    """Whether a line says what a picture shows, who took it, or where figures are from."""
    if len(text) > _MAX_CREDIT_CHARS:
        return len(text) <= _MAX_FIGURE_CHARS and _FIGURE.match(text) is not None
    return bool(_FIGURE.match(text) or _CREDIT.match(text)) or (
        len(text) <= _MAX_SOURCE_CHARS and bool(_SOURCE.match(text))
    )


def is_advertisement(text: str) -> bool:
    """Whether a line only labels an advertisement that stands between the paragraphs."""
    return len(text) <= _MAX_LABEL_CHARS and _LABEL.fullmatch(text) is not None


def is_rights_notice(text: str) -> bool:
    """Whether a line says whose the text is."""
    return _RIGHTS.search(text, 0, _MAX_RIGHTS_WITHIN) is not None


def is_invitation(text: str) -> bool:
    """Whether a line asks the reader to subscribe, to follow, to download."""
    return (
        len(text) <= _MAX_INVITATION_CHARS
        and _CHANNELS.search(text) is not None
        and (_INVITES.search(text, 0, _INVITES_WITHIN) is not None or _ASKS.search(text) is not None)
    )
