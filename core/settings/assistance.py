"""Requests for a person and their delivery."""

from __future__ import annotations

from core.settings.section import Section

__all__ = ["AssistanceSettings"]


class AssistanceSettings(Section):
    """Requests for a person and their delivery."""
