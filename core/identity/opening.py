"""Whoever calls is told apart by these parts, built from the settings."""

from __future__ import annotations

from core.database import Database
from core.identity.api_keys import ApiKeys
from core.identity.bearer import BearerTokens
from core.identity.local import Identities
from core.identity.oidc import open_oidc
from core.identity.signin import SignIn, open_sign_in
from core.settings import Settings

__all__ = ["open_identity"]


def open_identity(settings: Settings, database: Database, key: str) -> tuple[Identities, BearerTokens, SignIn | None]:
    """Local tokens and cookies, all bearer tokens, and signing in at the issuer where there is one."""
    identities, oidc = Identities(key), open_oidc(settings)
    return identities, BearerTokens(identities, ApiKeys(database), oidc), open_sign_in(oidc, settings)
