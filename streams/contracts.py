"""The published contracts: JSON Schemas, examples and the AsyncAPI document, generated from the records.

The files in ``schemas/`` are checked in; :func:`check` says where they differ from the code, and
whether every example fits its schema. :func:`breaking` compares two versions of a schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import orjson
import yaml

from streams import __version__
from streams.broker import topics
from streams.errors import InvalidRecord
from streams.headers import DeadLetter
from streams.records import Document, EnrichedDocument, Event, RawPage, Replay, decode

Json = dict[str, Any]

#: Schema file (without ``/v1.json``) to the record it describes.
RECORDS: Mapping[str, type] = {
    "pages.raw": RawPage,
    "documents": Document,
    "documents.enriched": EnrichedDocument,
    "events": Event,
    "dead-letters": DeadLetter,
    "replays": Replay,
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CLOUD_EVENT = {
    "ce_specversion": "CloudEvents version, 1.0",
    "ce_id": "The record's id: equal for a duplicate",
    "ce_type": "Kind and version of the record",
    "ce_source": "The stage that made it",
    "ce_time": "When it was sent (RFC 3339)",
    "content-type": "application/json",
    "dateline_lineage": "topic/partition/offset of the page it came from",
    "dateline_page_time": "Timestamp of that page's record, milliseconds since 1970",
    "dateline_replay": "Id of the replay that sent that page, where one did",
    "traceparent": "W3C trace context, where the page had one or the workers send traces",
    "tracestate": "The rest of that context, where there is one",
}
_RAW_PAGE = {
    "url": "Address of the page; with it the value is the page's bytes, without it a RawPage",
    "content-type": "As the server sent it",
    "fetched-at": "RFC 3339 time",
    "publisher": "Name of the publisher",
    "dateline_replay": "Id of the replay that sent the page; the next two are then of its first record",
    "dateline_lineage": "topic/partition/offset",
    "dateline_page_time": "Milliseconds since 1970",
    "traceparent": "W3C trace context, passed on to everything made from the page",
    "tracestate": "The rest of that context",
}


def schema_of(name: str) -> Json:
    """Return the JSON Schema (2020-12) of a record."""
    kind = RECORDS[name]
    (reference,), components = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    definitions = dict(components)
    root = definitions.pop(str(reference["$ref"]).rsplit("/", 1)[-1])
    extra = {"$defs": definitions} if definitions else {}
    words = "Headers of a dead letter, each with the prefix dl_. " if name == "dead-letters" else ""
    return {
        "$schema": _DIALECT,
        "$id": f"urn:dateline:schema:{name}:v1",
        **root,
        "description": words + str(root.get("description", "")),
        **extra,
    }


def asyncapi() -> Json:
    """Return the AsyncAPI 3.0 document of all topics."""
    channels: Json = {}
    messages: Json = {}
    operations: Json = {}
    for topic, spec in topics.load().topics.items():
        if spec.internal:
            continue
        name = topic.replace(".", "-")
        channels[name] = _channel(topic, name, spec)
        messages[name] = _message(topic, spec)
        operations[f"{'receive' if topic == 'pages.raw' else 'send'}-{name}"] = {
            "action": "receive" if topic == "pages.raw" else "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Dateline",
            "version": __version__,
            "description": "Raw news pages in, classified and structured events out. At-least-once with "
            "deterministic keys: a duplicate has the key of its original.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def _channel(topic: str, name: str, spec: topics.TopicSpec) -> Json:
    binding = {
        "topic": topic,
        "partitions": spec.partitions,
        "topicConfiguration": {
            "cleanup.policy": list(spec.cleanup),
            "retention.ms": int(spec.config()["retention.ms"]),
            "max.message.bytes": spec.max_bytes,
        },
        "bindingVersion": "0.5.0",
    }
    return {
        "address": topic,
        "title": spec.title,
        "description": spec.description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"kafka": binding},
    }


def _message(topic: str, spec: topics.TopicSpec) -> Json:
    described = _RAW_PAGE if topic == "pages.raw" else _CLOUD_EVENT
    headers: Json = {
        "type": "object",
        "properties": {n: {"type": "string", "description": words} for n, words in described.items()},
    }
    message: Json = {
        "name": topic,
        "title": spec.title,
        "headers": headers,
        "bindings": {
            "kafka": {"key": {"type": "string", "description": spec.key}, "bindingVersion": "0.5.0"}
        },
    }
    if topic == "dead-letters":
        properties = schema_of(topic)["properties"]
        headers["properties"] = {f"dl_{n}": {"type": "string"} | _words(p) for n, p in properties.items()}
        # The value is the original record, whatever it was.
        return message | {"contentType": "application/octet-stream"}
    return message | {"payload": {"$ref": f"./{spec.schema}"}}


def _words(schema: Json) -> Json:
    return {"description": schema["description"]} if "description" in schema else {}


def documents() -> dict[Path, bytes]:
    """Return every generated file with its content."""
    folder = topics.schemas_dir()
    files = {
        folder / name / "v1.json": orjson.dumps(
            schema_of(name), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
        for name in RECORDS
    }
    text = yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=110)
    files[folder / "asyncapi.yaml"] = b"# Generated by `dateline schemas write`.\n" + text.encode()
    return files


def write() -> list[Path]:
    """Write the generated files; return those that changed."""
    changed = []
    for path, content in documents().items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.append(path)
    return changed


def examples(name: str) -> list[Path]:
    """Return the example files of a schema."""
    return sorted((topics.schemas_dir() / name / "examples" / "v1").glob("*.json"))


def check() -> list[str]:
    """Return what is wrong with the checked-in contracts; an empty list means that all agree."""
    return [*_check_files(), *_check_examples(), *_check_topics()]


def _check_files() -> Iterator[str]:
    for path, content in documents().items():
        where = path.relative_to(topics.schemas_dir())
        if not path.exists():
            yield f"{where}: missing; `dateline schemas write` makes it"
        elif path.read_bytes() != content:
            yield f"{where}: differs from the records; `dateline schemas write` renews it"


def _check_examples() -> Iterator[str]:
    for name, kind in RECORDS.items():
        found = examples(name)
        if not found:
            yield f"{name}: has no example in {name}/examples/v1"
        for path in found:
            try:
                decode(path.read_bytes(), kind)
            except InvalidRecord as error:
                yield f"{name}/examples/v1/{path.name}: {error}"


def _check_topics() -> Iterator[str]:
    spec = topics.load().topics
    used = {f"{name}/v1.json" for name in RECORDS}
    for name, topic in spec.items():
        if topic.schema is not None and topic.schema not in used:
            yield f"topics.yaml: {name} names the schema {topic.schema}, which no record has"
    for schema in sorted(used - {t.schema for t in spec.values()}):
        yield f"{schema}: no topic uses it"
    largest = max(t.max_bytes for n, t in spec.items() if n != "dead-letters")
    if spec["dead-letters"].max_bytes <= largest:
        yield "topics.yaml: dead-letters must take larger records than any other topic"
    if spec["seen"].partitions != spec["pages.raw"].partitions:
        yield "topics.yaml: seen must have as many partitions as pages.raw"
    if spec["actors"].partitions != spec["documents"].partitions:
        yield "topics.yaml: actors must have as many partitions as documents"


def breaking(old: Json, new: Json, where: str = "$") -> list[str]:
    """Return what a reader or writer of the old schema loses with the new one."""
    problems = []
    before, after = old.get("properties", {}), new.get("properties", {})
    problems += [f"{where}.{name}: removed" for name in before if name not in after]
    problems += [
        f"{where}.{name}: newly required"
        for name in new.get("required", [])
        if name not in old.get("required", [])
    ]
    for name in before.keys() & after.keys():
        problems += _narrowed(before[name], after[name], f"{where}.{name}")
    for name, definition in old.get("$defs", {}).items():
        if name not in new.get("$defs", {}):
            problems.append(f"{where}#{name}: removed")
        else:
            problems += breaking(definition, new["$defs"][name], f"{where}#{name}")
    return problems


def _narrowed(old: Json, new: Json, where: str) -> list[str]:
    problems = []
    if "type" in old and "type" in new and old["type"] != new["type"]:
        problems.append(f"{where}: was {old['type']}, is {new['type']}")
    if "enum" in new and set(old.get("enum") or new["enum"]) - set(new["enum"]):
        problems.append(f"{where}: values removed")
    if "$ref" in old and old.get("$ref") != new.get("$ref"):
        problems.append(f"{where}: refers to another definition")
    return problems
