"""What holds for any text at all."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.classify import classify, score
from streams.enrich import enrich
from streams.records import EVENT_CLASSES, EnrichedDocument, Span, encode
from training.rows import document as document_of


def enriched(headline: str) -> EnrichedDocument:
    return enrich(document_of(headline))


_SAMPLE = """Russia Ukraine U.S. NATO attacks strikes says will not by and , . : — “ ” if Lavrov sanctions
talks with troops in Kyiv exports of oil to China condemns agreed"""
WORDS = st.sampled_from([*_SAMPLE.split(), "\n"])
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join))


@settings(max_examples=150)
@given(TEXTS)
def test_spans_lie_in_the_text_and_evidence_is_what_they_say(text: str) -> None:
    document = enriched(text)
    whole = document.document.text
    for event in classify(document):
        spans = event.spans
        optional = [s for s in (spans.place, spans.date) if isinstance(s, Span)]
        for span in (spans.trigger, spans.evidence, *spans.source, *spans.target, *optional):
            assert 0 <= span.start < span.end <= len(whole)
        assert event.evidence == whole[spans.evidence.start : spans.evidence.end]
        assert event.source or event.target


@settings(max_examples=100)
@given(TEXTS)
def test_the_same_text_gives_the_same_bytes(text: str) -> None:
    document = enriched(text)
    first, second = classify(document), classify(document)
    assert first == second
    if text.isascii():
        assert [encode(e) for e in first] == [encode(e) for e in second]


@settings(max_examples=100)
@given(TEXTS)
def test_scores_are_probabilities_and_primary_is_a_class_reported(text: str) -> None:
    scores = score(enriched(text))
    assert all(0 <= scores.of(c) <= 1 for c in EVENT_CLASSES)
    assert 0 <= scores.none <= 1
    assert scores.primary in (*scores.classes, "none")
    assert (scores.primary == "none") == (not scores.classes)
