"""A few faults of chance's choosing on three brokers: the short form of `make faults`."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.kinds import KINDS
from tests.faults.run import schedule
from tests.integration.harness import ROOT

# Read here, because the tests' own fixture takes such variables away from what they start.
#: About 9 seconds each; the long run has its own command.
COUNT = int(os.environ.get("DATELINE_FAULTS", "5"))
SEED = os.environ.get("DATELINE_FAULTS_SEED") or str(random.SystemRandom().randrange(1_000_000))


def test_the_order_follows_from_the_seed_and_no_kind_is_left_out() -> None:
    kinds = list(KINDS)
    order = schedule(random.Random(1), kinds, 3 * len(kinds))
    assert order == schedule(random.Random(1), kinds, 3 * len(kinds))
    assert order != schedule(random.Random(2), kinds, 3 * len(kinds))
    assert {kind: order.count(kind) for kind in kinds} == dict.fromkeys(kinds, 3)


# Each fault may take as long as run.PATIENCE.
@pytest.mark.timeout(1200)
@pytest.mark.kafka
def test_no_page_is_lost_and_no_event_doubled_whatever_dies(tmp_path: Path) -> None:
    missing = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    if missing and os.environ.get("DATELINE_REQUIRE_KAFKA") != "1":
        pytest.skip(f"Apache Kafka needs {' and '.join(missing)}")
    command = [sys.executable, "-m", "tests.faults.run", "--faults", str(COUNT), "--seed", SEED]
    command += ["--keep", str(tmp_path / "run"), "--json", str(tmp_path / "outcome.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {SEED}\n{done.stdout}\n{done.stderr[-4000:]}"
    outcome = json.loads((tmp_path / "outcome.json").read_text())
    assert len(outcome["struck"]) == COUNT
    assert outcome["report"]["processed"] > 10 * COUNT
    assert outcome["confirmed"] >= outcome["report"]["pages"] - outcome["retries"]
