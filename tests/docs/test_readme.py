"""What the documentation names exists: commands, make targets, linked files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.cli import COMMANDS, root

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_MAKE = re.compile(r"(?:^|`|\s)make ([a-z][a-z-]*)(?=$|[`\s,;:.])", re.MULTILINE)
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def missing(page: Path, text: str) -> list[str]:
    """Return the linked files that are not there."""
    files = (link.partition("#")[0] for link in _LINK.findall(text) if "://" not in link)
    return [file for file in files if file and not (page.parent / file).exists()]


def code(text: str) -> str:
    """Return what stands in code: blocks and spans. Prose may say "and make only"."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_line_and_an_example(name: str) -> None:
    assert f"| `dateline {name}` | {COMMANDS[name][1]} |" in README
    result = CliRunner().invoke(root, [name, "--help"])
    assert result.exit_code == 0
    assert "Example:" in result.output


def test_the_readme_names_no_command_that_is_not_there() -> None:
    assert set(re.findall(r"^\| `dateline ([a-z-]+)` \|", README, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_exists(page: str) -> None:
    named = set(_MAKE.findall(code((ROOT / page).read_text("utf-8"))))
    assert {"test"} <= named
    assert named <= set(_TARGET.findall((ROOT / "Makefile").read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_linked_file_exists(page: Path) -> None:
    assert missing(page, page.read_text("utf-8")) == []


def test_a_broken_link_and_an_unknown_target_are_found() -> None:
    assert missing(ROOT / "README.md", "[a](no-such.md#x) [b](LICENSE) [c](https://a.example/)") == [
        "no-such.md"
    ]
    assert _MAKE.findall(code("`make nothing` and make sense")) == ["nothing"]
