"""Who somebody is, in the local form: signed tokens and cookies."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta

import jwt

from core.errors import InvalidToken, Unauthenticated
from core.identity.signin import PendingSignIn
from core.types import Principal, Scope

__all__ = ["ALGORITHM", "EVERYBODY_MAY", "LOCAL_SUBJECT", "Identities"]

LOCAL_SUBJECT = "local"
"""The one person at a server that only this machine can reach."""

EVERYBODY_MAY = frozenset({Scope.CHAT, Scope.REQUEST_ASSISTANCE})
"""What a person may do who has shown no token: ask, and ask for a person."""

ALGORITHM = "HS256"
"""The only one that local tokens are signed with; no issuer's token may name it."""

_ISSUER = "immigration-assistant"
_TOKEN, _COOKIE, _SESSION, _SIGN_IN = "token", "anonymous", "session", "sign-in"


class Identities:
    """Issues and reads tokens and cookies signed with one key."""

    def __init__(self, key: str) -> None:
        self._key = key

    def issue_token(self, subject: str, scopes: Iterable[Scope], *, expires_in: timedelta) -> str:
        """A bearer token for `subject`; raises nothing, and holds no secret besides its signature."""
        claims = {"sub": subject, "scope": " ".join(sorted(scopes)), "use": _TOKEN}
        return self._sign(claims, expires_in)

    def read_token(self, token: str) -> Principal:
        """The principal of a bearer token; raises `InvalidToken` saying why it is not valid."""
        claims = self._read(token, _TOKEN)
        return Principal(subject=f"token:{claims['sub']}", scopes=_scopes(claims))

    def issue_cookie(self, *, expires_in: timedelta) -> tuple[str, Principal]:
        """A cookie for a new anonymous person, and that person."""
        subject = secrets.token_urlsafe(18)
        return self._sign({"sub": subject, "use": _COOKIE}, expires_in), _anonymous(subject)

    def read_cookie(self, cookie: str) -> Principal | None:
        """The anonymous person of a cookie; None when it is not ours or too old."""
        try:
            return _anonymous(self._read(cookie, _COOKIE)["sub"])
        except Unauthenticated:
            return None

    def issue_session(self, principal: Principal, *, begun_at: datetime, expires_in: timedelta) -> str:
        """The cookie of a person who signed in at that moment, with what they may do."""
        claims = {
            "sub": principal.subject, "scope": " ".join(sorted(principal.scopes)), "use": _SESSION,
            "begun_at": begun_at.isoformat(),  # `iat` is cut to seconds
        }  # fmt: skip
        return self._sign(claims, expires_in)

    def holder(self, token: str) -> tuple[Principal, timedelta]:
        """The principal of a bearer token and how long it holds yet; raises `InvalidToken`."""
        left = datetime.fromtimestamp(float(self._read(token, _TOKEN)["exp"]), UTC) - datetime.now(UTC)
        return self.read_token(token), left

    def read_session(self, cookie: str) -> tuple[Principal, datetime] | None:
        """Whoever signed in, and when; None when the cookie is not ours or too old."""
        try:
            claims = self._read(cookie, _SESSION)
            return Principal(claims["sub"], _scopes(claims)), datetime.fromisoformat(claims["begun_at"])
        except (
            Unauthenticated,
            KeyError,
        ):  # without the moment it is of an older version: whoever has it signs in anew
            return None

    def keep_pending(self, pending: PendingSignIn, *, expires_in: timedelta) -> str:
        """The cookie of a browser whose person is at the issuer."""
        return self._sign({**asdict(pending), "sub": "nobody", "use": _SIGN_IN}, expires_in)

    def read_pending(self, cookie: str) -> PendingSignIn:
        """What that cookie keeps; raises `InvalidToken` when this browser began no sign-in, or long ago."""
        try:
            claims = self._read(cookie, _SIGN_IN)
        except InvalidToken as error:
            raise InvalidToken("this browser began no sign-in in the last ten minutes; sign in again") from error
        return PendingSignIn(**{part.name: claims[part.name] for part in fields(PendingSignIn)})

    def _sign(self, claims: dict[str, str], expires_in: timedelta) -> str:
        now = datetime.now(UTC)
        return jwt.encode({**claims, "iss": _ISSUER, "iat": now, "exp": now + expires_in}, self._key, ALGORITHM)

    def _read(self, token: str, use: str) -> dict[str, str]:
        try:
            claims: dict[str, str] = jwt.decode(
                token, self._key, [ALGORITHM], issuer=_ISSUER, options={"require": ["exp", "sub", "iss"]}
            )
        except jwt.ExpiredSignatureError as error:
            raise InvalidToken("the token has expired; make a new one with `assistant token create`") from error
        except jwt.InvalidTokenError as error:
            raise InvalidToken("the token is not valid here; make one with `assistant token create`") from error
        if claims.get("use") != use:
            raise InvalidToken("the token is of another kind; make one with `assistant token create`")
        return claims


def _scopes(claims: dict[str, str]) -> frozenset[Scope]:
    known = {scope.value for scope in Scope}
    return frozenset(Scope(word) for word in claims.get("scope", "").split() if word in known)


def _anonymous(subject: str) -> Principal:
    return Principal(subject=f"anonymous:{subject}", scopes=EVERYBODY_MAY)
