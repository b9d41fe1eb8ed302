"""Write the dashboards: ``python -m deploy.grafana [DIRECTORY]``.

The JSON files are generated; tests compare them with this and run each query on a real Prometheus.
"""

from __future__ import annotations

import sys
from pathlib import Path

from deploy.grafana import coder_quality, operations, replays, world_events
from deploy.grafana.build import Board

BOARDS: dict[str, Board] = {
    "operations": operations.BOARD,
    "world-events": world_events.BOARD,
    "coder-quality": coder_quality.BOARD,
    "replays-and-dead-letters": replays.BOARD,
}

if __name__ == "__main__":
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "dashboards"
    for name, board in BOARDS.items():
        (directory / f"{name}.json").write_text(board.json(), encoding="utf-8")
