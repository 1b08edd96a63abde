"""Metrics and traces."""

from __future__ import annotations

from pydantic import Field

from core.settings.section import Section

__all__ = ["TelemetrySettings"]


class TelemetrySettings(Section):
    """Metrics and traces."""

    metrics_open: bool = Field(
        default=False,
        description="Let everybody read `/metrics`. Default: the local person, and tokens with the scope `ping`.",
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Address of a collector of traces that speaks OTLP over HTTP, `http://host:4318`. Default: none.",
    )
    otel_service_name: str = Field(default="immigration-assistant", description="Name of this service in traces.")
