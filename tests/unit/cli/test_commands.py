"""Commands without Kafka: what they read, what they print, and their exit status."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from streams import contracts
from streams import settings as settings_module
from streams.cli import root
from streams.records import EVENT_CLASSES

STORY = (
    "Russian Foreign Minister Sergey Lavrov met Chinese Foreign Minister Wang Yi in Beijing on Tuesday. "
    "The two ministers signed an agreement on trade and transport, the ministry said after the talks."
)
KEYS = ["id", "classes", "primary", "scores", "entities", "events"]


def html(name: str) -> str:
    return (
        f"<html lang=en><body><main><article><h1>Lavrov and Wang Yi hold talks on matter {name}</h1>"
        f"<p>{STORY}</p><p>{STORY}</p></article></main></body></html>"
    )


def run(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(root, [str(a) for a in arguments], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def lines(result: Result) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in result.stdout.splitlines()]


def jsonl(values: Iterable[object]) -> bytes:
    return b"".join(orjson.dumps(value) + b"\n" for value in values)


def test_parse_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(html("one"))
    result = run("parse", tmp_path / "page.html", "--url", "https://a.example/one")
    assert result.exit_code == 0
    (document,) = lines(result)
    assert (document["kind"], document["headline"]) == (
        "article",
        "Lavrov and Wang Yi hold talks on matter one",
    )
    assert (document["page_url"], document["site"]) == ("https://a.example/one", "a.example")


def test_parse_reads_standard_input_as_it_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(html("one"))
    address = ("--url", "https://a.example/one")
    piped = lines(run("parse", *address, given=html("one")))
    assert piped == lines(run("parse", "-", *address, given=html("one")))
    named = lines(run("parse", tmp_path / "page.html", *address))
    assert [d["document_id"] for d in piped] == [d["document_id"] for d in named] != []


def test_parse_says_which_page_it_could_not_read_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"")
    (tmp_path / "b.html").write_text(html("b"))
    result = run("parse", tmp_path)
    assert result.exit_code == 1
    assert "a.html: " in result.stderr
    assert [d["headline"][-1] for d in lines(result)] == ["b"]


@pytest.mark.parametrize(("command", "field"), [("parse", "documents"), ("code", "events")])
def test_lines_of_pages_keep_their_order_and_ids(command: str, field: str) -> None:
    given = [{"id": f"p{n}", "url": f"https://a.example/{n}", "html": html(str(n))} for n in (3, 1, 2)] + [
        {"id": 7, "url": "https://a.example/t", "text": f"Lavrov and Wang Yi hold talks\n\n{STORY}"}
    ]
    result = run(command, "--pages", given=jsonl(given))
    assert result.exit_code == 0
    answers = lines(result)
    assert [a["id"] for a in answers] == ["p3", "p1", "p2", "7"]
    assert all(a.keys() == {"id", field} and a[field] for a in answers)


@pytest.mark.parametrize("command", ["parse", "code"])
@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"id": "bad", "html": "<p>x</p>"}', "url"),
        ('{"id": "bad", "url": "https://a.example/", "body": 3}', "body"),
        (
            '{"id": "bad", "url": "https://a.example/", "html": "<p>x</p>", "fetched_at": "yesterday"}',
            "fetched-at",
        ),
        ('{"id": "bad", "url": "https://a.example/", "html": ""}', ""),
    ],
)
def test_a_bad_line_of_pages_gets_an_error_in_its_place(command: str, bad: str, reason: str) -> None:
    good = [
        orjson.dumps({"id": name, "url": "https://a.example/", "html": html(name)}).decode() for name in "ab"
    ]
    result = run(command, "--pages", given="\n".join([good[0], bad, good[1]]))
    assert result.exit_code == 0
    first, wrong, last = lines(result)
    assert (first["id"], wrong["id"], last["id"]) == ("a", "bad", "b")
    assert "error" not in first
    assert "error" not in last
    assert wrong["error"]
    assert reason in wrong["error"]
    assert wrong[{"parse": "documents", "code": "events"}[command]] == []
    assert "-:2: " in result.stderr


def test_a_line_that_is_no_json_gets_an_error_and_no_id() -> None:
    good = orjson.dumps({"id": "a", "url": "https://a.example/", "html": html("a")}).decode()
    first, wrong = lines(run("parse", "--pages", given=f"{good}\nnot json\n"))
    assert first["id"] == "a"
    assert wrong["id"] is None
    assert wrong["error"]


def test_a_fetch_time_without_a_zone_is_utc() -> None:
    page = {"id": "a", "url": "https://a.example/", "html": html("a"), "fetched_at": "2026-03-04T08:00:00"}
    zoned = page | {"fetched_at": "2026-03-04T08:00:00Z"}
    first, second = lines(run("parse", "--pages", given=jsonl([page, zoned])))
    assert first["documents"]
    assert first == second


def test_code_texts_gives_one_scored_line_for_each_text() -> None:
    given = [
        {"id": "z", "text": STORY},
        {"id": 1, "text": "A recipe for potato soup with dill"},
        {"id": "dated", "text": STORY, "published_at": "2026-03-04T08:00:00Z"},
    ]
    result = run("code", "--texts", given=jsonl(given))
    assert result.exit_code == 0
    answers = lines(result)
    assert [a["id"] for a in answers] == ["z", 1, "dated"]
    for answer in answers:
        assert list(answer) == KEYS
        assert set(answer["scores"]) == {*EVENT_CLASSES, "none"}
        assert all(0 <= score <= 1 for score in answer["scores"].values())
        assert answer["primary"] in {*answer["classes"], "none"}
        assert set(answer["classes"]) <= set(EVENT_CLASSES)
    assert answers[0]["primary"] == "diplomacy"
    assert {event["event_class"] for event in answers[0]["events"]} <= set(EVENT_CLASSES)
    assert {"Sergey Lavrov", "Wang Yi"} <= {entity["name"] for entity in answers[0]["entities"]}
    assert (answers[1]["primary"], answers[1]["classes"], answers[1]["events"]) == ("none", [], [])


@pytest.mark.parametrize(
    ("bad", "expected_id"),
    [
        ("not json", None),
        ("[1]", None),
        ('{"id": "x"}', "x"),
        ('{"id": "x", "text": 3}', "x"),
        ('{"id": "x", "text": "a", "published_at": "yesterday"}', "x"),
        ('{"id": "x", "text": "a", "published_at": 5}', "x"),
    ],
)
def test_a_bad_text_gets_an_error_in_its_place(bad: str, expected_id: str | None) -> None:
    good = orjson.dumps({"id": "good", "text": STORY}).decode()
    result = run("code", "--texts", given=f"{good}\n{bad}\n{good}\n")
    assert result.exit_code == 1
    first, wrong, last = lines(result)
    assert first == last
    assert (wrong["id"], wrong["primary"], wrong["classes"], wrong["events"]) == (expected_id, "none", [], [])
    assert wrong["error"]
    assert f"-:2: {wrong['error']}" in result.stderr


def test_texts_and_pages_exclude_each_other() -> None:
    assert run("code", "--texts", "--pages").exit_code == 2


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_config_names_every_setting_and_keeps_the_password(
    monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DATELINE_SASL_PASSWORD", "open-sesame")
    monkeypatch.setenv("DATELINE_GROUP", "night-shift")
    result = run("config", *options)
    assert result.exit_code == 0
    assert "open-sesame" not in result.output
    names = settings_module.Settings.model_fields
    if options:
        values = orjson.loads(result.stdout)
        assert list(values) == list(names)
        assert (values["group"], values["sasl_password"]) == ("night-shift", "********")
    else:
        shown = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
        assert [line.partition("=")[0] for line in shown] == [f"DATELINE_{name.upper()}" for name in names]
        assert "DATELINE_GROUP=night-shift" in shown


def test_schemas_check_agrees_with_the_records() -> None:
    result = run("schemas", "check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 problems" in result.stderr


def test_schemas_check_names_what_disagrees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contracts, "check", lambda: ["events/v1.json: differs"])
    result = run("schemas", "check")
    assert result.exit_code == 1
    assert result.stdout == "events/v1.json: differs\n"


def test_every_command_has_its_help() -> None:
    listed = run("--help").stdout
    for name in root.list_commands(root.make_context("dateline", [], resilient_parsing=True)):
        assert name in listed
        result = run(name, "--help")
        assert result.exit_code == 0
        assert "Example:" in result.stdout


def test_code_explains_on_the_terminal_as_json_and_as_a_page(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(html("one"))
    page = (tmp_path / "page.html", "--url", "https://a.example/one")
    events = [event["event_id"] for event in lines(run("code", *page))]
    assert events
    shown = run("code", "--explain", *page)
    assert shown.exit_code == 0
    assert events[0] in shown.stdout
    told = lines(run("code", "--explain", "--json", *page))
    assert [e["event"]["event_id"] for one in told for e in one["events"]] == events
    written = run("code", "--explain", "--html", tmp_path / "why.html", *page)
    assert (written.exit_code, written.stdout) == (0, "")
    assert events[0] in (tmp_path / "why.html").read_text()


def test_code_explains_texts_and_says_which_line_is_none() -> None:
    given = jsonl([{"id": 1, "text": "Local council opens new pool"}, {"id": 2}])
    result = run("code", "--texts", "--explain", given=given)
    assert result.exit_code == 1
    assert "no event" in result.stdout
    assert "-:2: an object with a string `text` is expected" in result.stderr


@pytest.mark.parametrize(
    "options",
    [("--json",), ("--html", "x"), ("--explain", "--json", "--html", "x"), ("--explain", "--pages")],
)
def test_code_refuses_options_that_do_not_go_together(options: tuple[str, ...]) -> None:
    assert run("code", *options).exit_code == 2
