"""What a log line says of an error: where and what, and no content of records."""

from __future__ import annotations

import logging
from collections.abc import Callable

import orjson
import pytest
import structlog


def fail(page: str, words: str = "a bug") -> None:
    assert page is not None
    raise ValueError(words)


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_secret_in_a_line_is_hidden(
    log: Callable[..., structlog.stdlib.BoundLogger], capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    hidden, key = "canary\"'\\word", "canary-key"
    logger = log(log_format=log_format, sasl_password=hidden, ssl_key_password=key)
    try:
        fail("", f"refused {hidden!r}")
    except ValueError as error:
        words = f"no {hidden}"
        logger.critical(words, exc_info=error, request=hidden.encode(), other=key)
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "canary" not in written


def test_a_line_on_a_terminal_has_no_local_variables_and_steers_nothing(
    log: Callable[..., structlog.stdlib.BoundLogger], capsys: pytest.CaptureFixture[str]
) -> None:
    logger = log(log_format="console")
    page = "the page that was being " + "read"
    steer = "\x1b]0;owned\x07\u202e\nsecond line"
    try:
        fail(page)
    except ValueError as error:
        error.add_note(steer)
        words = f"it failed {steer}"
        logger.critical(words, exc_info=error, site=steer, raw=[steer])
    written = capsys.readouterr().err
    assert page not in written
    assert "a bug" in written
    assert not set("\x1b\x07\u202e") & set(written)
    assert "second line" in written.splitlines()[0]


def test_requests_to_the_broker_are_not_logged_at_debug_level(
    log: Callable[..., structlog.stdlib.BoundLogger],
) -> None:
    log(log_level="debug")
    assert not logging.getLogger("aiokafka.conn").isEnabledFor(logging.DEBUG)


def test_a_traceback_in_json_has_no_local_variables(
    log: Callable[..., structlog.stdlib.BoundLogger], capsys: pytest.CaptureFixture[str]
) -> None:
    logger = log(log_format="json")
    page = "the page that was being " + "read"
    try:
        fail(page)
    except ValueError as error:
        logger.critical("it failed", exc_info=error)
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert page not in line
    (raised,) = orjson.loads(line)["exception"]
    assert raised["exc_value"] == "a bug"
    assert raised["frames"][-1]["name"] == "fail"
