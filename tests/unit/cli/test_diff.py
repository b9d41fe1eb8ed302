"""``dateline diff`` on files: what it prints, and its exit status."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import orjson
import pytest
import zstandard
from click.testing import CliRunner

from streams.cli import root
from streams.records import Event, encode
from tests.unit.cli.test_commands import jsonl, run
from tests.unit.compare.test_compare import event


def lines(events: Iterable[Event]) -> bytes:
    return b"".join(encode(one) + b"\n" for one in events)


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    a, b = tmp_path / "a.jsonl.zst", tmp_path / "b.jsonl.gz"
    a.write_bytes(zstandard.compress(lines(event(n) for n in range(100))))
    b.write_bytes(
        gzip.compress(lines([event(0, type="AGREE"), *(event(n, coder_version="2") for n in range(2, 101))]))
    )
    return a, b


def test_a_table_and_a_verdict(runs: tuple[Path, Path]) -> None:
    result = run("diff", *runs, "--fail-over", "1%", "--fail-over", "gone=1%")
    assert result.exit_code == 1
    assert "2.97% of 101 events differ" in result.stdout
    assert "FAILED  all: 2.97%, at most 1%" in result.stdout
    assert "passed  gone: 0.99%, at most 1%" in result.stdout
    assert "CONSULT → AGREE 1" in result.stdout
    assert "Lavrov met Wang Yi on matter 1" in result.stdout


def test_without_a_limit_differences_are_no_failure(runs: tuple[Path, Path]) -> None:
    assert run("diff", *runs).exit_code == 0
    assert run("diff", *runs, "--fail-over", "3").exit_code == 0


def test_json_has_all_of_it(runs: tuple[Path, Path]) -> None:
    result = run("diff", *runs, "--json", "--fail-over", "2")
    report = orjson.loads(result.stdout)
    assert (result.exit_code, report["passed"], report["differing"]) == (1, False, 3)
    assert report["totals"] == {
        "name": "all",
        "a": 100,
        "b": 100,
        "same": 98,
        "changed": 1,
        "gone": 1,
        "added": 1,
    }
    assert report["a"]["coder_versions"] == {"1": 100}
    assert report["b"]["coder_versions"] == {"1": 1, "2": 99}
    assert {e["kind"] for e in report["examples"]} == {"changed", "gone", "added"}


def test_a_page_is_written(runs: tuple[Path, Path], tmp_path: Path) -> None:
    page = tmp_path / "diff.html"
    result = run("diff", *runs, "--html", page)
    assert result.exit_code == 0
    assert f"report written to {page}" in result.stderr
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_a_page_that_cannot_be_written_is_refused_before_the_work(
    runs: tuple[Path, Path], tmp_path: Path
) -> None:
    result = run("diff", *runs, "--html", tmp_path / "no" / "diff.html")
    assert result.exit_code != 0
    assert result.stdout == ""


def test_what_code_wrote_can_be_compared(tmp_path: Path) -> None:
    text = (
        "Russian Foreign Minister Sergey Lavrov met Chinese Foreign Minister Wang Yi in Beijing on Tuesday."
    )
    coded = run(
        "code", "--texts", given=jsonl([{"id": 1, "text": text}, {"id": 2, "text": "Soup with dill"}])
    )
    (tmp_path / "a.jsonl").write_text(coded.stdout)
    result = run("diff", tmp_path / "a.jsonl", "-", "--json", given=coded.stdout)
    totals = orjson.loads(result.stdout)["totals"]
    assert (totals["same"], totals["changed"]) == (totals["a"], 0)
    assert totals["a"] > 0


def test_two_coders_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "both.jsonl"
    path.write_bytes(lines([event(1), event(2), event(2, coder_version="2"), event(3, coder_version="2")]))
    for arguments in ((path,), (path, path)):
        result = run("diff", *arguments, "--coder", "1", "--coder", "2", "--json")
        report = orjson.loads(result.stdout)
        assert [report["totals"][kind] for kind in ("same", "changed", "gone", "added")] == [1, 0, 1, 1]
        assert (report["a"]["coder"], report["b"]["left_out"]) == ("1", 2)


def failure(*arguments: str | Path, status: int = 1) -> str:
    result = CliRunner().invoke(root, ["diff", *map(str, arguments)])
    if status == 1:
        assert result.exception is not None
        return str(result.exception)
    assert result.exit_code == status
    return result.stderr


def test_the_same_file_twice_is_wrong_use(runs: tuple[Path, Path], tmp_path: Path) -> None:
    link = tmp_path / "link.jsonl"
    link.symlink_to(runs[0])
    for other in (runs[0], link, f"{runs[0].parent}/../{runs[0].parent.name}/{runs[0].name}"):
        assert "A and B are the same" in failure(runs[0], other, status=2)
    assert "B is missing" in failure(runs[0], status=2)
    assert "B is missing" in failure(runs[0], "--coder", "1", status=2)


@pytest.mark.parametrize(
    "arguments", [("--fail-over", "x"), ("--ignore", "x"), ("--coder", "1", "--coder", "2", "--coder", "3")]
)
def test_wrong_use_is_status_2(runs: tuple[Path, Path], arguments: tuple[str, ...]) -> None:
    failure(*runs, *arguments, status=2)


@pytest.mark.parametrize("given", ["kafka:@2026-03-01", "kafka:x@soon..", "kafka:@2026-03-02..2026-03-01"])
def test_a_range_that_is_none_is_wrong_use(given: str, runs: tuple[Path, Path]) -> None:
    assert "Invalid value for 'A'" in failure(given, runs[0], status=2)


def test_bad_input_is_named(runs: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = runs
    assert "no such file" in failure(a, tmp_path / "none.jsonl")
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(b.read_bytes()[:-20])
    assert "cut.jsonl.gz: damaged or cut off after line" in failure(a, cut)
    pages = tmp_path / "pages.jsonl"
    pages.write_bytes(b'{"url": "https://a.example/", "html": "<p>"}\n')
    assert "pages.jsonl:1: a page, not an event" in failure(a, pages)
    assert "nothing was coded by 7; found: 1" in failure(a, b, "--coder", "7")


def test_two_empty_runs_are_no_agreement(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.jsonl").touch()
    assert "nothing to compare" in failure(tmp_path / "a.jsonl", tmp_path / "b.jsonl")


def test_an_empty_run_against_one_with_events_is_a_difference(
    runs: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "empty.jsonl").touch()
    result = run("diff", runs[0], tmp_path / "empty.jsonl", "--fail-over", "1%")
    assert result.exit_code == 1
    assert "100.00% of 100 events differ" in result.stdout
    assert "empty.jsonl has no events" in result.stderr


def test_control_characters_of_pages_do_not_reach_the_terminal(tmp_path: Path) -> None:
    for name, events in (("a", [event(1, evidence="\x1b[2J", site="\x1b]0;x")]), ("b", [event(2)])):
        (tmp_path / f"{name}.jsonl").write_bytes(lines(events))
    assert "\x1b" not in run("diff", tmp_path / "a.jsonl", tmp_path / "b.jsonl").stdout
