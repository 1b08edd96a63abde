"""The sessions of people who signed in on a page: begun, read, and all of somebody's ended at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select

from core.database import Database
from core.identity.local import Identities
from core.identity.tables import EndedSessionsRow
from core.types import Principal

__all__ = ["Sessions"]


def _now() -> datetime:
    return datetime.now(UTC)


class Sessions:
    """Signed cookies; the database is asked at each call, so that ending them holds from the next one on.

    `longest` is how long a session may hold: after that nothing needs to be kept of an end.
    """

    def __init__(
        self, identities: Identities, database: Database, *, longest: timedelta, now: Callable[[], datetime] = _now
    ) -> None:
        self._identities = identities
        self._database = database
        self._longest = longest
        self._now = now

    def begin(self, principal: Principal, *, expires_in: timedelta) -> str:
        """The cookie of a person who signed in; what they may do stays as it was then."""
        return self._identities.issue_session(principal, begun_at=self._now(), expires_in=expires_in)

    def begin_by_token(self, token: str) -> tuple[str, timedelta]:
        """A session for the holder of a token and how long it holds, never longer than the token.

        Raises `InvalidToken`.
        """
        principal, left = self._identities.holder(token)
        holds = min(left, self._longest)
        return self.begin(principal, expires_in=holds), holds

    def read(self, cookie: str) -> Principal | None:
        """Whoever signed in; None when the cookie is not ours, too old, or of a session that was ended."""
        known = self._identities.read_session(cookie)
        if known is None:
            return None
        principal, begun_at = known
        query = select(func.max(EndedSessionsRow.ended_at)).where(
            EndedSessionsRow.subject == _digest(principal.subject)
        )
        with self._database.read() as connection:
            ended_at = connection.scalar(query)
        return None if ended_at is not None and begun_at <= ended_at else principal

    def end_all(self, subject: str) -> datetime:
        """End every session of this person that was begun until now; the moment."""
        ended_at = self._now()
        with self._database.session() as session:
            session.execute(delete(EndedSessionsRow).where(EndedSessionsRow.ended_at < ended_at - self._longest))
            session.add(EndedSessionsRow(subject=_digest(subject), ended_at=ended_at))
        return ended_at


def _digest(subject: str) -> str:
    # Who was erased must not be named here, and their sessions have to stay ended.
    return hashlib.sha256(subject.encode()).hexdigest()
