"""Looks after what waits: starts what a crash left unstarted, and says when something waits too long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update

from assistance import metrics
from assistance.dispatch import Dispatch
from assistance.ledger import Ledger
from assistance.states import Status
from assistance.tables import RequestRow
from core.database import Database
from core.repeating import Repeating

__all__ = ["Keeper"]

log = structlog.get_logger(__name__)

_NOT_TAKEN = (Status.WAITING, Status.FAILED)


class Keeper:
    """Looks every `every_s` seconds; `look` and `sweep` can be called by hand."""

    def __init__(
        self, database: Database, ledger: Ledger, dispatch: Dispatch, *, alert_after_s: float,
        now: Callable[[], datetime], grace_s: float, every_s: float,
    ) -> None:  # fmt: skip
        self._database = database
        self._ledger = ledger
        self._dispatch = dispatch
        self._alert_after = timedelta(seconds=alert_after_s)
        self._now = now
        self._grace = timedelta(seconds=grace_s)
        self._repeating = Repeating("assistance-keeper", self.sweep, self.look, every_s=every_s)

    def start(self) -> None:
        """Go on with everything that is not delivered, then keep looking."""
        self.sweep(everything=True)
        self._repeating.start()

    def stop(self) -> None:
        self._repeating.stop()

    def sweep(self, *, everything: bool = False) -> None:
        """Have the attempts made that have been due for `grace_s`, or with `everything` see to all others too."""
        for request_id in self._ledger.requests_due(before=None if everything else self._now() - self._grace):
            self._dispatch.go_on(request_id)
        self._dispatch.tidy()

    def look(self) -> list[str]:
        """Renew the gauges and alert once for each request that waits too long; their ids."""
        now = self._now()
        late = select(RequestRow).where(
            RequestRow.status.in_(_NOT_TAKEN),
            RequestRow.alerted_at.is_(None),
            RequestRow.waiting_since <= now - self._alert_after,
        )
        with self._database.reading() as session:
            waiting = select(func.count(), func.min(RequestRow.waiting_since)).where(RequestRow.status.in_(_NOT_TAKEN))
            count, oldest = session.execute(waiting).one()
            found = list(session.scalars(late.order_by(RequestRow.waiting_since).limit(100)))
        metrics.WAITING.set(count)
        metrics.WAITING_AGE.set(0.0 if oldest is None else (now - oldest).total_seconds())
        for row in found:
            waited_s = round((now - row.waiting_since).total_seconds())
            log.error(
                "assistance.waits_too_long", help_request_id=row.id, topic=row.topic, status=row.status,
                waited_s=waited_s,
            )  # fmt: skip
        ids = [row.id for row in found]
        if ids:
            with self._database.session() as session:
                session.execute(update(RequestRow).where(RequestRow.id.in_(ids)).values(alerted_at=now))
        return ids
