-- Dateline's events in PostgreSQL (12 or later): a table with one row for each event id, and how records become rows.
--
-- A loader puts records into dateline_batch and calls dateline_apply(), in one transaction; see
-- docs/consume.md. The same records again leave the same rows. Running this file again changes nothing.

CREATE TABLE IF NOT EXISTS dateline_events (
    event_id      text PRIMARY KEY,
    document_id   text NOT NULL,
    event_class   text NOT NULL,
    type          text NOT NULL,
    mode          text,
    cameo         text,               -- a string: 010 is not 10
    intensity     real,
    source        text[] NOT NULL,    -- codes of the actors: ISO 3166-1 alpha-3, or EUU, NAT, UNO, IGO
    target        text[] NOT NULL,
    place         text,
    place_country text,
    lat           double precision,
    lon           double precision,
    date_start    date,
    date_end      date,
    modality      text NOT NULL,
    confidence    real NOT NULL,
    evidence      text NOT NULL,
    headline      text,
    language      text,
    site          text NOT NULL,
    page_url      text NOT NULL,
    published_at  timestamptz,
    coder_version text NOT NULL,
    event         jsonb NOT NULL      -- all of it, as schemas/events/v1.json says
);

CREATE INDEX IF NOT EXISTS dateline_events_date ON dateline_events (date_start);
CREATE INDEX IF NOT EXISTS dateline_events_document ON dateline_events (document_id);
CREATE INDEX IF NOT EXISTS dateline_events_source ON dateline_events USING gin (source);
CREATE INDEX IF NOT EXISTS dateline_events_target ON dateline_events USING gin (target);

-- Codes of one side of an event; an actor without one is left out.
CREATE OR REPLACE FUNCTION dateline_codes(side jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT actor ->> 'country'), '{}')
    FROM jsonb_array_elements(side) AS actor
    WHERE actor ->> 'country' IS NOT NULL
$$;

-- Records of one transaction, as they come from Kafka. A value of NULL (a tombstone) takes the event away.
CREATE OR REPLACE FUNCTION dateline_begin() RETURNS void LANGUAGE sql AS $$
    CREATE TEMPORARY TABLE dateline_batch (
        topic text NOT NULL, "partition" int NOT NULL, "offset" bigint NOT NULL, key text NOT NULL, value text
    ) ON COMMIT DROP
$$;

CREATE OR REPLACE FUNCTION dateline_apply() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    -- The last record of a key stands. A key is always on one partition, so offsets order its records.
    CREATE TEMPORARY TABLE dateline_standing ON COMMIT DROP AS
    SELECT DISTINCT ON (key) key,
        -- jsonb holds no NUL; a page may. An escaped backslash before u0000 is no NUL.
        regexp_replace(value, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::jsonb AS e
    FROM dateline_batch
    ORDER BY key, "offset" DESC;

    DELETE FROM dateline_events USING dateline_standing WHERE event_id = key AND e IS NULL;

    INSERT INTO dateline_events AS stored
    SELECT
        key, e ->> 'document_id', e ->> 'event_class', e ->> 'type', e ->> 'mode', e ->> 'cameo',
        (e ->> 'intensity')::real, dateline_codes(e -> 'source'), dateline_codes(e -> 'target'),
        e #>> '{place,name}', e #>> '{place,country}',
        (e #>> '{place,lat}')::double precision, (e #>> '{place,lon}')::double precision,
        (e #>> '{date,start}')::date, (e #>> '{date,end}')::date,
        e ->> 'modality', (e ->> 'confidence')::real, e ->> 'evidence', e ->> 'headline', e ->> 'language',
        e ->> 'site', e ->> 'page_url', (e #>> '{published_at,value}')::timestamptz, e ->> 'coder_version', e
    FROM dateline_standing
    WHERE e IS NOT NULL
    ON CONFLICT (event_id) DO UPDATE SET
        document_id = excluded.document_id, event_class = excluded.event_class, type = excluded.type,
        mode = excluded.mode, cameo = excluded.cameo, intensity = excluded.intensity,
        source = excluded.source, target = excluded.target, place = excluded.place,
        place_country = excluded.place_country, lat = excluded.lat, lon = excluded.lon,
        date_start = excluded.date_start, date_end = excluded.date_end, modality = excluded.modality,
        confidence = excluded.confidence, evidence = excluded.evidence, headline = excluded.headline,
        language = excluded.language, site = excluded.site, page_url = excluded.page_url,
        published_at = excluded.published_at, coder_version = excluded.coder_version, event = excluded.event
    -- A replay sends what is there already: it costs a look, not a write.
    WHERE stored.event IS DISTINCT FROM excluded.event;
    GET DIAGNOSTICS changed = ROW_COUNT;
    DROP TABLE dateline_standing;
    RETURN changed;
END
$$;
