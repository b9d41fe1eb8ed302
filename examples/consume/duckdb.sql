-- Dateline's events in DuckDB: a table with one row for each event id. Running this file again changes nothing.
CREATE TABLE IF NOT EXISTS dateline_events (
    event_id      VARCHAR PRIMARY KEY,
    document_id   VARCHAR NOT NULL,
    event_class   VARCHAR NOT NULL,
    type          VARCHAR NOT NULL,
    mode          VARCHAR,
    cameo         VARCHAR,              -- a string: 010 is not 10
    intensity     DOUBLE,
    source        VARCHAR[] NOT NULL,   -- codes of the actors: ISO 3166-1 alpha-3, or EUU, NAT, UNO, IGO
    target        VARCHAR[] NOT NULL,
    place         VARCHAR,
    place_country VARCHAR,
    lat           DOUBLE,
    lon           DOUBLE,
    date_start    DATE,
    date_end      DATE,
    modality      VARCHAR NOT NULL,
    confidence    DOUBLE NOT NULL,
    evidence      VARCHAR NOT NULL,
    headline      VARCHAR,
    language      VARCHAR,
    site          VARCHAR NOT NULL,
    page_url      VARCHAR NOT NULL,
    published_at  TIMESTAMPTZ,
    coder_version VARCHAR NOT NULL,
    event         JSON NOT NULL         -- all of it, as schemas/events/v1.json says
);

-- The records of one transaction, as they come from Kafka, the last of each key. A NULL takes the event away.
CREATE TEMPORARY TABLE IF NOT EXISTS dateline_batch (key VARCHAR PRIMARY KEY, value JSON);
