"""Training runs, one at a time on the whole cluster: from approved examples to a current version, or a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core.crash import crash_point
from core.errors import Conflict, NotFound
from core.types import GENERAL_JURISDICTION, DocumentMeta
from ingest.pairs import Pair, PairIngestor
from training.gate import Gate, Judged, Tried
from training.manifest import Member, checksum_of, write_manifest
from training.version_tables import ModelVersionRow, RunStatus, TrainingRunRow
from training.versions import Versions, current_in, make_current

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.database import Database
    from training.examples import Examples
    from training.records import Example

__all__ = ["NOTHING_PENDING", "RUN_UNDERWAY", "STARTED", "NothingPending", "RunUnderway", "TrainingRun", "TrainingRuns"]

log = structlog.get_logger(__name__)

NOTHING_PENDING = "There is no train data to start"
RUN_UNDERWAY = "There is a pending train data"
STARTED = "Your train session has been started with the id: {id}"
"""What people were told by the assistant that this one replaces, and what they go on being told."""

RUN_LIMIT = timedelta(minutes=30)
_LANE = 1
_OPEN = (RunStatus.PENDING, RunStatus.PROCESSING)


class NothingPending(Conflict):
    type = "nothing-to-train"
    title = NOTHING_PENDING


class RunUnderway(Conflict):
    """`run_id` names the run that is at work."""

    type = "training-underway"
    title = RUN_UNDERWAY

    def __init__(self, run_id: int, message: str) -> None:
        super().__init__(message)
        self.run_id = run_id


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A run as it is listed; `version_id` is the version it made, `reason` why there is none."""

    id: int
    status: RunStatus
    created_by: str
    created_at: datetime
    ended_at: datetime | None
    version_id: str | None
    reason: str | None
    report: dict[str, Any] | None


