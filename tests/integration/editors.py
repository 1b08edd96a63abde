"""An editor for the tests: a token that may read and write documents."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from core.identity import Identities, load_signing_key
from core.types import Scope
from tests.conftest import make_settings

__all__ = ["editor_token"]


def editor_token(data_dir: Path, *scopes: Scope) -> str:
    """A token for the server of that data folder."""
    identities = Identities(load_signing_key(make_settings(data_dir)))
    granted = scopes or (Scope.CHAT, Scope.KNOWLEDGE_READ, Scope.KNOWLEDGE_WRITE)
    return identities.issue_token("editor", granted, expires_in=timedelta(hours=1))
