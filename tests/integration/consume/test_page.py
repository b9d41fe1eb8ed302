"""Every block of docs/consume.md runs as it stands there, one after the other."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.integration.consume.conftest import Stranger
from tests.integration.consume.events import coded, records
from tests.integration.harness import ROOT

pytestmark = pytest.mark.kafka
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[str]:
    found = BLOCK.findall((ROOT / "docs" / "consume.md").read_text("utf-8"))
    assert {language for language, _ in found} == {"sh"}, "a block that is not run"
    return [code for _, code in found]


async def test_every_block_runs(stranger: Stranger) -> None:
    await stranger.send(*records())
    # Files that the blocks write are the stranger's, not the repository's.
    shutil.copytree(ROOT / "examples", stranger.folder / "examples")
    said = [
        stranger.run("bash", "-euo", "pipefail", "-c", f"cd {stranger.folder}\n{code}") for code in blocks()
    ]
    look, load, _, duck, again, _, withdrawn = [done.stdout + done.stderr for done in said]
    assert look.startswith("key ")
    assert '"event_class":"diplomacy"' in look
    assert f"{len(coded())} rows written" in load or load.count("rows written") > 1
    assert "│" in duck
    assert re.findall(r"(\d+) rows written", again)
    assert set(re.findall(r"(\d+) rows written", again)) == {"0"}
    assert "1 records" in withdrawn
    assert stranger.sql("SELECT count(*) FROM dateline_events") == str(len(coded()) - 1)
    assert stranger.sql("SELECT count(*) FROM dateline_events_of_newest_coder") == str(len(coded()) - 1)
