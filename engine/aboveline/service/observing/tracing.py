"""Traces, where a collector is set: a span for each request, named by its route template.

The ready-made instrumentation is not used: it writes the whole path of each
request into its spans, and a path can name a case.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aboveline.service.settings import Settings, SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

__all__ = ["Tracing", "tracing_of"]

Answered = Callable[[str, int], None]
"""Says by which route, and with which status, a request was answered."""


class Tracing:
    """Follows requests. This one does not: it stands where no collector is set."""

    @contextmanager
    def request(self, method: str, correlation_id: str) -> Iterator[Answered]:  # noqa: ARG002 - others use them
        """Follow a request; what it gives says how it was answered."""
        yield lambda _route, _status: None

    def close(self) -> None:
        """Send what has not been sent."""


class OpenTelemetry(Tracing):
    """Sends a span for each request to an exporter."""

    def __init__(self, exporter: "SpanExporter", version: str) -> None:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        resource = Resource({"service.name": "aboveline", "service.version": version})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("aboveline.service")

    @contextmanager
    def request(self, method: str, correlation_id: str) -> Iterator[Answered]:
        """Follow a request."""
        # Exceptions are not recorded: their words can hold what was sent.
        with self._tracer.start_as_current_span(method, record_exception=False) as span:
            span.set_attribute("http.request.method", method)
            span.set_attribute("correlation.id", correlation_id)

            def answered(route: str, status: int) -> None:
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", status)

            yield answered

    def close(self) -> None:
        """Send what has not been sent."""
        self._provider.shutdown()


def tracing_of(settings: Settings, version: str) -> Tracing:
    """Return what follows requests, as is set.

    Raises:
        SettingsError: a collector is set, and what sends to it is not installed.
    """
    if settings.tracing_url is None:
        return Tracing()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    except ImportError:
        raise SettingsError(
            ["ABOVELINE_TRACING_URL is set, which needs an extra: pip install 'aboveline[telemetry]'"]
        ) from None
    return OpenTelemetry(OTLPSpanExporter(endpoint=settings.tracing_url), version)
