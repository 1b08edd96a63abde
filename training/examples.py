"""MAIN FLOW of examples: proposed, approved, trained in or withdrawn, every act in an append-only log."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Conflict, Forbidden, InvalidInput, NotFound
from training.records import Done, Draft, DuplicateExample, Example, columns, example_of, key_of, told
from training.states import LIVE_STATUSES, MOVES, WITHDRAWN_STATUSES, Act, ExampleStatus
from training.tables import AuditRow, ExampleRow

__all__ = ["Done", "Draft", "DuplicateExample", "Example", "Examples", "SYSTEM"]

SYSTEM = "system"
"""Who acts where no person does."""


class Examples:
    """Keeps examples; each move compares the status and sets it in one statement, so that of two racing acts one wins.

    `session` takes a caller's own transaction, so that several moves and other rows change together.
    """

    def __init__(
        self,
        database: Database,
        *,
        allow_self_approval: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._allow_self_approval = allow_self_approval
        self._clock = clock

    def propose(self, draft: Draft, by: str, *, idempotency_key: str | None = None) -> Done:
        """Store a proposal; a repeated key gives the one that is there.

        Raises `DuplicateExample` for one that is there in these words, and `InvalidInput` for a key used for another.
        """
        if (repeat := self.find_repeat(by, idempotency_key, draft.live_key)) is not None:
            return Done(repeat, changed=False)
        now = self._clock()
        row = ExampleRow(
            id=secrets.token_hex(6), status=ExampleStatus.PROPOSED, proposed_by=by, proposed_at=now, updated_at=now,
            idempotency_key=idempotency_key or secrets.token_hex(16), fingerprint=draft.live_key,
            live_key=draft.live_key, cites=[], **columns(draft),
        )  # fmt: skip
        try:
            with self._database.session() as session:
                session.add(row)
                session.flush()
                self._log(session, row.id, Act.PROPOSE, by, before=None, after=told(example_of(row)))
        except IntegrityError:
            # Two requests arrived together; the other one won.
            if (repeat := self.find_repeat(by, idempotency_key, draft.live_key)) is not None:
                return Done(repeat, changed=False)
            self.require_new(draft.live_key)
            raise
        return Done(example_of(row), changed=True)

    def find_repeat(self, by: str, idempotency_key: str | None, live_key: str) -> Example | None:
        """What this key proposed before; raises `InvalidInput` when that was something else."""
        if idempotency_key is None:
            return None
        with self._database.reading() as session:
            row = session.scalar(
                select(ExampleRow).where(ExampleRow.proposed_by == by, ExampleRow.idempotency_key == idempotency_key)
            )
        if row is None:
            return None
        if row.fingerprint != live_key:
            raise InvalidInput(f"the Idempotency-Key {idempotency_key!r} was used for another proposal; send a new key")
        return example_of(row)

    def require_new(self, live_key: str, *, besides: str | None = None) -> None:
        """Raise `DuplicateExample` when an example that was neither rejected nor revoked has this key."""
        with self._database.reading() as session:
            row = session.scalar(select(ExampleRow).where(ExampleRow.live_key == live_key))
        if row is not None and row.id != besides:
            told = f"Duplicate train data by {row.proposed_by} at {row.proposed_at:%Y-%m-%d}"
            raise DuplicateExample(row.id, told)

    def get(self, example_id: str, *, session: Session | None = None) -> Example:
        """One example; raises `NotFound`."""
        with self._reading(session) as reading:
            return example_of(_row(reading, example_id))

    def approve(self, example_id: str, by: str, *, cites: Sequence[str]) -> Done:
        """Approve a proposal as it is; doing so again changes nothing.

        Raises `Forbidden` for one's own, `Conflict` for one that was rejected or withdrawn meanwhile.
        """
        return self._approve(example_id, by, tuple(cites), None)

    def edit_and_approve(self, example_id: str, by: str, draft: Draft, *, cites: Sequence[str]) -> Done:
        """Correct a proposal and approve it in one step; raises as `approve` does, and `DuplicateExample`."""
        return self._approve(example_id, by, tuple(cites), draft)

    def _approve(self, example_id: str, by: str, cites: tuple[str, ...], draft: Draft | None) -> Done:
        found = self.get(example_id)
        if found.status is ExampleStatus.PROPOSED and found.proposed_by == by and not self._allow_self_approval:
            raise Forbidden(
                "an approver cannot approve their own proposal; ask another approver, or set ALLOW_SELF_APPROVAL"
            )
        if found.status is ExampleStatus.PROPOSED and not cites:
            raise InvalidInput(
                f"{example_id!r} rests on no document, so nobody could tell when it stops being true; "
                "name in `cites` the documents that it rests on"
            )
        values: dict[str, Any] = {} if draft is None else {**columns(draft), "live_key": draft.live_key}
        now = self._clock()
        values.update(cites=list(cites), approved_by=by, approved_at=now)
        return self._move(example_id, Act.APPROVE, by, values=values, repeated=_was_approved)

    def unapprove(self, example_id: str, by: str) -> Done:
        """Take an approval back, until a run has taken the example."""
        gone: dict[str, Any] = {"approved_by": None, "approved_at": None, "cites": [], "run_id": None}
        return self._move(example_id, Act.UNAPPROVE, by, values=gone)

    def reject(self, example_id: str, by: str, reason: str) -> Done:
        """Reject a proposal, saying why; the same may then be proposed again. Rejecting again changes nothing."""
        return self._move(example_id, Act.REJECT, by, values={"reason": reason, "live_key": None})

    def reopen(self, example_id: str, by: str) -> Done:
        """Take a rejection back; raises `DuplicateExample` when the same was proposed again meanwhile."""
        found = self.get(example_id)
        return self._move(example_id, Act.REOPEN, by, values={"reason": None, "live_key": key_of(found)})

    def revoke(self, example_id: str, by: str, reason: str | None = None) -> Done:
        """Withdraw an approved example for good; it is answered with no longer, whatever version holds it."""
        return self._move(example_id, Act.REVOKE, by, values={"reason": reason, "live_key": None})

    def suspend(self, example_id: str, reason: str, by: str = SYSTEM) -> Done:
        """Withdraw a trained example until somebody has looked at what it cites."""
        return self._move(example_id, Act.SUSPEND, by, values={"reason": reason})

    def resume(self, example_id: str, by: str, *, cites: Sequence[str]) -> Done:
        """Say that a suspended example still holds over the versions it now cites; the next run trains it in."""
        values = {"reason": None, "cites": list(cites), "approved_by": by, "approved_at": self._clock(), "run_id": None}
        return self._move(example_id, Act.RESUME, by, values=values)

    def retry(self, example_id: str, by: str, *, cites: Sequence[str]) -> Done:
        """Have the next run try an example again that failed, over the versions it now cites."""
        return self._move(example_id, Act.RETRY, by, values={"reason": None, "run_id": None, "cites": list(cites)})

    def pending(self, *, session: Session | None = None) -> list[Example]:
        """Those that are approved and not yet trained, the longest approved first."""
        return self._in_order(session, ExampleRow.status == ExampleStatus.PENDING)

    def begin(self, run_id: str, *, session: Session | None = None) -> list[Example]:
        """Give all pending examples to a run, in one transaction.

        A run that has its examples gets the same again: of those that were approved later it takes none.
        """
        with self._writing(session) as writing:
            if not (mine := self._in_order(writing, ExampleRow.run_id == run_id)):
                pending = [
                    example.id for example in self._in_order(writing, ExampleRow.status == ExampleStatus.PENDING)
                ]
                for example_id in pending:
                    self._step(writing, example_id, Act.BEGIN, SYSTEM, {"run_id": run_id})
                mine = self._in_order(writing, ExampleRow.run_id == run_id)
        return [example for example in mine if example.status is ExampleStatus.PROCESSING]

    def settle(
        self, run_id: str, *, done: Sequence[str], failed: Mapping[str, str], session: Session | None = None
    ) -> None:
        """End a run: its examples are done, or failed for a reason; those withdrawn meanwhile stay so. Repeatable."""
        with self._writing(session) as writing:
            for example_id in done:
                self._step(writing, example_id, Act.FINISH, SYSTEM, {"reason": None}, run_id=run_id)
            for example_id, reason in failed.items():
                self._step(writing, example_id, Act.FAIL, SYSTEM, {"reason": reason}, run_id=run_id)

    def release(self, run_id: str, *, session: Session | None = None) -> None:
        """Let the examples of a run that was broken off wait for the next one. Repeatable."""
        with self._writing(session) as writing:
            for example in self._in_order(writing, ExampleRow.run_id == run_id):
                self._step(writing, example.id, Act.RELEASE, SYSTEM, {"run_id": None}, run_id=run_id)

    def withdrawn(self) -> frozenset[str]:
        """The ids of those that must not be served, whatever version holds them."""
        chosen = select(ExampleRow.id).where(ExampleRow.status.in_(WITHDRAWN_STATUSES))
        with self._database.read() as connection:
            return frozenset(connection.scalars(chosen))

    def with_status(self, *statuses: ExampleStatus) -> list[Example]:
        """All in these statuses, the longest approved first."""
        return self._in_order(None, ExampleRow.status.in_(statuses))

    def _in_order(self, session: Session | None, *conditions: Any) -> list[Example]:
        chosen = select(ExampleRow).where(*conditions).order_by(ExampleRow.approved_at, ExampleRow.id)
        with self._reading(session) as reading:
            return [example_of(row) for row in reading.scalars(chosen.execution_options(populate_existing=True))]

    def _move(
        self,
        example_id: str,
        act: Act,
        by: str,
        *,
        values: Mapping[str, Any],
        repeated: Callable[[Example], bool] = lambda _: False,
    ) -> Done:
        try:
            with self._database.session() as session:
                changed = self._step(session, example_id, act, by, values)
                found = self.get(example_id, session=session)
        except IntegrityError:
            if key := values.get("live_key"):
                self.require_new(key, besides=example_id)
            raise
        if not changed and found.status is not MOVES[act].after and not repeated(found):
            raise Conflict(f"{example_id!r} is {found.status}, so it cannot be done: {act}; look at it again")
        return Done(found, changed)

    def _step(
        self,
        session: Session,
        example_id: str,
        act: Act,
        by: str,
        values: Mapping[str, Any],
        *,
        run_id: str | None = None,
    ) -> bool:
        """Do an act if the status, and the run where one is named, allow it; its line in the log is part of it."""
        before = self.get(example_id, session=session)
        move = MOVES[act]
        mine = (ExampleRow.id == example_id, ExampleRow.status == before.status)
        held = () if run_id is None else (ExampleRow.run_id == run_id,)
        if before.status not in move.before:
            return False
        now = self._clock()
        moved = update(ExampleRow).where(*mine, *held).values(status=move.after, updated_at=now, **values)
        unsynchronised = moved.returning(ExampleRow.id).execution_options(synchronize_session=False)
        if session.scalar(unsynchronised) is None:
            return False
        after = self.get(example_id, session=session)
        self._log(session, example_id, act, by, before=told(before), after=told(after))
        return True

    def _log(
        self, session: Session, example_id: str, act: Act, by: str, *, before: dict[str, Any] | None,
        after: dict[str, Any],
    ) -> None:  # fmt: skip
        session.add(AuditRow(example_id=example_id, at=self._clock(), actor=by, act=act, before=before, after=after))

    def _reading(self, session: Session | None) -> AbstractContextManager[Session]:
        return self._database.reading() if session is None else nullcontext(session)

    def _writing(self, session: Session | None) -> AbstractContextManager[Session]:
        return self._database.session() if session is None else nullcontext(session)


def _was_approved(example: Example) -> bool:
    return example.approved_at is not None and example.status in LIVE_STATUSES


def _row(session: Session, example_id: str) -> ExampleRow:
    row = session.get(ExampleRow, example_id, populate_existing=True)
    if row is None:
        raise NotFound(f"there is no proposal {example_id!r}; GET /training/examples lists them")
    return row
