"""Runs as OpenTelemetry spans and metrics: names, outcomes and durations, never a value. Off unless the environment asks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bofbot.sinks.telemetry.spans import Telemetry

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")  # fmt: skip


def telemetry(environ: Mapping[str, str] = os.environ) -> tuple[Telemetry, ...]:
    """The sink of one run; none when no OTLP endpoint is named, or `OTEL_SDK_DISABLED` is true. Never raises: a run does
    not need it. Nothing of the library is imported before an endpoint is named."""
    if not wanted(environ):
        return ()
    from bofbot.sinks.telemetry import exporting
    from bofbot.sinks.telemetry.spans import Telemetry

    exporter = exporting.of_this_process()
    return (Telemetry(exporter),) if exporter else ()


def wanted(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment names a collector."""
    off = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not off and any(environ.get(name) for name in _ENDPOINTS)
