"""Some minutes of load: the short form of `make soak`."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.faults import soak
from tests.integration.harness import ROOT

# Read here, because the tests' own fixture takes such variables away from what they start.
SOAK_MINUTES = os.environ.get("DATELINE_SOAK_MINUTES")


@pytest.mark.kafka
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not SOAK_MINUTES, reason="DATELINE_SOAK_MINUTES is not set")
def test_memory_stays_flat_under_load() -> None:
    # A load that leaves time to the tests beside it.
    command = [sys.executable, "-m", "tests.faults.soak", "--rate", "1", "--minutes", str(SOAK_MINUTES)]
    command += ["--shared"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-4000:]}"


@pytest.mark.parametrize(
    ("samples", "share"),
    [([100.0] * 240, 0.0), ([50.0] * 120 + [100.0] * 120, 0.0), ([100.0] * 228 + [200.0] * 12, 0.8)],
)
def test_drift_is_that_of_the_last_half_by_minutes(samples: list[float], share: float) -> None:
    assert soak.drift(samples) == pytest.approx(share, abs=0.05)
