"""``dateline actors``: what it lists, and how it keeps an operator's table."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from streams.actors import Learned
from streams.checking import checked
from streams.cli import actors, root
from streams.enrich import enrich
from streams.settings import Settings
from tests.unit.test_corrections import document


def office(name: str, country: str, role: str, documents: int, first: str, last: str) -> Learned:
    return Learned(name=name, country=country, role=role, documents=documents, first=first, last=last)


STREAM = [
    office("Ann Example", "USA", "MIL", 2, "2026-01-01", "2026-01-02"),
    office("Tendai Moyo", "UNO", "IGO", 1, "2026-02-01", "2026-02-01"),
    office("Tendai Moyo", "ZWE", "GOV", 7, "2024-03-01", "2025-06-01"),
]


@pytest.fixture(autouse=True)
def _stream(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def learned(_: Settings) -> list[Learned]:
        return STREAM

    monkeypatch.setattr(actors, "_learned", learned)
    monkeypatch.setenv("DATELINE_LEXICON_DIR", str(tmp_path))


def run(*arguments: str, given: str | None = None) -> Result:
    result = CliRunner().invoke(root, ["actors", *arguments], input=given)
    assert result.exception is None or not isinstance(result.exception, AssertionError)
    return result


def names(result: Result) -> list[tuple[str, str]]:
    assert result.exit_code == 0, result.output
    return [(one["name"], one["country"]) for one in map(orjson.loads, result.stdout.splitlines())]


def person(tmp_path: Path, headline: str, surface: str) -> tuple[str | None, str | None]:
    found = enrich(document(headline), corrections=checked(tmp_path)).entities
    return next(((e.country, e.role) for e in found if e.surface == surface), (None, None))


def test_it_lists_what_the_stream_teaches() -> None:
    assert len(names(run("list", "--json"))) == 3
    assert names(run("list", "--json", "--changed")) == [("Tendai Moyo", "UNO"), ("Tendai Moyo", "ZWE")]
    assert names(run("list", "--json", "--least", "2")) == [("Ann Example", "USA"), ("Tendai Moyo", "ZWE")]
    assert names(run("list", "--json", "--country", "USA")) == [("Ann Example", "USA")]
    assert "Tendai Moyo" in run("list").stdout


def test_what_the_stream_says_is_taken_over(tmp_path: Path) -> None:
    assert person(tmp_path, "Ann Example visits Kyiv", "Ann Example") == (None, None)
    assert run("set", "Ann Example").exit_code == 0
    assert person(tmp_path, "Ann Example visits Kyiv", "Ann Example") == ("USA", "MIL")
    assert names(run("list", "--json", "--new")) == [("Tendai Moyo", "UNO"), ("Tendai Moyo", "ZWE")]
    (row,) = [
        r for r in map(orjson.loads, run("show", "Ann Example", "--json").stdout.splitlines()) if "names" in r
    ]
    assert (row["table"], row["names"], row["since"]) == ("own", ["Ann Example", "~Example"], "2026")


def test_a_person_is_corrected_and_forgotten(tmp_path: Path) -> None:
    assert run("set", "Ann Example", "--country", "CAN", "--role", "GOV", "--from", "2020").exit_code == 0
    assert run("set", "Ann Example", "--country", "FRA", "--role", "GOV", "--alone").exit_code == 0
    assert person(tmp_path, "Example visits Kyiv", "Example") == ("FRA", "GOV")
    assert run("forget", "Ann Example").exit_code == 0
    assert person(tmp_path, "Ann Example visits Kyiv", "Ann Example") == (None, None)
    assert run("forget", "Ann Example").exit_code == 1


def test_a_shipped_person_is_corrected_and_forgotten(tmp_path: Path) -> None:
    assert person(tmp_path, "Vladimir Putin visits Lima", "Vladimir Putin")[0] == "RUS"
    assert run("set", "Vladimir Putin", "--country", "BLR", "--role", "GOV").exit_code == 0
    assert person(tmp_path, "Vladimir Putin visits Lima", "Vladimir Putin")[0] == "BLR"
    assert run("forget", "Vladimir Putin").exit_code == 0
    assert person(tmp_path, "Vladimir Putin visits Lima", "Vladimir Putin")[0] == "RUS"
    assert run("forget", "Vladimir Putin").exit_code == 0
    assert person(tmp_path, "Vladimir Putin visits Lima", "Vladimir Putin") == (None, None)


def test_many_are_taken_from_a_list_or_a_table(tmp_path: Path) -> None:
    lines = run("list", "--json").stdout
    assert run("seed", "-", given=lines).exit_code == 0
    # Of a person with two offices the latest one.
    assert person(tmp_path, "Tendai Moyo visits Kyiv", "Tendai Moyo") == ("UNO", "IGO")
    table = "names\tcode\trole\toffice\tfrom\tto\nIda Seed|~Seed\tNOR\tGOV\tminister\t2020\t\n"
    (tmp_path / "seed.txt").write_text(table)
    assert run("seed", str(tmp_path / "seed.txt")).exit_code == 0
    assert person(tmp_path, "Ida Seed visits Kyiv", "Ida Seed") == ("NOR", "GOV")
    assert person(tmp_path, "Ann Example visits Kyiv", "Ann Example") == ("USA", "MIL")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "Bo Nobody"), "the stream says nothing of Bo Nobody"),
        (("set", "Bo Nobody", "--country", "XYZ"), "no such code"),
        (("set", "Bo, Nobody", "--country", "USA"), "can never match"),
        (("show", "Bo Nobody"), "knows Bo Nobody"),
        (("seed", "-"), "the columns are"),
    ],
)
def test_what_is_wrong_is_refused_and_the_table_stays(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    assert run("set", "Ann Example").exit_code == 0
    before = (tmp_path / "leaders.tsv").read_bytes()
    result = run(*arguments, given="who\twhere\n")
    assert result.exit_code != 0
    assert words in result.output + str(result.exception)
    assert (tmp_path / "leaders.tsv").read_bytes() == before


def test_comments_of_the_table_are_kept_and_a_folder_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leaders.tsv").write_text("# kept by the desk\nnames\tcode\trole\toffice\tfrom\tto\n")
    assert run("set", "Ann Example").exit_code == 0
    assert (tmp_path / "leaders.tsv").read_text().startswith("# kept by the desk\n")
    monkeypatch.delenv("DATELINE_LEXICON_DIR")
    assert "DATELINE_LEXICON_DIR" in str(run("set", "Ann Example").exception)
