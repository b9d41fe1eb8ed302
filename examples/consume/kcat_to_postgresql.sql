-- Records that `kcat -J` writes, one JSON object a line on standard input, into dateline_events.
\set ON_ERROR_STOP on
BEGIN;
CREATE TEMPORARY TABLE kcat (line text) ON COMMIT DROP;
-- A format in which no character of JSON has a meaning.
\copy kcat FROM pstdin (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02', ESCAPE E'\x02')
SELECT dateline_begin();
-- json, not jsonb: the payload is text, and may name characters that jsonb does not hold.
INSERT INTO dateline_batch
SELECT line::json ->> 'topic', (line::json ->> 'partition')::int, (line::json ->> 'offset')::bigint,
    line::json ->> 'key', line::json ->> 'payload'
FROM kcat;
SELECT dateline_apply() AS rows_written;
COMMIT;
