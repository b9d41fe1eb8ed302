"""The published schemas, examples and topics are those of the code, and the checker sees when not."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import jsonschema
import orjson
import pytest
import yaml

from streams import contracts
from streams.broker import topics
from streams.records import RawPage, decode, encode


def test_everything_that_is_checked_in_agrees_with_the_records() -> None:
    assert contracts.check() == []


@pytest.mark.parametrize("name", contracts.RECORDS)
def test_the_schema_is_valid_and_takes_every_example(name: str) -> None:
    schema = contracts.schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    found = contracts.examples(name)
    assert found
    for path in found:
        validator.validate(orjson.loads(path.read_bytes()))


@pytest.mark.parametrize("name", contracts.RECORDS)
def test_an_example_survives_decoding_and_encoding(name: str) -> None:
    kind = contracts.RECORDS[name]
    for path in contracts.examples(name):
        record: object = decode(path.read_bytes(), kind)
        assert decode(encode(record), kind) == record


@pytest.mark.parametrize("name", contracts.RECORDS)
def test_the_schema_refuses_a_record_with_a_wrong_type(name: str) -> None:
    example = orjson.loads(contracts.examples(name)[0].read_bytes())
    for field in contracts.schema_of(name)["required"]:
        broken = example | {field: [{"not": 1}]}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, contracts.schema_of(name))


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "schemas"
    shutil.copytree(topics.schemas_dir(), folder)
    monkeypatch.setattr(topics, "schemas_dir", lambda: folder)
    return folder


def test_the_checker_sees_a_changed_schema(copied: Path) -> None:
    (copied / "events" / "v1.json").write_text("{}")
    assert contracts.check() == [
        "events/v1.json: differs from the records; `dateline schemas write` renews it"
    ]


def test_the_checker_sees_a_missing_schema_and_a_missing_example(copied: Path) -> None:
    (copied / "events" / "v1.json").unlink()
    shutil.rmtree(copied / "documents" / "examples")
    problems = contracts.check()
    assert [p.split(":")[0] for p in problems] == ["events/v1.json", "documents"]


def test_the_checker_sees_an_example_that_is_no_record(copied: Path) -> None:
    (copied / "pages.raw" / "examples" / "v1" / "text.json").write_text('{"body": "no url"}')
    (problem,) = contracts.check()
    assert "url" in problem


def test_the_checker_sees_topics_that_do_not_fit(copied: Path) -> None:
    spec = yaml.safe_load((copied / "topics.yaml").read_text())
    spec["topics"]["dead-letters"]["max_bytes"] = 1
    spec["topics"]["seen"]["partitions"] = 3
    spec["topics"]["actors"]["partitions"] = 3
    spec["topics"]["documents"]["schema"] = "nothing/v1.json"
    (copied / "topics.yaml").write_text(yaml.safe_dump(spec))
    topics.load.cache_clear()
    try:
        problems = "\n".join(contracts.check())
    finally:
        topics.load.cache_clear()
    assert "dead-letters must take larger" in problems
    assert "seen must have as many" in problems
    assert "actors must have as many" in problems
    assert "nothing/v1.json" in problems
    assert "documents/v1.json: no topic uses it" in problems


def test_breaking_changes_are_found() -> None:
    old = contracts.schema_of("events")
    assert contracts.breaking(old, old) == []
    grown = copy.deepcopy(old)
    grown["properties"]["new"] = {"type": "string"}
    assert contracts.breaking(old, grown) == []

    new = copy.deepcopy(old)
    del new["properties"]["evidence"]
    new["properties"]["site"] = {"type": "integer"}
    new["properties"]["event_class"]["enum"] = ["trade"]
    new["required"] = [*old["required"], "publisher"]
    new["$defs"]["Actor"]["properties"]["name"] = {"type": "integer"}
    assert sorted(contracts.breaking(old, new)) == [
        "$#Actor.name: was string, is integer",
        "$.event_class: values removed",
        "$.evidence: removed",
        "$.publisher: newly required",
        "$.site: was string, is integer",
    ]


def test_the_asyncapi_document_names_every_public_topic_and_only_schemas_that_exist() -> None:
    document = contracts.asyncapi()
    public = {name for name, spec in topics.load().topics.items() if not spec.internal}
    assert {c["address"] for c in document["channels"].values()} == public
    for message in document["components"]["messages"].values():
        if "payload" in message:
            assert (topics.schemas_dir() / message["payload"]["$ref"]).is_file()
    assert "receive-pages-raw" in document["operations"]


def test_a_record_with_a_lone_surrogate_is_refused_not_mangled() -> None:
    from streams.errors import InvalidRecord  # noqa: PLC0415  (only here)

    with pytest.raises(InvalidRecord):
        encode(RawPage(url="https://x.example/", body="\ud800"))
