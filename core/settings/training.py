"""Approved answers and the versions made of them."""

from __future__ import annotations

from core.settings.section import Section

__all__ = ["TrainingSettings"]


class TrainingSettings(Section):
    """Approved answers and the versions made of them."""
