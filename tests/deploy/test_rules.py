"""Every alert fires when it should and not otherwise, has a page, and asks for metrics that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.alert_cases import CASES, MINUTE, TEN_MINUTES, WELL, Case, Series
from tests.deploy.test_dashboards import metrics_in, unknown

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "rules" / "dateline.yml"
RUNBOOKS = ROOT / "docs" / "runbooks"


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}
RECORDS = {rule["record"]: rule["expr"] for rule in rules() if "record" in rule}


def firing(case: Case, series: Series, *, expected: bool) -> dict[str, Any]:
    """One unit test for promtool: the alert's state at a time."""
    severity = ALERTS[case.alert]["labels"]["severity"]
    labels = f'alertname="{case.alert}", alertstate="firing", service="dateline", severity="{severity}"'
    full = f"ALERTS{{{', '.join(part for part in (labels, case.labels) if part)}}}"
    return {
        "interval": case.every,
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f'ALERTS{{alertname="{case.alert}", alertstate="firing"}}',
                "eval_time": case.at,
                "exp_samples": [{"labels": full, "value": 1}] if expected else [],
            }
        ],
    }


def recorded_for(expr: str) -> set[str]:
    """The recorded series that an expression asks for, and those that these ask for."""
    names = set(re.findall(r"dateline:[a-z_]+:[a-z0-9_]+", expr))
    return names.union(*(recorded_for(RECORDS[name]) for name in names))


def rules_for(alert: str) -> dict[str, Any]:
    """The rule file with one alert and what is recorded for it: the others take time and say nothing."""
    wanted = {alert} | recorded_for(ALERTS[alert]["expr"])
    groups = yaml.safe_load(RULES.read_text())["groups"]
    kept = [
        group
        | {"rules": [rule for rule in group["rules"] if wanted & {rule.get("alert"), rule.get("record")}]}
        for group in groups
    ]
    return {"groups": [group for group in kept if group["rules"]]}


def promtool(
    tmp_path: Path, every: str, tests: list[dict[str, Any]], content: dict[str, Any] | None = None
) -> subprocess.CompletedProcess[str]:
    """Let promtool run tests on rules: all of them, unless some are given."""
    file, rule_file = tmp_path / "tests.yml", tmp_path / "rules.yml"
    content = content or yaml.safe_load(RULES.read_text())
    rule_file.write_text(yaml.safe_dump(content))
    # Alerts after what is recorded for them: promtool takes groups in no order of its own, and a step may
    # be longer than a sample lives.
    order = [group["name"] for group in content["groups"]]
    head = {"rule_files": [str(rule_file)], "evaluation_interval": every, "group_eval_order": order}
    file.write_text(yaml.safe_dump(head | {"tests": tests}))
    return subprocess.run(
        ["promtool", "test", "rules", file], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.usefixtures("prometheus_tools")
@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.alert}" for n, case in enumerate(CASES, 1)])
def test_an_alert_fires_when_it_should_and_not_otherwise(case: Case, tmp_path: Path) -> None:
    tests = [firing(case, series, expected=True) for series in case.fires]
    tests += [firing(case, series, expected=False) for series in case.quiet]
    done = promtool(tmp_path, case.every, tests, rules_for(case.alert))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("prometheus_tools")
def test_a_service_that_is_well_raises_nothing(tmp_path: Path) -> None:
    quiet = {
        "interval": TEN_MINUTES,
        "input_series": [{"series": name, "values": values} for name, values in WELL.items()],
        "promql_expr_test": [{"expr": "ALERTS", "eval_time": "4400m", "exp_samples": []}],
    }
    done = promtool(tmp_path, TEN_MINUTES, [quiet])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("prometheus_tools")
@pytest.mark.parametrize("expected", [True, False])
def test_a_wrong_expectation_is_found(tmp_path: Path, expected: bool) -> None:
    case = next(case for case in CASES if case.alert == "DatelineStalled")
    series = case.quiet[0] if expected else case.fires[0]
    assert promtool(tmp_path, MINUTE, [firing(case, series, expected=expected)]).returncode == 1


@pytest.mark.usefixtures("prometheus_tools")
def test_an_alert_says_what_and_where(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.alert == "DatelineStalled")
    test = firing(case, case.fires[0], expected=True)
    test["alert_rule_test"] = [
        {
            "eval_time": "8m",
            "alertname": case.alert,
            "exp_alerts": [
                {
                    "exp_labels": {
                        "severity": "page", "service": "dateline", "topic": "documents", "instance": "a"
                    },
                    "exp_annotations": {
                        "summary": "documents stands still on a",
                        "description": "Records wait and none was committed for 8m 0s.",
                        "runbook_url": "docs/runbooks/DatelineStalled.md",
                    },
                }
            ],
        }
    ]  # fmt: skip
    done = promtool(tmp_path, MINUTE, [test])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("prometheus_tools")
def test_promtool_accepts_the_rules() -> None:
    done = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_its_cases() -> None:
    assert {case.alert for case in CASES} == set(ALERTS)
    assert [case.alert for case in CASES if not case.fires or not case.quiet] == []


def test_the_rules_ask_for_metrics_and_labels_that_exist() -> None:
    assert {rule["expr"]: wrong for rule in rules() if (wrong := unknown(rule["expr"]))} == {}
    assert all(metrics_in(rule["expr"]) or "dateline:" in rule["expr"] for rule in rules())


def test_recorded_series_that_alerts_ask_for_are_recorded() -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    asked = {name for rule in rules() for name in re.findall(r"dateline:[a-z_]+:[a-z0-9_]+", rule["expr"])}
    assert asked == recorded


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_has_a_page_that_says_what_to_do(alert: str) -> None:
    assert ALERTS[alert]["annotations"]["runbook_url"] == f"docs/runbooks/{alert}.md"
    page = (RUNBOOKS / f"{alert}.md").read_text()
    assert page.startswith(f"# {alert}\n")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == ["What it means", "Look", "Do"]


def test_there_is_no_page_of_an_alert_that_is_not() -> None:
    assert {page.stem for page in RUNBOOKS.glob("Dateline*.md")} == set(ALERTS)


def test_the_rules_and_the_index_are_what_their_code_writes(tmp_path: Path) -> None:
    new = [tmp_path / "new.yml", tmp_path / "new.md"]
    subprocess.run([sys.executable, "-m", "deploy.prometheus", *new], check=True, cwd=ROOT)
    written = [RULES.read_text(), (RUNBOOKS / "README.md").read_text()]
    assert [path.read_text() for path in new] == written, "run: make generate"
