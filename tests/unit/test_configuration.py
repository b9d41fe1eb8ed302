"""The reference of every setting is current."""

from __future__ import annotations

from pathlib import Path

from streams.ops import configuration
from streams.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_page_about_settings_is_current() -> None:
    assert (ROOT / "docs" / "configuration.md").read_text() == configuration.page(), (
        "run: python -m streams.ops.configuration"
    )


def test_the_page_names_every_setting_with_its_meaning(tmp_path: Path) -> None:
    configuration.main([str(tmp_path / "page.md")])
    written = (tmp_path / "page.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"| `DATELINE_{name.upper()}` |" in written
        assert field.description
        assert field.description.replace("<", "&lt;") in written


def test_a_row_tells_what_a_value_may_be() -> None:
    rows = {line.split("`")[1]: line for line in configuration.page().splitlines() if line.startswith("| `")}
    assert "whole number ≥ 1, ≤ 64 | `1`" in rows["DATELINE_WORKERS"]
    assert "`info`, `warning`, `error` | `info`" in rows["DATELINE_LOG_LEVEL"]
    assert "secret | not set" in rows["DATELINE_SASL_PASSWORD"]
    assert "`10485760` (10 MiB)" in rows["DATELINE_PAGE_MAX_BYTES"]
