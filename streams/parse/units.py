"""The blocks of one teaser, told apart: headline, summary, date, labels."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from streams.parse.dates import is_date_line, read_visible
from streams.parse.marks import Mark
from streams.parse.parts import Piece, Unit
from streams.parse.tree import HEADINGS, Block
from streams.parse.weigh import ends_sentence, words

_LABEL_WORDS = 3
_FEW_STOPS = 0.2  # share of headlines that end like a sentence
_MIN_SUMMARY_WORDS = 4
_ASIDE = Mark.CAPTION | Mark.BYLINE | Mark.DATE | Mark.TAGS | Mark.CONTROL | Mark.COMMENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the teasers of a row have in common; it settles a teaser of a single line."""

    headline: float  # median length in characters, 0 where no unit has both
    summary: float
    stops: float  # share of headlines that end as sentences do

    @classmethod
    def of(cls, runs: list[list[Block]]) -> Shape:
        """Measure the units that have two lines of text."""
        pairs = [
            texts
            for run in runs
            if len(texts := [b.text for b in run if not is_date_line(b.text)]) == 2  # noqa: PLR2004
        ]
        if not pairs:
            return cls(headline=0, summary=0, stops=0)
        return cls(
            headline=median(len(first) for first, _ in pairs),
            summary=median(len(second) for _, second in pairs),
            stops=sum(ends_sentence(first) for first, _ in pairs) / len(pairs),
        )

    def is_summary(self, text: str) -> bool:
        """Whether a line that stands alone is a summary whose headline is missing."""
        if not self.headline:
            return False
        if ends_sentence(text) and not text.endswith("?") and self.stops < _FEW_STOPS:
            return True
        return len(text) > (self.headline + self.summary) / 2 and len(text) > 1.4 * self.headline


def make_unit(blocks: list[Block], trailing: list[Block], shape: Shape) -> Unit | None:
    """Make a teaser of its blocks; ``trailing`` are its last, textless ones ("Read more").

    None when there is no text in it.
    """
    everything = blocks + trailing
    dates = [block for block in blocks if is_date_line(block.text)]
    date = next((m for block in dates if (m := read_visible(block.text))), None)
    texts = [block for block in blocks if block not in dates and not block.marks & Mark.CAPTION] or blocks
    head = _headline(texts)
    if head is None:
        return None
    rest = texts[texts.index(head) + 1 :]
    body = _summary(rest, plain=head.tag == "line")
    href = next((link.href for block in (head, *everything) for link in block.links), "")
    if not body and len(texts) == 1 and shape.is_summary(head.text):
        return Unit(blocks=everything, headline=None, summary=Piece.of(head), href=href, date=(date, "text"))
    return Unit(blocks=everything, headline=Piece.of(head), summary=body, href=href, date=(date, "text"))


def _headline(texts: list[Block]) -> Block | None:
    """Prefer a heading, then a line that is no label, then the first."""
    for block in texts:
        if block.tag in HEADINGS:
            return block
    if len(texts) > 2:  # noqa: PLR2004
        for block in texts[:-1]:
            if words(block.text) > _LABEL_WORDS and not block.marks & _ASIDE:
                return block
    return texts[0] if texts else None


def _summary(rest: list[Block], *, plain: bool) -> Piece | None:
    """Join what follows the headline and reads like text."""
    kept = [block for block in rest if not block.marks & _ASIDE and (plain or words(block.text) > 1)]
    if len(kept) > 1:
        kept = [block for block in kept if words(block.text) >= _MIN_SUMMARY_WORDS] or kept[:1]
    if not kept:
        return None
    if len(kept) == 1:
        return Piece.of(kept[0])
    text = " ".join(block.text for block in kept)
    return Piece(text=text, start=kept[0].start, end=kept[-1].end)
