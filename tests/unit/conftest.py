"""What the unit tests share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from streams import settings
from streams.ops import logs


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., structlog.stdlib.BoundLogger]]:
    """Logging with given settings, put back at the end."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)

    def configured(**given: object) -> structlog.stdlib.BoundLogger:
        logs.configure(settings.load(**given))
        made: structlog.stdlib.BoundLogger = structlog.get_logger("test")
        return made

    yield configured
    structlog.reset_defaults()
