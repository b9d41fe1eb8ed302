"""The language of a text: by its script, then by its commonest words, then by what the page declares.

No model and no dependency: a wire's languages are told apart by a few words each, in microseconds,
and a page's own declaration settles what these leave open.
"""

# a table, one line a language
# ruff: noqa: E501
from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 3_000
_MIN_HITS = 4
_CLEAR = 1.5  # times the hits of the declared language
_MIN_LETTERS = 20

_STOP_WORDS = {
    "en": "the of and to in that is was for on with said by from has have it are at his this be as not were",
    "de": "der die und das den von mit ist des dem nicht ein eine sich auf für im auch wird zu hat sie es dass",
    "fr": "le la les des et est une dans du pour que qui sur pas au avec par plus ce sont été il elle aux",
    "es": "el la los las de y que en del por con una para se su al como más es ha lo fue este pero",
    "pt": "o os as da do e que em uma para com não se dos das no na por mais foi ao pelo são como",
    "it": "il di che la e per un una del della è con non sono gli nel alla dei più anche da si le ha",
    "nl": "de het een van en in is dat op te voor zijn met niet aan er om ook door maar werd naar heeft",
    "da": "og i at det er en af på for til den med ikke der som har de et var blev fra efter også",
    "no": "og i at det er en av på for til den med ikke som har de et var ble fra etter også seg",
    "sv": "och i att det är en av på för till den med inte som har de ett var från efter också om",
    "fi": "ja on ei että se oli mutta hän myös kun ovat joka tai sekä mukaan vuoden kuin ole niin",
    "pl": "i w na z do nie się że to jest o jak po dla przez od który oraz tego już był ma",
    "cs": "a v se na je že s z o do k i to pro ve které by jako jsou byl podle po ale také",
    "sk": "a v sa na je že s z o do k aj to pre vo ktoré by ako sú bol podľa po ale",
    "hu": "a az és hogy nem is egy van meg volt azt ez de már csak mint szerint el még",
    "ro": "și în de la a cu pe din care nu este pentru să mai au fost un o ca prin",
    "tr": "ve bir bu da de için ile olarak çok daha olan en kadar gibi sonra var dedi ise",
    "id": "yang dan di dari ini untuk dengan pada tidak itu ke dalam akan juga oleh telah kata bisa ada",
    "ms": "yang dan di ini untuk dengan pada tidak itu ke dalam akan juga oleh telah kata beliau berkata daripada",
    "vi": "của và là có được cho không trong một với các người những đã này để theo đến",
    "sw": "ya na wa kwa ni katika la za kuwa hii cha huo yake hiyo",
    "hr": "i u je na se da za su od s o kako koji što će bi nije ali ili",
    "lt": "ir kad yra su iš tai bet į apie jau dėl buvo kaip po",
    "et": "ja on ei et see oli kui ka ning aga mis oma selle",
    "ru": "и в не на что с по это как из за к от его для он был также а о",
    "uk": "і в не на що з до та це як за у від його для він був також про й",
    "bg": "и в на да се от за е че с не са по това като при ще беше",
    "sr": "и у је на да се за од су са који што не као ће али",
    "be": "і ў не на што з да гэта як за у ад яго для ён быў таксама пра",
    "kk": "және мен бен деп бойынша үшін болып туралы осы қазақстан жылы бұл",
    "ar": "في من على أن إلى عن مع التي الذي هذا هذه كان بعد قال",
    "fa": "در به از که این را با است برای آن یک خود شد می",
    "ur": "کے میں کی ہے اور سے کا کو نے پر کہ ہیں",
    "hi": "के में की है और से का को ने पर कि हैं",
    "mr": "आणि आहे या च्या मध्ये ते होते आहेत",
}  # fmt: skip
_WORDS: dict[str, list[str]] = {}
for _code, _list in _STOP_WORDS.items():
    for _word in _list.split():
        _WORDS.setdefault(_word, []).append(_code)

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]"), 0.1),
    ("ko", re.compile(r"[\uac00-\ud7af]"), 0.3),
    ("zh", re.compile(r"[\u4e00-\u9fff]"), 0.3),
    ("th", re.compile(r"[\u0e00-\u0e7f]"), 0.3),
    ("he", re.compile(r"[\u0590-\u05ff]"), 0.3),
    ("el", re.compile(r"[\u0370-\u03ff]"), 0.3),
    ("ka", re.compile(r"[\u10a0-\u10ff]"), 0.3),
    ("hy", re.compile(r"[\u0530-\u058f]"), 0.3),
    ("bn", re.compile(r"[\u0980-\u09ff]"), 0.3),
    ("ta", re.compile(r"[\u0b80-\u0bff]"), 0.3),
    ("am", re.compile(r"[\u1200-\u137f]"), 0.3),
    ("my", re.compile(r"[\u1000-\u109f]"), 0.3),
    ("km", re.compile(r"[\u1780-\u17ff]"), 0.3),
)
# Any letter of these: most pages have none, and are then searched once and not for each script.
_ANY_SCRIPT = re.compile("[" + "".join(script.pattern[1:-1] for _, script, _ in _SCRIPTS) + "]")
#: ISO 639-1 codes of the languages that are told apart here; a page may declare others.
LANGUAGES: tuple[str, ...] = tuple(sorted({*_STOP_WORDS, *(code for code, _, _ in _SCRIPTS)}))
_TOKEN = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"^\s*([a-zA-Z]{2})(?:[-_].*)?\s*$")
# Codes that pages use for the same language; ISO 639-1 'no' covers both written forms of Norwegian.
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "jp": "ja", "kr": "ko", "cn": "zh", "ua": "uk"}


def declared_code(written: str) -> str | None:
    """Return the ISO 639-1 code of a declaration such as 'de-AT' or 'pt_BR'."""
    found = _CODE.match(written)
    if found is None:
        return None
    code = found[1].lower()
    return _SAME.get(code, code)


def detect(text: str, declared: str | None) -> tuple[str | None, str]:
    """Return the language's code and how it was found; the declared one unless the text is clearly another."""
    sample = text[:_SAMPLE]
    tokens = _TOKEN.findall(sample.casefold())
    letters = sum(map(len, tokens))
    if letters < _MIN_LETTERS:
        return declared, "declared"
    hits: Counter[str] = Counter()
    for code, script, share in _SCRIPTS if _ANY_SCRIPT.search(sample) else ():
        found = len(script.findall(sample))
        if found > share * letters:
            return (declared, "declared") if declared == code else (code, "script")
        if found and code == declared:
            hits[code] = found  # its letters speak for it as the other's words do
    for token in tokens:  # counted by hand: a call of Counter.update for each token takes five times as long
        for code in _WORDS.get(token, ()):
            hits[code] += 1
    if not hits:
        return declared, "declared"
    best, count = hits.most_common(1)[0]
    if declared and (declared not in LANGUAGES or hits[declared] * _CLEAR >= count):
        return declared, "declared"
    return (best, "words") if count >= _MIN_HITS else (declared, "declared")
