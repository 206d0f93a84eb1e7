"""What sends spans and metrics by OTLP over HTTP, as the standard variables say; one per process, always in the background."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from bofbot.words import Sentence

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.trace import Tracer

LAST_SECONDS = 2.0
"""How long a process that ends waits for a collector that does not answer."""
MISSING = Sentence(
    en='OTEL_EXPORTER_OTLP_ENDPOINT is set, and the extra is not installed: pip install "bofbot[otel]"',
    ja='OTEL_EXPORTER_OTLP_ENDPOINT が設定されていますが、追加機能がありません：pip install "bofbot[otel]"',
)
_NO_GRPC = Sentence(
    en="OTEL_EXPORTER_OTLP_PROTOCOL is grpc; bofbot sends http/protobuf, usually to port 4318",
    ja="OTEL_EXPORTER_OTLP_PROTOCOL が grpc ですが、bofbot は http/protobuf（通常 4318 番ポート）で送ります",
)
_SCOPE = "bofbot"
_LOG = logging.getLogger("bofbot")


@dataclass(frozen=True, slots=True)
class Exporter:
    """Where spans and metrics go; either may be switched off by itself."""

    tracer: Tracer | None
    meter: Meter | None
    close: Callable[[float], bool]
    """Send what is left, waiting at most so many seconds; whether all of it was sent in time."""


@lru_cache(maxsize=1)
def of_this_process() -> Exporter | None:
    """Made at the first run, closed when the process ends; None without the extra, which is told once."""
    try:
        exporter = _made()
    except ImportError:
        _LOG.warning("%s / %s", MISSING.en, MISSING.ja)
        return None
    atexit.register(exporter.close, LAST_SECONDS)
    return exporter


def _made() -> Exporter:
    from opentelemetry.sdk.resources import Resource

    if os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL", "").strip().lower() == "grpc":
        _LOG.warning("%s / %s", _NO_GRPC.en, _NO_GRPC.ja)
    resource = Resource.create(_described())
    _speak_once()
    closing: list[Callable[[], object]] = []
    tracer = _tracer(resource, closing) if _goes("TRACES") else None
    meter = _meter(resource, closing) if _goes("METRICS") else None
    return Exporter(tracer, meter, _Closing(closing))


def _described() -> dict[str, str]:
    """Who sends: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES go before this."""
    named = "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    own = {} if named or os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "bofbot"}
    return {**own, "service.version": version("bofbot")}


def _goes(signal: str) -> bool:
    """Whether this signal has an endpoint and is not switched off (`OTEL_TRACES_EXPORTER=none`)."""
    off = os.environ.get(f"OTEL_{signal}_EXPORTER", "").strip().lower() == "none"
    own, shared = f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"
    return not off and bool(os.environ.get(own) or os.environ.get(shared))


def _tracer(resource: Resource, closing: list[Callable[[], object]]) -> Tracer:
    """The queue holds 2,048 spans (OTEL_BSP_MAX_QUEUE_SIZE); what comes when it is full is dropped, never waited for."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    closing.append(provider.shutdown)
    return provider.get_tracer(_SCOPE, version("bofbot"))


def _meter(resource: Resource, closing: list[Callable[[], object]]) -> Meter:
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    provider = MeterProvider((reader,), resource=resource, shutdown_on_exit=False)
    closing.append(provider.shutdown)
    return provider.get_meter(_SCOPE, version("bofbot"))


class _Closing:
    """Closes side by side in threads that exist from the beginning (a process that ends may start none), and waits for
    them no longer than it is told: they are daemons, and end with the process."""

    def __init__(self, parts: list[Callable[[], object]]) -> None:
        self._asked = threading.Event()
        self._left = threading.Semaphore(0)
        self._parts = len(parts)
        for part in parts:
            threading.Thread(target=self._close, args=(part,), name="bofbot telemetry", daemon=True).start()

    def __call__(self, seconds: float) -> bool:
        if self._asked.is_set():
            return True
        self._asked.set()
        timer = _Patience(seconds)
        return all(self._left.acquire(timeout=timer.left()) for _ in range(self._parts))

    def _close(self, part: Callable[[], object]) -> None:
        self._asked.wait()
        try:
            part()
        finally:
            self._left.release()


class _Patience:
    def __init__(self, seconds: float) -> None:
        import time

        self._clock = time.monotonic
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        return max(0.0, self._until - self._clock())


class _Once(logging.Handler):
    """What the library says about a collector that is away, told once and briefly; a run is none of its business."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._told = False

    def emit(self, record: logging.LogRecord) -> None:
        if not self._told:
            self._told = True
            _LOG.info("OpenTelemetry: %s (told once)", record.getMessage()[:300])


def _speak_once() -> None:
    library = logging.getLogger("opentelemetry")
    library.propagate = False
    library.addHandler(_Once())
