"""Signing a person in at the issuer: authorization code with PKCE, done by the server (RFC 6749, 7636, 9207)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from core.errors import InvalidToken, IssuerUnavailable
from core.identity.issuer import fetch_json
from core.identity.oidc import OidcTokens
from core.settings import Settings
from core.types import Principal

__all__ = ["PendingSignIn", "SignIn", "open_sign_in"]


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """What a browser keeps, signed, while its person is at the issuer."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    return_to: str

    @classmethod
    def new(cls, redirect_uri: str, return_to: str) -> PendingSignIn:
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, redirect_uri, return_to)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Blocking: the issuer is asked. Call it from a thread."""

    tokens: OidcTokens
    client_id: str
    client_secret: str | None
    request_scopes: str

    def address(self, pending: PendingSignIn) -> str:
        """Where to send the browser; raises `IssuerUnavailable`."""
        found = self.tokens.issuer.addresses().authorization
        if found is None:
            raise IssuerUnavailable(f"the issuer {self.tokens.issuer.url!r} names no authorization endpoint")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(pending.verifier.encode()).digest()).rstrip(b"=")
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": pending.redirect_uri,
            "scope": self.request_scopes, "state": pending.state, "nonce": pending.nonce,
            "code_challenge": challenge.decode(), "code_challenge_method": "S256",
            "audience": self.tokens.audiences[0],  # Auth0 issues a JWT only when it is told for whom
        }  # fmt: skip
        return f"{found}{'&' if '?' in found else '?'}{urlencode(asked)}"

    def finish(self, pending: PendingSignIn, *, code: str, state: str, issuer: str | None) -> Principal:
        """Whoever signed in, with the scopes of the access token.

        Raises `InvalidToken` when the answer does not belong to `pending` or does not hold, else `IssuerUnavailable`.
        """
        if not hmac.compare_digest(state.encode(), pending.state.encode()):
            raise InvalidToken("the issuer's answer belongs to another sign-in; sign in again")
        if issuer is not None and issuer != self.tokens.issuer.url:
            raise InvalidToken(f"the answer comes from {issuer!r}, which is not the issuer of this server")
        if not code:
            raise InvalidToken("the issuer did not let you in; sign in again, or ask whoever runs this server")
        given = self._exchange(pending, code)
        subject = self.tokens.read_id_token(str(given.get("id_token", "")), nonce=pending.nonce)
        principal = self.tokens.read_token(str(given.get("access_token", "")))
        if principal.subject != subject:
            raise InvalidToken("the issuer's tokens name two people; sign in again")
        return principal

    def _exchange(self, pending: PendingSignIn, code: str) -> dict[str, Any]:
        address = self.tokens.issuer.addresses().token
        if address is None:
            raise IssuerUnavailable(f"the issuer {self.tokens.issuer.url!r} names no token endpoint")
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": pending.redirect_uri,
            "client_id": self.client_id, "code_verifier": pending.verifier,
        }  # fmt: skip
        if self.client_secret is not None:
            form["client_secret"] = self.client_secret
        try:
            return fetch_json("POST", address, form=form)
        except httpx.HTTPError as error:
            raise IssuerUnavailable(f"the issuer did not answer ({error}); try again in a minute") from error
        except ValueError as error:
            raise InvalidToken(f"the issuer did not accept the sign-in ({error}); sign in again") from error


def open_sign_in(tokens: OidcTokens | None, settings: Settings) -> SignIn | None:
    """Signing in at the issuer; None when the settings name no issuer or no client."""
    if tokens is None or settings.oidc_client_id is None:
        return None
    secret = settings.oidc_client_secret
    return SignIn(
        tokens, settings.oidc_client_id, None if secret is None else secret.get_secret_value(),
        settings.oidc_request_scopes,
    )  # fmt: skip
