"""Log lines hold no secret and do not repeat without end, ours and those of libraries."""

from __future__ import annotations

import logging
from collections.abc import Callable

import orjson
import pytest
import structlog

from streams.ops import logs
from streams.ops.log_limits import LimitRepeats, Redact


def test_a_secret_is_taken_out_of_every_text() -> None:
    clean = Redact(["hunter2", "hunter22"])
    line = clean(None, "", {"event": "a hunter22", "error": {"deep": ["x hunter2"]}, "n": 1})
    assert line == {"event": "a ***", "error": {"deep": ["x ***"]}, "n": 1}


def test_a_line_that_repeats_is_left_out_and_counted() -> None:
    now = 0.0
    limit = LimitRepeats(most=2, clock=lambda: now)
    line = {"logger": "a", "level": "info", "event": "again"}
    assert [limit(None, "", dict(line)) for _ in range(2)] == [line, line]
    for _ in range(3):
        with pytest.raises(structlog.DropEvent):
            limit(None, "", dict(line))
    assert limit(None, "", line | {"event": "other"})
    now = 60.0
    assert limit(None, "", dict(line)) == line | {"left_out": 3}
    assert limit(None, "", dict(line)) == line


def test_lines_of_libraries_and_tracebacks_hold_no_password_either(
    log: Callable[..., structlog.stdlib.BoundLogger], capsys: pytest.CaptureFixture[str]
) -> None:
    for form in ("json", "console"):
        log(log_format=form, sasl_password="hunter2")  # noqa: S106
        try:
            raise ValueError("refused with hunter2")  # noqa: TRY301
        except ValueError:
            logging.getLogger("aiokafka").exception("no login with %s", "hunter2")
        for _ in range(200):
            logging.getLogger("aiokafka").error("again and again")
    said = capsys.readouterr().err
    assert "hunter2" not in said
    assert said.count("no login with ***") == 2
    assert said.count("again and again") == 2 * logs.A_MINUTE
    assert orjson.loads(said.splitlines()[0])["logger"] == "aiokafka"
