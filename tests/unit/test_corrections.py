"""What an operator adds and takes away changes what is coded, and the version that events bear."""

from __future__ import annotations

from streams import classify as classify_package
from streams import enrich as enrich_package
from streams.agents.tasks import run_one
from streams.agents.work import Done, Item
from streams.classify import CODER_VERSION, classify, coder_version, lexicon
from streams.corrections import NONE, Corrections
from streams.enrich import cities, enrich, resources
from streams.parse import Limits
from streams.records import (
    Document,
    EnrichedDocument,
    Entity,
    Event,
    Lineage,
    Place,
    Timestamp,
    decode,
    encode,
)
from tests.unit.test_checking import CITIES, LEADERS, ORGANISATIONS

TARIFFS = "US imposes tariffs on Chinese steel imports"
OWN = Corrections.of({"lexicon.tsv": "-\timport\nREJECT\t-\t120\tt\tv\timpose … tariffs\n"})


def document(headline: str, published: Timestamp | None = None) -> Document:
    return Document(
        document_id="d",
        kind="teaser",
        headline=headline,
        page_url="https://example.org/",
        site="example.org",
        published_at=published,
        sources={},
        lineage=Lineage(page_id="p"),
    )


def entities(headline: str, **files: str) -> dict[str, Entity]:
    given = Corrections.of({f"{name}.tsv": text for name, text in files.items()})
    return {e.surface: e for e in enrich(document(headline), corrections=given).entities}


def events(headline: str, given: Corrections) -> tuple[Event, ...]:
    return classify(enrich(document(headline), corrections=given), given)


def test_a_phrase_of_an_operator_takes_the_place_of_the_shipped_one() -> None:
    (shipped,) = events(TARIFFS, NONE)
    assert (shipped.type, shipped.coder_version) == ("SANCTION", CODER_VERSION)
    # The type model may still overrule a reading; the trigger is the operator's.
    own = events(TARIFFS, OWN)
    assert own
    assert {e.coder_version for e in own} == {coder_version(OWN)}
    assert coder_version(OWN) == f"{CODER_VERSION}.{OWN.digest[:8]}"


def test_a_phrase_taken_away_reports_nothing() -> None:
    gone = Corrections.of({"lexicon.tsv": "-\tstorm; storming\n"})
    headline = "Rebels storm Russian base in Syria"
    assert any("storm" in e.evidence for e in events(headline, NONE))
    triggers = {headline[e.spans.trigger.start : e.spans.trigger.end] for e in events(headline, gone)}
    assert "storm" not in triggers


def test_a_body_and_a_person_of_an_operator_are_found() -> None:
    body = entities(
        "Blue Zebras attack Minsk", organisations=f"{ORGANISATIONS}Blue Zebras\tgroup\tRUS\tREB\t"
    )
    assert (body["Blue Zebras"].country, body["Blue Zebras"].role) == ("RUS", "REB")
    person = entities(
        "Annabel Exx visits Minsk", leaders=f"{LEADERS}Annabel Exx|Exx\tRUS\tGOV\tpresident\t2020\t"
    )
    assert (person["Annabel Exx"].country, person["Annabel Exx"].type) == ("RUS", "person")


def test_a_name_of_an_operator_comes_before_the_shipped_one() -> None:
    found = entities("Hamas meets Egypt", organisations=f"{ORGANISATIONS}Hamas\torganisation\tPSE\tGOV\t")
    assert found["Hamas"].role == "GOV"
    assert entities("Hamas meets Egypt")["Hamas"].role != "GOV"


def test_a_name_taken_away_is_not_found_but_its_others_are() -> None:
    assert "Hamas" in entities("Hamas meets Egypt")
    assert "Hamas" not in entities("Hamas meets Egypt", organisations="-\tHamas")
    assert "Egypt" in entities("Hamas meets Egypt", organisations="-\tHamas")


def test_a_city_of_an_operator_is_a_place_with_a_point() -> None:
    given = Corrections.of({"cities.tsv": f"{CITIES}Zubbletown\tKEN\t\t-1.5\t37.5\t500000\t\n"})
    enriched = enrich(document("Floods in Zubbletown as Kenya waits"), corrections=given)
    assert [p for p in enriched.places if p.name == "Zubbletown"] == [
        Place(
            name="Zubbletown", country="KEN", lat=-1.5, lon=37.5, precision="city",
            span=enriched.entities[0].span,
        )
    ]  # fmt: skip
    assert enriched.entities[0].id is None


def test_a_city_taken_away_is_no_city() -> None:
    assert "Nairobi" in {p.name for p in enrich(document("Floods in Mombasa and Nairobi")).places}
    gone = Corrections.of({"cities.tsv": "-\tMombasa"})
    assert "Mombasa" not in {p.name for p in enrich(document("Floods in Mombasa"), corrections=gone).places}


def test_an_event_is_coded_by_one_version_as_a_whole() -> None:
    given = Corrections.of({"organisations.tsv": f"{ORGANISATIONS}Blue Zebras\tgroup\tRUS\tREB\t"})
    headline = "Blue Zebras fighters attack Ukraine"
    old = run_one("enrich", Item(encode(document(headline)), {}, "documents", 0, 0), Limits(), NONE)
    assert isinstance(old, Done)
    enriched = decode(old.outputs[0].value, EnrichedDocument)
    assert enriched.coder_version == CODER_VERSION
    assert not [e for e in enriched.entities if e.surface == "Blue Zebras"]
    new = run_one("classify", Item(old.outputs[0].value, {}, "documents.enriched", 0, 0), Limits(), given)
    assert isinstance(new, Done)
    (event,) = (decode(output.value, Event) for output in new.outputs)
    assert event.coder_version == coder_version(given)
    assert [actor.name for actor in event.source] == ["Blue Zebras"]


def test_what_is_preloaded_is_what_documents_are_coded_with() -> None:
    enrich_package.preload()
    classify_package.preload()
    tables = (resources.lexicon, cities.atlas, lexicon.current)
    before = [table.cache_info().misses for table in tables]
    events(TARIFFS, NONE)
    assert [table.cache_info().misses for table in tables] == before


def test_tables_are_read_once_for_all_documents_of_an_operator() -> None:
    enrich_package.preload(OWN)
    classify_package.preload(OWN)
    classify_package.preload()
    tables = (resources.lexicon, cities.atlas, lexicon.current)
    before = [table.cache_info().misses for table in tables]
    for headline in (TARIFFS, "EU imposes sanctions on Russia over Ukraine"):
        assert events(headline, OWN)
    assert [table.cache_info().misses for table in tables] == before


def test_tables_of_other_kinds_leave_the_lexicon_as_it_is() -> None:
    assert lexicon.current(Corrections.of({"places.tsv": "x"})) is lexicon.shipped()
    assert lexicon.current(Corrections.of({lexicon.FILE: ""})) is not lexicon.shipped()