class TrainingRuns:
    """Every step may be repeated after a crash; only ids travel between them."""

    def __init__(
        self,
        database: Database,
        examples: Examples,
        pairs: PairIngestor,
        versions: Versions,
        gate: Gate,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._examples = examples
        self._pairs = pairs
        self._versions = versions
        self.gate = gate
        self._clock = clock

    def start(self, by: str) -> TrainingRun:
        """Accept a run, which whoever calls then has to have worked on.

        Raises `RunUnderway` while another one is at work anywhere, and `NothingPending` when nothing was approved.
        """
        try:
            with self._database.session() as session:
                row = TrainingRunRow(lane=_LANE, status=RunStatus.PENDING, created_by=by, created_at=self._clock())
                session.add(row)
                session.flush()
                if not self._examples.pending(session=session):
                    raise NothingPending(f"{NOTHING_PENDING}: approve a proposal first")
                started = _run(row)
        except IntegrityError as error:
            raise self._underway() from error
        crash_point("train.accepted")
        return started

    def get(self, run_id: int) -> TrainingRun:
        """One run; raises `NotFound`."""
        with self._database.reading() as session:
            return _run(_row(session, run_id))

    def listed(self, *, limit: int = 100) -> list[TrainingRun]:
        """The newest runs, the newest first."""
        with self._database.reading() as session:
            rows = session.scalars(select(TrainingRunRow).order_by(TrainingRunRow.id.desc()).limit(limit))
            return [_run(row) for row in rows]

    def unfinished(self) -> list[int]:
        """The run that is at work or waits for it, if there is one."""
        with self._database.read() as connection:
            return list(connection.scalars(select(TrainingRunRow.id).where(TrainingRunRow.lane == _LANE)))

    def take(self, run_id: int) -> list[str]:
        """The examples of the run, which from now on are its own; none once it has ended."""
        if not self._go_on(run_id, to=RunStatus.PROCESSING):
            return []
        taken = [example.id for example in self._examples.begin(str(run_id))]
        crash_point("train.taken")
        return taken

    def ingest(self, run_id: int, example_ids: Sequence[str]) -> dict[str, str]:
        """Put the examples' pairs into the store; the document version of each."""
        put = self._pairs.put([_pair(self._examples.get(example_id)) for example_id in example_ids])
        crash_point("train.ingested")
        return put

    def build(self, run_id: int, documents: dict[str, str]) -> str:
        """Write down the candidate; the id of its version. Beginning anew replaces what an earlier attempt wrote."""
        with self._database.session() as session:
            run, parent = _row(session, run_id), current_in(session)
            manifest = self._versions.manifest(parent).joined([one.member for one in self._tried(documents)])
            text = write_manifest(manifest)
            version_id = f"v{run_id}"
            session.merge(
                ModelVersionRow(
                    id=version_id, ordinal=run_id, parent=parent, status=RunStatus.PROCESSING, manifest=text,
                    checksum=checksum_of(text), created_by=run.created_by, created_at=run.created_at,
                )
            )  # fmt: skip
            run.version_id = version_id
        crash_point("train.built")
        return version_id

    def judge(self, run_id: int, documents: dict[str, str]) -> Judged:
        """The gate's word on the candidate."""
        with self._database.reading() as session:
            version = session.get(ModelVersionRow, f"v{run_id}")
        assert version is not None, "a candidate is built before it is judged"
        judged = self.gate.judge(version.parent, self._tried(documents))
        crash_point("train.judged")
        return judged

    def settle(self, run_id: int, documents: dict[str, str], judged: Judged) -> bool:
        """Promote what was accepted, or fail; pointer, version, run and examples move in one transaction.

        False when another version has become current since the candidate was built: build and judge it anew.
        """
        reason = None if judged.accepted else _none_accepted(judged)
        with self._database.session() as session:
            run, version = _row(session, run_id), session.get(ModelVersionRow, f"v{run_id}")
            if run.lane is None:
                return True
            assert version is not None, "a candidate is built before it is settled"
            if current_in(session) != version.parent:
                return False
            now = self._clock()
            if reason is None:
                text = write_manifest(self._promoted(version.parent, documents, judged))
                version.manifest, version.checksum, version.promoted_at = text, checksum_of(text), now
                make_current(session, version.id, by=run.created_by, at=now)
            status = RunStatus.DONE if reason is None else RunStatus.FAILED
            report = {**judged.report, "set_aside": judged.refused}
            version.status, version.reason, version.report = status, reason, report
            self._examples.settle(str(run_id), done=judged.accepted, failed=judged.refused, session=session)
            _end(run, status, reason, report, now)
            crash_point("train.promoting")
        crash_point("train.promoted")
        log.info("training.settled", run=run_id, status=status.value, accepted=len(judged.accepted))
        self._versions.look_again()
        return True

    def fail(self, run_id: int, reason: str) -> None:
        """End a run that cannot go on; its examples wait for the next one. Nothing happens to one that has ended."""
        with self._database.session() as session:
            run = _row(session, run_id)
            if run.lane is None:
                return
            now = self._clock()
            self._examples.release(str(run_id), session=session)
            failed = {"status": RunStatus.FAILED, "reason": reason}
            session.execute(update(ModelVersionRow).where(ModelVersionRow.id == f"v{run_id}").values(**failed))
            _end(run, RunStatus.FAILED, reason, None, now)
        log.error("training.failed", run=run_id, reason=reason)

    def work(self, run_id: int) -> None:
        """All steps of a run, one after the other, where no engine carries them out."""
        documents = self.ingest(run_id, self.take(run_id))
        self.build(run_id, documents)
        while not self.settle(run_id, documents, self.judge(run_id, documents)):
            self.build(run_id, documents)

    def give_up_overdue(self) -> None:
        """End runs that have not ended within their 30 minutes, wherever they were started."""
        for run_id in self.unfinished():
            if self._clock() - self.get(run_id).created_at > RUN_LIMIT:
                self.fail(run_id, f"it did not end within {RUN_LIMIT.seconds // 60} minutes; start another run")

    def _go_on(self, run_id: int, *, to: RunStatus) -> bool:
        with self._database.session() as session:
            run = _row(session, run_id)
            if run.lane is not None:
                run.status = to
            return run.lane is not None

    def _tried(self, documents: dict[str, str]) -> list[Tried]:
        found = [self._examples.get(example_id) for example_id in documents]
        return [Tried(one, Member(one.id, one.question, documents[one.id])) for one in found]

    def _promoted(self, parent: str, documents: dict[str, str], judged: Judged) -> Any:
        members = [one.member for one in self._tried({name: documents[name] for name in judged.accepted})]
        return self._versions.manifest(parent).joined(members)

    def _underway(self) -> Conflict:
        for run_id in self.unfinished():
            run = self.get(run_id)
            when = f"{run.created_at:%d %B %Y %H:%M} UTC"
            return RunUnderway(run_id, f"{RUN_UNDERWAY}: run {run_id}, started by {run.created_by!r} on {when}")
        return Conflict("a training run has just ended; start again")


def _run(row: TrainingRunRow) -> TrainingRun:
    return TrainingRun(
        row.id, RunStatus(row.status), row.created_by, row.created_at, row.ended_at, row.version_id, row.reason,
        row.report,
    )  # fmt: skip


def _row(session: Session, run_id: int) -> TrainingRunRow:
    row = session.get(TrainingRunRow, run_id)
    if row is None:
        raise NotFound(f"there is no training run {run_id}; GET /training/runs lists them")
    return row


def _end(
    run: TrainingRunRow, status: RunStatus, reason: str | None, report: dict[str, Any] | None, now: datetime
) -> None:
    run.lane, run.status, run.reason, run.report, run.ended_at = None, status, reason, report, now


def _none_accepted(judged: Judged) -> str:
    first = next(iter(judged.refused.values()), "its examples were withdrawn")
    return f"none of its {len(judged.refused)} examples passed the gate; the first: {first}"


def _pair(example: Example) -> Pair:
    meta = DocumentMeta(
        title=example.question[:200],
        jurisdiction=example.jurisdiction or GENERAL_JURISDICTION,
        language=example.language or "en",
        source_url=example.source if (example.source or "").startswith(("https://", "http://")) else None,
        effective_from=example.effective_from,
        effective_to=example.effective_to,
        reviewed_on=example.approved_at.date() if example.approved_at else None,
    )
    return Pair(example.id, example.question, example.answer, meta, tuple(example.cites))
