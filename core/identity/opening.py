"""Whoever calls is told apart by these parts, built from the settings."""

from __future__ import annotations

from datetime import timedelta

from core.database import Database
from core.identity.api_keys import ApiKeys
from core.identity.bearer import BearerTokens
from core.identity.local import Identities
from core.identity.oidc import open_oidc
from core.identity.sessions import Sessions
from core.identity.signin import SignIn, open_sign_in
from core.settings import Settings

__all__ = ["open_identity"]


def open_identity(
    settings: Settings, database: Database, key: str
) -> tuple[Identities, BearerTokens, Sessions, SignIn | None]:
    """Local tokens and cookies, all bearer tokens, sessions, and signing in at the issuer where there is one."""
    identities, oidc = Identities(key), open_oidc(settings)
    sessions = Sessions(identities, database, longest=timedelta(hours=settings.session_hours))
    return identities, BearerTokens(identities, ApiKeys(database), oidc), sessions, open_sign_in(oidc, settings)
