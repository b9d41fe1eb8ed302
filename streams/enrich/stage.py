"""The door of the stage: a document in, the same document with what was found in it out."""

from __future__ import annotations

from collections.abc import Mapping

from streams.corrections import NONE, Corrections
from streams.enrich.actors import KnownActor
from streams.enrich.american import find_counties, settle_georgia
from streams.enrich.cities import City, atlas
from streams.enrich.dates import find_dates
from streams.enrich.learning import learn
from streams.enrich.marks import Mark, find_marks
from streams.enrich.places import places_of, resolve_towns
from streams.enrich.reading import Reading
from streams.enrich.resources import lexicon
from streams.enrich.roles import read_roles
from streams.enrich.surroundings import surroundings
from streams.enrich.tokens import Tokens, tokenise
from streams.enrich.towns import find_towns
from streams.records import Document, EnrichedDocument, Entity, Span

_CONFIDENCE = {
    "country": 0.98,
    "demonym": 0.95,
    "org": 0.95,
    "person": 0.95,
    "metonym": 0.9,
    "capital": 0.88,
    "region": 0.85,
}
_FOUND_BY = {"demonym": "nationality"}


def preload(corrections: Corrections = NONE) -> None:
    """Load the tables now, so that the first document does not wait for them."""
    lexicon(corrections)
    atlas(corrections)


def enrich(
    document: Document, known: Mapping[str, KnownActor] | None = None, corrections: Corrections = NONE
) -> EnrichedDocument:
    """Return the document with its entities, places and dates.

    Pure: the same document, ``known`` and ``corrections`` give the same result. ``known`` maps names as they
    are written to actors the caller knows of; the document's own words and the tables come first.
    ``corrections`` are an operator's, of the tables.

    A person's entity is the name alone ("Sergey Lavrov", not "Russian Foreign Minister Sergey
    Lavrov"): the nationality and the body before it are entities of their own.
    """
    tables = lexicon(corrections)
    tokens = tokenise(document.text)
    reading = Reading(tokens, find_marks(tokens, tables), tables, atlas(corrections))
    settle_georgia(reading)
    counties = find_counties(reading)
    read_roles(reading)
    learn(reading, known or {})
    towns = find_towns(reading)
    around = surroundings(reading, counties)
    cities = resolve_towns(reading, around, *towns)
    return EnrichedDocument(
        document=document,
        entities=_entities(reading, cities, _year(document)),
        places=places_of(reading, cities, {mark: around.county(named) for mark, named in counties.items()}),
        dates=find_dates(reading, document),
    )


def _year(document: Document) -> int | None:
    return document.published_at.value.year if document.published_at is not None else None


def _entities(reading: Reading, cities: dict[Mark, City], year: int | None) -> tuple[Entity, ...]:
    named = (m for m in reading.marks.names if m.entry is not None and m.entry.kind != "block")
    ordered = sorted(named, key=lambda mark: mark.first)
    return tuple(_entity(reading.tokens, mark, cities.get(mark), year) for mark in ordered)


def _entity(tokens: Tokens, mark: Mark, city: City | None, year: int | None) -> Entity:
    entry = mark.entry
    assert entry is not None
    start, end = tokens.starts[mark.first], tokens.ends[mark.last]
    role = (
        mark.sector
        if mark.sector is not None and entry.type in ("country", "nationality", "place")
        else entry.role
    )
    if year is not None and entry.years is not None and not entry.years[0] <= year <= entry.years[1] + 1:
        role = None  # out of office: the country stays, the sector does not
    return Entity(
        surface=tokens.text[start:end],
        span=Span(start=start, end=end),
        type=entry.type,
        id=entry.id,
        name=entry.name,
        country=entry.code,
        role=role,
        lat=city.lat if city is not None else None,
        lon=city.lon if city is not None else None,
        confidence=mark.confidence if mark.confidence < 1 else _CONFIDENCE.get(entry.kind, 0.8),
        found_by=mark.found_by if mark.found_by != "gazetteer" else _FOUND_BY.get(entry.kind, "gazetteer"),
    )
