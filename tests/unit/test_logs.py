"""What a log line says of an error: where and what, and no content of records."""

from __future__ import annotations

import logging

import orjson
import pytest
import structlog

from streams import settings
from streams.ops import logs


def fail(page: str) -> None:
    assert page
    raise ValueError("a bug")


def test_a_traceback_in_json_has_no_local_variables(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    logs.configure(settings.load(log_format="json"))
    page = "the page that was being " + "read"
    try:
        fail(page)
    except ValueError as error:
        structlog.get_logger("test").critical("it failed", exc_info=error)
    finally:
        structlog.reset_defaults()
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert page not in line
    (raised,) = orjson.loads(line)["exception"]
    assert raised["exc_value"] == "a bug"
    assert raised["frames"][-1]["name"] == "fail"
