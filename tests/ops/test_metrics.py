"""The metric definitions follow the conventions, and the page about them is current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from streams import errors
from streams.ops import docs
from streams.ops.metrics import METRICS, MetricDef, Metrics
from streams.ops.outcomes import ERROR_LABELS, Outcome, Stage, error_label

ROOT = Path(__file__).parents[2]


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> Metrics:
    return Metrics(registry)


def exposed(registry: CollectorRegistry) -> dict[str, str]:
    """Names as scraped, with their types; the times of creation left out."""
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        f"{family.name}{'_total' if family.type == 'counter' else ''}": family.type
        for family in families
        if not family.name.endswith("_created")
    }


@pytest.mark.usefixtures("metrics")
def test_the_registry_holds_exactly_what_is_declared(registry: CollectorRegistry) -> None:
    # The text format knows no info type: it is a gauge there.
    declared = {metric.name: metric.type.replace("info", "gauge") for metric in METRICS}
    assert exposed(registry) == declared


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_definition_follows_the_conventions(metric: MetricDef) -> None:
    assert re.fullmatch(r"dateline(_[a-z]+)+", metric.name)
    assert metric.name.endswith("_total") == (metric.type == "counter")
    assert metric.name.endswith("_info") == (metric.type == "info")
    assert bool(metric.buckets) == (metric.type == "histogram")
    assert list(metric.buckets) == sorted(set(metric.buckets))
    if metric.unit == "seconds":
        assert metric.name.removesuffix("_total").endswith("_seconds")
    if metric.unit in {"bytes", "ratio"}:
        assert metric.name.endswith(f"_{metric.unit}")
    assert metric.help[0].isupper()
    assert not metric.help.endswith(".")


def test_each_name_is_declared_once() -> None:
    names = [metric.name for metric in METRICS]
    assert len(names) == len(set(names))


@pytest.mark.usefixtures("metrics")
def test_closed_series_start_at_zero(registry: CollectorRegistry) -> None:
    for stage in Stage:
        for outcome in Outcome:
            labels = {"stage": stage.value, "outcome": outcome.value}
            assert registry.get_sample_value("dateline_records_total", labels) == 0
        assert registry.get_sample_value("dateline_stage_duration_seconds_count", {"stage": stage}) == 0


def test_a_gauge_that_nothing_set_has_no_value(metrics: Metrics, registry: CollectorRegistry) -> None:
    name, labels = "dateline_committed_offset_age_seconds", {"topic": "documents"}
    assert registry.get_sample_value(name, labels) is None
    metrics.committed_offset_age.labels("documents").set(2.5)
    assert registry.get_sample_value(name, labels) == 2.5


def test_enum_members_are_label_values(metrics: Metrics, registry: CollectorRegistry) -> None:
    metrics.records.labels(stage=Stage.PARSE, outcome=Outcome.DEAD_LETTER).inc()
    labels = {"stage": "parse", "outcome": "dead_letter"}
    assert registry.get_sample_value("dateline_records_total", labels) == 1


def test_what_runs_is_named(metrics: Metrics, registry: CollectorRegistry) -> None:
    metrics.build_info.info({"version": "1.2.3", "coder_version": "c4"})
    labels = {"version": "1.2.3", "coder_version": "c4"}
    assert registry.get_sample_value("dateline_build_info", labels) == 1


def test_every_error_that_makes_a_dead_letter_has_a_label() -> None:
    kinds: list[type[errors.Invalid]] = [errors.Invalid, *errors.Invalid.__subclasses__()]
    assert [kind for kind in kinds if error_label(kind.__name__) != kind.__name__] == []


@pytest.mark.parametrize("name", ["BrokerUnavailable", "ZeroDivisionError", ""])
def test_any_other_error_is_other(name: str) -> None:
    assert error_label(name) == "other"
    assert "other" in ERROR_LABELS


def test_the_page_about_metrics_is_current() -> None:
    assert (ROOT / "docs" / "metrics.md").read_text() == docs.page(), "run: python -m streams.ops.docs"


def test_the_page_names_every_metric(tmp_path: Path) -> None:
    docs.main([str(tmp_path / "metrics.md")])
    written = (tmp_path / "metrics.md").read_text()
    assert [metric.name for metric in METRICS if f"| `{metric.name}` |" not in written] == []
