"""What a worker's own process loads: it passes bytes on and computes nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

_STAGES = ("streams.parse.stage", "streams.enrich.stage", "streams.classify.events", "numpy", "onnxruntime")


@pytest.mark.parametrize(
    ("module", "loads"), [("streams.agents.worker", False), ("streams.agents.tasks", True)]
)
def test_only_compute_processes_load_the_stages(module: str, loads: bool) -> None:
    code = f"import sys, {module}; print(*[name for name in {_STAGES} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # ONNX Runtime is loaded with the model.
    assert done.stdout.split() == ([*_STAGES[:-1]] if loads else [])
