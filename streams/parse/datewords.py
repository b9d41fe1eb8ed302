"""Words beside a date that tell what it is the date of: the publication, or a later change."""

# tables of words
# ruff: noqa: E501
from __future__ import annotations

import re

_PUBLISHED_WORDS = (
    r"\b(?:(?:first )?(?:published|posted|created|issued|released)|(?:erst)?veröffentlicht|erstellt|publiée?|mise? en ligne|créée?"
    r"|publicad[oa]|creado|criado|pubblicat[oa]|gepubliceerd|geplaatst|publi[cs]er(?:t|et|ad)|julkaistu|opublikowan[oa]|utworzono"
    r"|publikován[oa]|zveřejněn[oa]|publicat|közzétéve|yayın(?:lanma|landı)?|giriş|diterbitkan|dipublikasikan|đăng lúc"
    r"|опубликован[оа]?|создано|опубліковано|публикувано|објављено|δημοσιεύ\w+)\b"
    r"|\bنُ?شر|تاريخ النشر|منتشر|انتشار|입력|등록|승인|公開|配信|掲載|发布|發布|发表|發表|פורסם"
)
_CHANGED_WORDS = (
    r"\b(?:(?:last )?(?:updated?|modified|edited|revised)|(?:zuletzt )?(?:aktualisiert|geändert|bearbeitet)|stand(?=:)|letzte (?:änderung|aktualisierung)"
    r"|mise? à jour|modifiée?|actuali[sz]ad[oa]|modificad[oa]|última (?:actualización|atualização)|atualizad[oa]|aggiornat[oa]|modificat[oa]|bijgewerkt|gewijzigd"
    r"|oppdatert|sist endret|opdateret|uppdaterad|päivitetty|muokattu|(?:z?aktualiz(?:acja|owan[oa]))|aktualizován[oa]|aktualizace|actualizat|frissítve"
    r"|güncelle(?:me|ndi|nme)|diperbarui|diubah|cập nhật|обновлен[оа]?|обновлено|изменен[оа]?|оновлено|актуализирано|ажурирано|ενημερώθηκε|τελευταία ενημέρωση)\b"
    r"|تحديث|بروزرسانی|به‌روزرسانی|수정|업데이트|更新|עודכן|עדכון"
)
_WORDS = re.compile(f"(?P<published>{_PUBLISHED_WORDS})|(?P<changed>{_CHANGED_WORDS})", re.IGNORECASE)
_CHANGED = re.compile(_CHANGED_WORDS, re.IGNORECASE)


def tells_change(text: str) -> bool:
    """Whether a line has a word for a change."""
    return _CHANGED.search(text) is not None


def pieces(text: str) -> list[str]:
    """Return what stands before, between and behind such words."""
    begins = [0]
    ends = []
    for found in _WORDS.finditer(text):
        ends.append(found.start())
        begins.append(found.end())
    return [text[begin:end] for begin, end in zip(begins, [*ends, len(text)], strict=True)]


def of_publication(text: str) -> tuple[str, bool]:
    """Return a line without what it says of changes, and whether it names the publication.

    A word speaks for what stands behind it, up to the next.
    """
    found = list(_WORDS.finditer(text))
    if not found:
        return text, False
    kept = [text[: found[0].start()]]
    for word, after in zip(found, [*found[1:], None], strict=True):
        if word["published"]:
            kept.append(text[word.end() : after.start() if after else len(text)])
    return " ".join(kept), any(word["published"] for word in found)


def names_of(before: str) -> str:
    """Return what the last such word in front of a date calls it: "published", "changed" or nothing."""
    found = list(_WORDS.finditer(before))
    return (found[-1].lastgroup or "") if found else ""
