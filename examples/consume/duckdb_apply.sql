-- What stands in dateline_batch becomes rows; the same records again leave the same rows.
DELETE FROM dateline_events WHERE event_id IN (SELECT key FROM dateline_batch WHERE value IS NULL);

INSERT OR REPLACE INTO dateline_events
SELECT
    key, value ->> '$.document_id', value ->> '$.event_class', value ->> '$.type',
    value ->> '$.mode', value ->> '$.cameo', (value ->> '$.intensity')::DOUBLE,
    list_sort(list_distinct(value ->> '$.source[*].country')), list_sort(list_distinct(value ->> '$.target[*].country')),
    value ->> '$.place.name', value ->> '$.place.country',
    (value ->> '$.place.lat')::DOUBLE, (value ->> '$.place.lon')::DOUBLE,
    (value ->> '$.date.start')::DATE, (value ->> '$.date.end')::DATE,
    value ->> '$.modality', (value ->> '$.confidence')::DOUBLE, value ->> '$.evidence', value ->> '$.headline',
    value ->> '$.language', value ->> '$.site', value ->> '$.page_url',
    (value ->> '$.published_at.value')::TIMESTAMPTZ, value ->> '$.coder_version', value
FROM dateline_batch
WHERE value IS NOT NULL;

DELETE FROM dateline_batch;
