"""Who may do what: sign-in, tokens, keys."""

from __future__ import annotations

from core.settings.section import Section

__all__ = ["IdentitySettings"]


class IdentitySettings(Section):
    """Who may do what: sign-in, tokens, keys."""
