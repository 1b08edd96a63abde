"""Metrics and traces."""

from __future__ import annotations

from core.settings.section import Section

__all__ = ["TelemetrySettings"]


class TelemetrySettings(Section):
    """Metrics and traces."""
