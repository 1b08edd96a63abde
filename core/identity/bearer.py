"""Whoever shows a token or a key: one of ours, or an issuer's."""

from __future__ import annotations

from dataclasses import dataclass

from core.identity.api_keys import KEY_PREFIX, ApiKeys
from core.identity.local import ALGORITHM, Identities
from core.identity.oidc import OidcTokens, token_header
from core.types import Principal

__all__ = ["BearerTokens"]


@dataclass(frozen=True, slots=True)
class BearerTokens:
    """Each kind has one verifier with a key and algorithms of its own; a token chooses between them and no further."""

    local: Identities
    keys: ApiKeys
    oidc: OidcTokens | None

    def read(self, token: str) -> Principal:
        """The principal of a token or key; raises `InvalidToken`, or `IssuerUnavailable` when it cannot be told now.

        Blocking: the database is asked, and the issuer's keys may be fetched. Call it from a thread.
        """
        if token.startswith(KEY_PREFIX):
            return self.keys.read(token)
        if self.oidc is None or token_header(token).get("alg") == ALGORITHM:
            return self.local.read_token(token)
        return self.oidc.read_token(token)
