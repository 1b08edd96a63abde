"""Traces: one span for each step of a request, sent to a collector by OTLP where one is set, else nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import propagate, trace

from core.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from opentelemetry.sdk.trace import TracerProvider
    from sqlalchemy import Engine

__all__ = ["Tracing", "inject", "open_tracing", "span", "trace_id", "tracer"]

Attributes = Mapping[str, str | int | float | bool]

_NAME = "immigration-assistant"
_UNTRACED = "/static/.*,/health/.*,/heartbeat,/metrics"
_BOT_TOKEN = re.compile(r"/bot[^/]+/")
_FLUSH_MS = 2000


class Tracing:
    """What was opened for traces; without a provider every method does nothing."""

    def __init__(self, provider: TracerProvider | None) -> None:
        self._provider = provider

    def watch(self, engine: Engine) -> None:
        """A span for each statement of a database."""
        if self._provider is None:
            return
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor

        # It declares itself for SQLAlchemy below 2.1; the two events that it listens to are the same there.
        SQLAlchemyInstrumentor().instrument(engine=engine, tracer_provider=self._provider, skip_dep_check=True)

    def watch_app(self, app: FastAPI) -> None:
        """A span for each request, below that of the caller where it sent `traceparent`."""
        if self._provider is None:
            return
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

        FastAPIInstrumentor.instrument_app(
            app, tracer_provider=self._provider, excluded_urls=_UNTRACED, exclude_spans=["receive", "send"]
        )

    def close(self) -> None:
        """Send what has not been sent, for two seconds at most."""
        if self._provider is not None:
            self._provider.force_flush(_FLUSH_MS)
            self._provider.shutdown()


def open_tracing(settings: Settings) -> Tracing:
    """Start to send traces to the collector of the settings; the packages that do it are imported only then."""
    if settings.otel_exporter_otlp_endpoint is None:
        return Tracing(None)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": settings.otel_service_name}))
    endpoint = settings.otel_exporter_otlp_endpoint.rstrip("/") + "/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=10)))
    trace.set_tracer_provider(provider)
    HTTPXClientInstrumentor().instrument(
        tracer_provider=provider, request_hook=_hide_secrets, async_request_hook=_hide_secrets_async
    )
    return Tracing(provider)


def tracer() -> trace.Tracer:
    return trace.get_tracer(_NAME)


@contextmanager
def span(name: str, attributes: Attributes | None = None) -> Iterator[trace.Span]:
    """A step below the current one. An error is noted by its type alone: its text may hold what a person wrote."""
    options: Any = {"record_exception": False, "set_status_on_exception": False}
    with tracer().start_as_current_span(name, attributes=dict(attributes or {}), **options) as current:
        try:
            yield current
        except Exception as error:
            current.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise


def inject(headers: Any) -> None:
    """Put the current trace into the headers of an outbound request (W3C Trace Context)."""
    propagate.inject(headers)


def trace_id() -> str | None:
    """The id of the current trace in 32 hex digits."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def _hide_secrets(current: trace.Span, request: Any) -> None:
    """Telegram has its bots' tokens in the address."""
    url = str(getattr(request, "url", ""))
    if current.is_recording() and _BOT_TOKEN.search(url):
        hidden = _BOT_TOKEN.sub("/bot[secret]/", url)
        current.set_attributes({"http.url": hidden, "url.full": hidden})


async def _hide_secrets_async(current: trace.Span, request: Any) -> None:
    _hide_secrets(current, request)
