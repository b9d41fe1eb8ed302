"""Explanations state what the coder did, for every kind of text, and never more than that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from streams.classify import classify, score
from streams.classify.events import coding
from streams.classify.features import coded_text, features
from streams.classify.model import shipped
from streams.enrich import enrich
from streams.explain import Explanation, explain
from streams.explain.records import Value
from streams.explain.spans import marked, pieces
from streams.explain.values import values as values_of
from streams.explain.webpage import webpage
from streams.explain.words import feature
from streams.records import Document, EnrichedDocument, Lineage, Span, encode

TARIFFS = "US imposes tariffs on Chinese steel imports"
HOSTILE = "<script>alert(1)</script> Russia attacks Ukraine \u202e<img src=x onerror=alert(2)> & 'quotes'\""


def enriched(headline: str, summary: str | None = None) -> EnrichedDocument:
    return enrich(
        Document(
            document_id="d",
            kind="teaser",
            headline=headline,
            summary=summary,
            page_url="https://example.org/",
            site="example.org",
            sources={},
            lineage=Lineage(page_id="p"),
        )
    )


def explained(headline: str, summary: str | None = None) -> Explanation:
    return explain(enriched(headline, summary))


def values(told: Explanation) -> Mapping[str, Value]:
    return {value.field: value for value in told.events[0].values}


@pytest.mark.parametrize("headline", [TARIFFS, HOSTILE, "Local council opens new swimming pool", ""])
def test_an_explanation_has_the_events_that_the_coder_gives(headline: str) -> None:
    assert tuple(one.event for one in explained(headline).events) == classify(enriched(headline))
    assert encode(explained(headline))


def test_every_value_of_an_event_has_its_reason() -> None:
    told = explained(TARIFFS, "The measures take effect in Geneva.")
    found = values(told)
    assert list(found) == ["class", "type", "source", "target", "place", "date", "modality", "confidence"]
    assert all(value.why for value in found.values())
    event = told.events[0].event
    assert found["class"].value == event.event_class
    assert found["type"].value.startswith(event.type)
    assert "impose" in found["type"].why
    assert found["confidence"].value == f"{event.confidence:.4f}"


def test_the_shares_of_the_features_are_the_whole_of_the_log_odds() -> None:
    document = enriched(TARIFFS)
    model, blocks = shipped(), features(coded_text(document), document.entities)
    together = model.bias + sum(share for block in blocks for share in model.shares(block).values())
    assert together == pytest.approx(model.log_odds(blocks), abs=1e-4)
    assert model.shares({"no such term"}) == {}


def test_the_classes_are_those_that_the_scores_report() -> None:
    document = enriched(TARIFFS)
    told, scores = explain(document), score(document)
    assert tuple(c.name for c in told.classes if c.reported and c.name != "any") == scores.classes
    trade = next(c for c in told.classes if c.name == "trade")
    assert [w.value for w in trade.speaks_for] == sorted((w.value for w in trade.speaks_for), reverse=True)
    assert all(w.value > 0 for w in trade.speaks_for)
    assert all(w.value < 0 for w in trade.speaks_against)


def test_a_text_that_gives_nothing_says_why() -> None:
    assert explained("Local council opens new swimming pool").verdict == (
        "no event: no class is above its threshold"
    )


def test_an_act_that_was_not_chosen_says_what_was_better() -> None:
    acts = {act.words: act for act in explained(TARIFFS).acts}
    assert acts["imposes tariffs"].chosen
    assert not acts["imports"].chosen
    assert "imposes tariffs" in acts["imports"].fate


def test_a_type_that_the_model_overruled_names_both() -> None:
    document = enriched(TARIFFS)
    read = coding(document, score(document))
    surer = dict.fromkeys(read.odds, -9.0) | {"AID": 9.0}
    (coded, *_) = read.events
    other = replace(coded, event=replace(coded.event, type="AID"))
    (kind,) = (v for v in values_of(other, replace(read, odds=surer), document) if v.field == "type")
    assert "there SANCTION: overruled by the type model" in kind.why
    assert "overruled" not in values(explain(document))["type"].why


def test_a_verb_that_the_lexicon_does_not_have_is_explained_as_such() -> None:
    told = explained("Spain readies six Leopards for Ukraine")
    assert "“readies” is no act of the lexicon" in values(told)["type"].why
    assert "not in the lexicon" in told.acts[0].reading


def test_the_words_that_give_the_modality_are_named() -> None:
    told = explained("Poland may send tanks to Ukraine")
    assert "may" in values(told)["modality"].why


def test_pieces_are_the_text_and_the_first_kind_is_shown() -> None:
    spans = [(Span(start=2, end=6), "entity"), (Span(start=4, end=8), "source")]
    found = list(pieces("0123456789", spans))
    assert found == [("01", ""), ("23", "entity"), ("4567", "source"), ("89", "")]
    told = explained(TARIFFS)
    assert "".join(piece for piece, _ in pieces(told.text, marked(told))) == told.text


def test_the_page_shows_hostile_text_as_text_and_asks_nobody() -> None:
    page = webpage([explained(HOSTILE), explained(TARIFFS, HOSTILE)])
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
    assert "default-src &#x27;none&#x27;" in page
    assert not re.search(r"(?:src|href)=\"(?!https?://example)", page)


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("%force>weapon", "topic force then weapon"),
        ("%<country>&force", "topic <country> + force"),
        ("@states=3", "3 states or bodies named or more"),
        ("%@states=1", "1 states or bodies named (beside topics)"),
        ("#arif", "letters “arif”"),
        ("^ <country>", "words “[start] · <country>”"),
        ("tariffs", "word “tariffs”"),
    ],
)
def test_features_are_said_in_words(term: str, words: str) -> None:
    assert feature(term) == words


def test_a_further_act_is_explained_by_its_sentence() -> None:
    told = explained("Russia accuses Poland of provocation", "Poland expelled two Russian diplomats.")
    main, further = ({value.field: value for value in one.values} for one in told.events)
    assert main["source"].weights
    assert further["source"].why.startswith("by rule, from its own sentence")
    assert not further["source"].weights
    assert "which is another act" in further["type"].why
    place = explained("US and China agree trade truce", "The US and China agreed in Geneva to cut tariffs.")
    assert values(place)["place"].why == "named in a sentence that tells the act again"
