"""API keys for programs: random, shown once, kept as a digest, revoked at once."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from core.errors import InvalidToken, NotFound
from core.identity.tables import ApiKeyRow
from core.types import Principal, Scope

__all__ = ["KEY_PREFIX", "ApiKey", "ApiKeys"]

log = structlog.get_logger(__name__)

KEY_PREFIX = "ak_"
_ID = re.compile(r"[0-9a-f]{12}")
_KEY = re.compile(rf"ak_({_ID.pattern})_([\w-]{{43}})", re.ASCII)
_SECRET_BYTES = 32
_COARSE = timedelta(hours=1)
"""When a key was last used is kept this coarsely, so that few calls write."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is listed; the secret is not part of it."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class ApiKeys:
    """Keys in the database, which is asked at each call, so that a revocation holds from the next one on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self, name: str, scopes: Iterable[Scope], *, expires_in: timedelta | None, created_by: str
    ) -> tuple[ApiKey, str]:
        """A new key and its text, which cannot be had again; without `expires_in` it holds until it is revoked."""
        now = datetime.now(UTC)
        key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(_SECRET_BYTES)
        row = ApiKeyRow(
            id=key_id, digest=_digest(secret), name=name, scopes=" ".join(sorted(set(scopes))), created_by=created_by,
            created_at=now, expires_at=None if expires_in is None else now + expires_in,
        )  # fmt: skip
        with self._database.session() as session:
            session.add(row)
            session.flush()
            return _to_key(row), f"{KEY_PREFIX}{key_id}_{secret}"

    def listed(self) -> list[ApiKey]:
        """Every key, revoked ones too, the newest first."""
        with self._database.reading() as session:
            return [_to_key(row) for row in session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.created_at.desc()))]

    def revoke(self, key_id: str) -> None:
        """From now on the key holds no longer; repeating it changes nothing. Raises `NotFound`."""
        with self._database.session() as session:
            row = session.get(ApiKeyRow, key_id) if _ID.fullmatch(key_id) else None
            if row is None:
                raise NotFound(f"there is no API key {key_id!r}; `assistant key list` shows them")
            row.revoked_at = row.revoked_at or datetime.now(UTC)

    def read(self, text: str) -> Principal:
        """The principal of a key; raises `InvalidToken`, which never tells whether the id exists."""
        match = _KEY.fullmatch(text)
        row = None if match is None else self._row(match[1])
        if match is None or row is None or not hmac.compare_digest(row.digest, _digest(match[2])):
            raise InvalidToken("the API key is not valid here; make one with `assistant key create`")
        now = datetime.now(UTC)
        if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
            raise InvalidToken("the API key was revoked or has expired; make a new one with `assistant key create`")
        if row.last_used_at is None or now - row.last_used_at > _COARSE:
            self._touch(row.id, now)
        return Principal(f"key:{row.id}", _scopes(row.scopes))

    def _row(self, key_id: str) -> ApiKeyRow | None:
        with self._database.reading() as session:
            return session.get(ApiKeyRow, key_id)

    def _touch(self, key_id: str, now: datetime) -> None:
        try:
            with self._database.session() as session:
                session.execute(update(ApiKeyRow).where(ApiKeyRow.id == key_id).values(last_used_at=now))
        except SQLAlchemyError as error:
            # A full disk must not lock programs out that only read.
            log.warning("key.use_not_kept", key=key_id, error=type(error).__name__)


def _digest(secret: str) -> str:
    # 256 random bits cannot be guessed, however fast the digest is; a slow one would only slow each call.
    return hashlib.sha256(secret.encode()).hexdigest()


def _scopes(words: str) -> frozenset[Scope]:
    known = {scope.value for scope in Scope}
    return frozenset(Scope(word) for word in words.split() if word in known)


def _to_key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        row.id, row.name, _scopes(row.scopes), row.created_by, row.created_at, row.expires_at, row.last_used_at,
        row.revoked_at,
    )  # fmt: skip
