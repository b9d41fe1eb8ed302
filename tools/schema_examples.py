"""Write the examples of documents, enriched documents and events in ``schemas/`` from a sample page.

    python -m tools.schema_examples

They are what the stages make of it today; run it when a record changes.
"""

from __future__ import annotations

import orjson

from streams import samples
from streams.broker.topics import schemas_dir
from streams.classify import classify
from streams.enrich import enrich
from streams.parse import parse
from streams.records import encode


def _write(name: str, title: str, record: object) -> None:
    path = schemas_dir() / name / "examples" / "v1" / f"{title}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    path.write_bytes(orjson.dumps(orjson.loads(encode(record)), option=options))
    print(path.relative_to(schemas_dir()))


def main() -> None:
    written = set()
    for page in samples.load():
        for document in parse(page):
            enriched = enrich(document)
            for event in classify(enriched):
                title = f"{document.kind}-{event.event_class}"
                if title in written or not event.source:
                    continue
                written.add(title)
                _write("documents", title, document)
                _write("documents.enriched", title, enriched)
                _write("events", title, event)


if __name__ == "__main__":
    main()
