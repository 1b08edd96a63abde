"""How much one caller may ask for."""

from __future__ import annotations

from core.settings.section import Section

__all__ = ["LimitSettings"]


class LimitSettings(Section):
    """How much one caller may ask for."""
