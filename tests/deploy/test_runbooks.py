"""Every query of the runbooks is PromQL, and asks for metrics and labels that exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.test_dashboards import unknown

RUNBOOKS = sorted((Path(__file__).resolve().parents[2] / "docs" / "runbooks").glob("Dateline*.md"))


def queries(page: Path) -> list[str]:
    blocks = re.findall(r"^```promql\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line]


@pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.stem)
def test_every_page_has_queries_on_metrics_that_exist(page: Path) -> None:
    assert queries(page)
    assert {query: wrong for query in queries(page) if (wrong := unknown(query))} == {}


def test_every_query_is_promql(prometheus_tools: None, tmp_path: Path) -> None:  # noqa: ARG001
    rules = [
        {"record": "parsed", "labels": {"number": str(number)}, "expr": query}
        for number, query in enumerate(query for page in RUNBOOKS for query in queries(page))
    ]
    assert len(rules) > 40
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "docs", "rules": rules}]}))
    done = subprocess.run(
        ["promtool", "check", "rules", tmp_path / "rules.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
