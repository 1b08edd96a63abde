"""Access tokens of an OpenID Connect issuer, checked by its published keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jwt
from jwt.utils import base64url_decode

from core.errors import InvalidToken
from core.identity.claims import ClaimNames, subject_of
from core.identity.issuer import Issuer
from core.identity.jwks import fitting_key
from core.settings import Settings
from core.types import Principal

__all__ = ["OidcTokens", "open_oidc", "token_header"]

_MOST_CHARS = 16_384
_KEYS_IN_THE_TOKEN = ("jku", "jwk", "x5u", "x5c", "crit", "b64")
"""Headers by which a token would bring its own key or change what is signed."""

_ACCESS_TYPES = ("jwt", "at+jwt", "application/at+jwt")  # RFC 9068, section 2.1
_OF_ID_TOKENS = ("nonce", "at_hash", "c_hash", "s_hash", "events")
_REQUIRED = ["exp", "iat", "iss", "aud", "sub"]


class OidcTokens:
    """Blocking: an unknown key is fetched. Call it from a thread."""

    def __init__(self, issuer: Issuer, settings: Settings) -> None:
        self.issuer = issuer
        self.audiences = settings.audiences
        self._algorithms = settings.algorithms
        self._client_id = settings.oidc_client_id
        self._leeway_s = settings.oidc_leeway_s
        self._names = ClaimNames.of(settings)

    def read_token(self, token: str) -> Principal:
        """The principal of an access token.

        Raises `InvalidToken` for one that does not hold, `IssuerUnavailable` when that cannot be told now.
        """
        claims = self._verified(token, self.audiences)
        self._refuse_other_kinds(token_header(token), claims)
        return Principal(subject_of(self.issuer.url, claims["sub"]), self._names.granted(claims))

    def read_id_token(self, token: str, *, nonce: str) -> str:
        """The subject of an ID token that was made for us and for this sign-in; raises as `read_token`."""
        claims = self._verified(token, (self._client_id or "",))
        authorised = claims.get("azp", self._client_id)
        if claims.get("nonce") != nonce or authorised != self._client_id:
            raise InvalidToken("the issuer's answer belongs to another sign-in; sign in again")
        return subject_of(self.issuer.url, claims["sub"])

    def _verified(self, token: str, audiences: tuple[str, ...]) -> dict[str, Any]:
        header = token_header(token)
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in self._algorithms:
            raise InvalidToken(f"the token is signed by {algorithm!r}; {' or '.join(self._algorithms)} is taken")
        if any(name in header for name in _KEYS_IN_THE_TOKEN):
            raise InvalidToken("the token brings its own key or extensions; only the issuer's published keys count")
        if not isinstance(key_id, str) or not 0 < len(key_id) <= 256:
            raise InvalidToken("the token does not say by which of the issuer's keys it is signed")
        published = self.issuer.key(key_id)
        key = None if published is None else fitting_key(published, algorithm)
        if key is None:
            raise InvalidToken("the token is signed by a key that the issuer does not publish for this")
        return self._decode(token, key, algorithm, audiences)

    def _decode(self, token: str, key: jwt.PyJWK, algorithm: str, audiences: tuple[str, ...]) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token, key, [algorithm], issuer=self.issuer.url, audience=audiences, leeway=self._leeway_s,
                options={"require": _REQUIRED},
            )  # fmt: skip
        except jwt.ExpiredSignatureError as error:
            raise InvalidToken("the token has expired; sign in again") from error
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise InvalidToken(f"the token does not hold: {error}") from error
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise InvalidToken("the token names nobody")
        return claims

    def _refuse_other_kinds(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        """An ID token says who signed in at a client, not what its bearer may do here."""
        audience = claims["aud"]
        meant_for = audience if isinstance(audience, list) else [audience]
        own = self._client_id is not None and self._client_id in meant_for
        # Entra can give the API and its client one name; then only the scopes tell the two kinds apart.
        for_client = own and (self._client_id not in self.audiences or not self._names.have_scopes(claims))
        if (
            str(header.get("typ", "JWT")).lower() not in _ACCESS_TYPES
            or str(claims.get("typ", "Bearer")).lower() != "bearer"  # as Keycloak marks its kinds
            or any(name in claims for name in _OF_ID_TOKENS)
            or for_client
        ):
            raise InvalidToken("this is no access token, as an ID token is none; send the access token")


def open_oidc(settings: Settings) -> OidcTokens | None:
    """The issuer of the settings; None when they name none. Nothing is fetched yet."""
    if settings.issuer is None:
        return None
    return OidcTokens(Issuer(settings.issuer, allow_plain=settings.oidc_allow_plain), settings)


def token_header(token: str) -> dict[str, Any]:
    """What a JWT says of itself, not yet proven; raises `InvalidToken` for what is none, or says a thing twice."""
    if len(token) > _MOST_CHARS:
        raise InvalidToken(f"the token has {len(token)} characters, and {_MOST_CHARS} is the most")
    try:
        header = json.loads(base64url_decode(token.split(".", 1)[0]), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise InvalidToken("the token is no JWT") from error
    if not isinstance(header, dict):
        raise InvalidToken("the token is no JWT")
    return header


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is there twice")
    return found
