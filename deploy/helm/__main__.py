"""Bring the chart up to date with the rest: ``python -m deploy.helm [CHART]``.

Copies the rules and the dashboards into the chart, which cannot reach outside its folder, and writes
the names of the settings into ``values.schema.json``.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from streams.settings import Settings

DEPLOY = Path(__file__).parents[1]
CHART = DEPLOY / "helm" / "dateline"
#: Set by the templates, or without meaning in a pod.
MANAGED = {
    "brokers", "group", "topic_prefix", "security_protocol", "sasl_mechanism", "sasl_username",
    "sasl_password", "sasl_token_file", "ssl_cafile", "ssl_certfile", "ssl_keyfile", "ssl_key_password",
    "slot", "workers", "data_dir", "web_bind", "web_port", "web_port_step", "live_events", "live_port",
    "log_format",
}  # fmt: skip


def update(chart: Path) -> None:
    """Write the chart's copies."""
    files = chart / "files"
    shutil.rmtree(files, ignore_errors=True)
    shutil.copytree(DEPLOY / "grafana" / "dashboards", files / "dashboards")
    shutil.copy(DEPLOY / "prometheus" / "rules" / "dateline.yml", files)
    path = chart / "values.schema.json"
    schema = json.loads(path.read_text())
    free = sorted(set(Settings.model_fields) - MANAGED)
    schema["properties"]["settings"]["properties"] = {
        name: {"type": ["string", "number", "boolean"]} for name in free
    }
    path.write_text(json.dumps(schema, indent=2) + "\n")


if __name__ == "__main__":
    update(Path(sys.argv[1]) if len(sys.argv) > 1 else CHART)
