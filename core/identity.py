"""Who somebody is, in the local form: signed tokens, the anonymous cookie and the key behind both."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt

from core.errors import ConfigurationError, Unauthenticated
from core.settings import Settings
from core.types import Principal, Scope

__all__ = ["EVERYBODY_MAY", "LOCAL_SUBJECT", "Identities", "load_signing_key"]

LOCAL_SUBJECT = "local"
"""The one person at a server that only this machine can reach."""

EVERYBODY_MAY = frozenset({Scope.CHAT, Scope.REQUEST_ASSISTANCE})
"""What a person may do who has shown no token: ask, and ask for a person."""

_ALGORITHM = "HS256"
_KEY_FILE = "signing.key"
_ISSUER = "immigration-assistant"
_TOKEN, _COOKIE = "token", "anonymous"


def load_signing_key(settings: Settings) -> str:
    """The key of the settings, else the one in the data folder, which is made on first use, readable by its owner."""
    if settings.signing_key is not None:
        return settings.signing_key.get_secret_value()
    path = settings.data_dir / _KEY_FILE
    if not path.exists():
        _create_key(path)
    key = path.read_text().strip()
    if len(key) < 32:
        raise ConfigurationError(f"the signing key in {str(path)!r} is damaged; delete the file to make a new one")
    return key


def _create_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails where another process was first, whose key then holds
    except FileExistsError:
        pass
    finally:
        draft.unlink()


class Identities:
    """Issues and reads tokens and cookies signed with one key."""

    def __init__(self, key: str) -> None:
        self._key = key

    def issue_token(self, subject: str, scopes: Iterable[Scope], *, expires_in: timedelta) -> str:
        """A bearer token for `subject`; raises nothing, and holds no secret besides its signature."""
        claims = {"sub": subject, "scope": " ".join(sorted(scopes)), "use": _TOKEN}
        return self._sign(claims, expires_in)

    def read_token(self, token: str) -> Principal:
        """The principal of a bearer token; raises `Unauthenticated` saying why it is not valid."""
        claims = self._read(token, _TOKEN)
        known = {scope.value for scope in Scope}
        granted = frozenset(Scope(word) for word in claims.get("scope", "").split() if word in known)
        return Principal(subject=f"token:{claims['sub']}", scopes=granted)

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

    def _sign(self, claims: dict[str, str], expires_in: timedelta) -> str:
        now = datetime.now(UTC)
        return jwt.encode({**claims, "iss": _ISSUER, "iat": now, "exp": now + expires_in}, self._key, _ALGORITHM)

    def _read(self, token: str, use: str) -> dict[str, str]:
        try:
            claims: dict[str, str] = jwt.decode(
                token, self._key, [_ALGORITHM], issuer=_ISSUER, options={"require": ["exp", "sub", "iss"]}
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("the token has expired; make a new one with `assistant token create`") from error
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("the token is not valid here; make one with `assistant token create`") from error
        if claims.get("use") != use:
            raise Unauthenticated("the token is of another kind; make one with `assistant token create`")
        return claims


def _anonymous(subject: str) -> Principal:
    return Principal(subject=f"anonymous:{subject}", scopes=EVERYBODY_MAY)
