"""Logging: structlog for our own lines and those of libraries; readable on a terminal, JSON elsewhere."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import structlog

from streams.headers import one_line, printable
from streams.ops.log_limits import LimitRepeats, Redact
from streams.settings import Settings

#: How often one line may be said in a minute.
A_MINUTE = 60

# Faust and aiokafka tell every step at INFO; what they warn of matters.
_NOISY = {"faust": logging.WARNING, "mode": logging.WARNING, "aiokafka": logging.ERROR}
# At debug level these write every request: also the one that holds password or token.
_REVEALING = ("aiokafka.conn",)


# Without local variables: they hold pages and settings.
_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def _harmless(_: object, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take from the words of a line what could steer the terminal or pass for another line."""
    long = ("exception", "stack")
    return {
        k: (printable if k in long else one_line)(v) if isinstance(v, str) else v for k, v in line.items()
    }


def configure(settings: Settings) -> None:
    """Send all logging of this process to stderr in the form the settings ask for."""
    as_console = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    redact = Redact(settings.secrets)
    renderer: list[structlog.typing.Processor] = (
        [
            structlog.processors.format_exc_info,
            redact,
            _harmless,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The default draws local variables.
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ]
        if as_console
        else [_TRACEBACKS, redact, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *renderer,
            ],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler.addFilter(_limited(LimitRepeats(most=A_MINUTE)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _REVEALING:
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))
    if settings.log_level != "debug":
        for name, level in _NOISY.items():
            logging.getLogger(name).setLevel(level)


def _limited(limit: LimitRepeats) -> Callable[[logging.LogRecord], bool]:
    """Return a filter for the lines of everyone; what was left out is told with the next line."""

    def passes(record: logging.LogRecord) -> bool:
        words = record.msg.get("event") if isinstance(record.msg, dict) else record.msg
        kind = {"logger": record.name, "level": record.levelname, "event": words}
        try:
            told = limit(None, "", kind)
        except structlog.DropEvent:
            return False
        if left_out := told.get("left_out"):
            if isinstance(record.msg, dict):
                record.msg = record.msg | {"left_out": left_out}
            else:
                record.msg = f"{record.msg} ({left_out} like it left out)"
        return True

    return passes
