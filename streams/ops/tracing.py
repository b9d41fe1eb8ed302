"""Where traces go: OpenTelemetry set up from the standard ``OTEL_*`` variables, or left alone.

Nothing of OpenTelemetry is imported before :func:`provider` is called: it is an optional extra, and a
worker that sends no traces should not pay for them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from streams import __version__
from streams.errors import ConfigurationError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

Exporter = Literal["otlp", "console"]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_QUEUE = "OTEL_BSP_MAX_QUEUE_SIZE"
# A batch of documents ends some 800 spans at once; the standard queue of 2,048 would lose some.
_SPANS_QUEUED = 16_384


def wanted(environ: Mapping[str, str]) -> Exporter | None:
    """Return where traces are to go; None where nobody asks for any.

    They are asked for by ``OTEL_TRACES_EXPORTER``, or by an OTLP endpoint where that is not set.

    Raises:
        ConfigurationError: the exporter or its protocol is not offered.
    """
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    named = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    name = named or ("otlp" if any(environ.get(variable) for variable in _ENDPOINTS) else "none")
    if name == "none":
        return None
    protocol = next((environ[variable] for variable in _PROTOCOLS if environ.get(variable)), "http/protobuf")
    if name == "otlp" and protocol != "http/protobuf":
        raise ConfigurationError(
            f"traces are sent by http/protobuf only, not by {protocol!r}: {_PROTOCOLS[1]}"
        )
    if name == "otlp":
        return "otlp"
    if name == "console":
        return "console"
    raise ConfigurationError(f"OTEL_TRACES_EXPORTER is otlp, console or none, not {name!r}")


def provider(exporter: Exporter, *, instance: str) -> TracerProvider:
    """Return a provider that sends its spans there; ``instance`` names this process.

    Sampler, limits, batches and endpoint are those of the ``OTEL_*`` variables.

    Raises:
        ConfigurationError: the extra is not installed, or a variable is wrong.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import (  # noqa: PLC0415
            BatchSpanProcessor,
            ConsoleSpanExporter,
        )
    except ImportError as error:
        raise ConfigurationError(
            f"traces are asked for (OTEL_*), but {error.name} is not installed: install dateline[otel], "
            "or set OTEL_TRACES_EXPORTER=none"
        ) from error
    ours = {"service.name": "dateline", "service.version": __version__, "service.instance.id": instance}
    resource = Resource.create({**ours, **OTELResourceDetector().detect().attributes})
    made = TracerProvider(resource=resource, shutdown_on_exit=False)
    # Standard output belongs to the command.
    target = OTLPSpanExporter() if exporter == "otlp" else ConsoleSpanExporter(out=sys.stderr)
    queue = None if os.environ.get(_QUEUE) else _SPANS_QUEUED
    made.add_span_processor(BatchSpanProcessor(target, max_queue_size=queue))
    return made
