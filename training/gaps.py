"""MAIN FLOW of gaps: questions that were not answered, grouped by meaning, until the assistant answers them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import structlog
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError

from chains.answer import AnswerChain
from core.database import Database
from core.errors import Conflict, NotFound
from core.privacy import mask
from core.types import Answer, Passage, Question
from retrieval.query import Query
from retrieval.retriever import HybridRetriever
from retrieval.tokenise import content_terms
from training.examples import SYSTEM
from training.grouping import placed
from training.question_vectors import stored, vectors_of
from training.states import Act
from training.tables import AuditRow, GapMemberRow, GapRow
from training.unanswered import Cause, Unanswered, forget_mended, unanswered, unanswered_of, week_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


__all__ = ["Gap", "GapStatus", "Gaps"]

log = structlog.get_logger(__name__)

_BATCH = 200
_EXAMPLES = 5
_RECHECKED_GAPS, _RECHECKED_QUESTIONS = 5, 3
"""A sweep asks the chain fifteen questions at most, some two seconds of one core."""
_RECHECK_AFTER = timedelta(minutes=2)
_PUT_OFF = timedelta(minutes=15)


class GapStatus(StrEnum):
    """Where a gap stands; a new question of its kind opens a closed one again, never a dismissed one."""

    OPEN = "open"
    CLOSED = "closed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Gap:
    """A matter that was asked about and not answered well.

    `question` and `examples` are masked, and hidden (None, empty) while too few people have asked. `weeks` counts
    questions by ISO week, the oldest first. `nearest` is the closest passage; only a single gap is read with it.
    """

    id: str
    status: GapStatus
    language: str
    jurisdiction: str | None
    question: str | None
    examples: tuple[str, ...]
    questions: int
    people: int
    causes: dict[Cause, int]
    weeks: dict[str, int]
    first_asked_at: datetime
    last_asked_at: datetime
    example_id: str | None
    closed_by: str | None
    nearest: Passage | None = None


class Gaps:
    """Grouping is incremental and repeatable: in the order of asking, by the vectors that the questions have.

    `is_busy` tells whether somebody waits for an answer.
    """

    def __init__(
        self,
        database: Database,
        retriever: HybridRetriever,
        chain: AnswerChain,
        *,
        today: Callable[[], date],
        least_people: int = 1,
        is_busy: Callable[[], bool] = lambda: False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._retriever = retriever
        self._chain = chain
        self._today = today
        self._least_people = least_people
        self._is_busy = is_busy
        self._clock = clock
        self._swept_at = clock()

    def collect(self) -> int:
        """Put what was asked since into gaps, two hundred questions at most; how many there were."""
        with self._database.session() as session:
            forget_mended(session)
        with self._database.reading() as session:
            fresh = unanswered(session, limit=_BATCH)
        if not fresh or self._keep(fresh):
            return len(fresh)
        # Another process collects too, or a person has just erased a turn: what is left is kept one by one.
        return sum(self._keep([turn]) for turn in fresh)

    def listed(self, *statuses: GapStatus, jurisdiction: str | None = None) -> list[Gap]:
        """The gaps in these statuses, what was asked most first."""
        wanted: list[ColumnElement[bool]] = [GapRow.status.in_(statuses or tuple(GapStatus))]
        if jurisdiction is not None:
            wanted.append(GapRow.jurisdiction == jurisdiction)
        with self._database.reading() as session:
            rows = session.scalars(select(GapRow).where(*wanted).order_by(GapRow.id)).all()
            turns = unanswered_of(session, [row.id for row in rows])
        found = [self._gap(row, turns[row.id]) for row in rows if turns[row.id]]
        return sorted(found, key=lambda gap: (-gap.questions, -gap.last_asked_at.timestamp(), gap.id))

    def get(self, gap_id: str) -> Gap:
        """One gap, with the passage that comes closest to it where its question is shown; raises `NotFound`."""
        row, turns = self._read(gap_id)
        gap = self._gap(row, turns)
        if gap.question is None:
            return gap
        query = Query(_typical(turns).question, as_of=self._today(), jurisdiction=gap.jurisdiction, k=1)
        return replace(gap, nearest=next(iter(self._retriever.search(query)), None))

    def dismiss(self, gap_id: str, by: str) -> Gap:
        """Say that nothing is to be done; a closed gap cannot be dismissed. Dismissing again changes nothing."""
        return self._decide(gap_id, Act.DISMISS, by, GapStatus.OPEN, GapStatus.DISMISSED)

    def restore(self, gap_id: str, by: str) -> Gap:
        """Take a dismissal back; a closed gap opens by itself when it has to. Doing so again changes nothing."""
        return self._decide(gap_id, Act.RESTORE, by, GapStatus.DISMISSED, GapStatus.OPEN)

    def question_of(self, gap_id: str) -> str:
        """The most typical question of a gap, masked, for a proposal; raises `NotFound`, `Conflict` while hidden."""
        gap = self.get(gap_id)
        if gap.question is None:
            raise Conflict(
                f"fewer than {self._least_people} people have asked, so the gap {gap_id!r} shows no question"
            )
        return gap.question

    def proposed(self, gap_id: str, example_id: str) -> None:
        """Remember the proposal that is to close a gap."""
        with self._database.session() as session:
            session.execute(update(GapRow).where(GapRow.id == gap_id).values(example_id=example_id))

    def recheck(self) -> list[str]:
        """Ask the assistant what was asked, the longest unchecked first; the ids of gaps that it closed thereby."""
        due = or_(GapRow.checked_at.is_(None), GapRow.checked_at <= self._clock() - _RECHECK_AFTER)
        chosen = select(GapRow.id).where(GapRow.status == GapStatus.OPEN, due)
        oldest = chosen.order_by(GapRow.checked_at.is_not(None), GapRow.checked_at, GapRow.id).limit(_RECHECKED_GAPS)
        with self._database.read() as connection:
            ids = list(connection.scalars(oldest))
        return [gap_id for gap_id in ids if self._recheck(gap_id)]

    def sweep(self) -> None:
        """Collect, then recheck; put off while somebody waits for an answer, for a quarter of an hour at most.

        Whoever asks comes first: collecting took a fifth of what a server under load could answer.
        """
        if self._is_busy() and self._clock() - self._swept_at < _PUT_OFF:
            return
        self._swept_at = self._clock()
        self.collect()
        self.recheck()

    def _recheck(self, gap_id: str) -> bool:
        with self._database.session() as session:
            session.execute(update(GapRow).where(GapRow.id == gap_id).values(checked_at=self._clock()))
        with self._database.reading() as session:
            turns = unanswered_of(session, [gap_id])[gap_id]
        asked = list(dict.fromkeys(turns[-_RECHECKED_QUESTIONS:]))
        if not asked or not all(self._is_answered(turn) for turn in asked):
            return False
        with self._database.session() as session:
            return self._move(session, gap_id, GapStatus.OPEN, GapStatus.CLOSED, SYSTEM)

    def _is_answered(self, turn: Unanswered) -> bool:
        """Whether it gets an answer, and another one than that which did not help."""
        reply = self._chain.invoke(Question(turn.question, as_of=self._today(), jurisdiction=turn.jurisdiction))
        told = turn.reply.text if isinstance(turn.reply, Answer) else None
        return isinstance(reply, Answer) and reply.text != told

    def _keep(self, turns: Sequence[Unanswered]) -> bool:
        """Put turns into gaps, all of them, or none where one is in a gap by now or erased: False."""
        try:
            self._write(turns)
        except IntegrityError:
            log.info("gaps.collected_elsewhere", questions=len(turns))
            return False
        return True

    def _write(self, turns: Sequence[Unanswered]) -> None:
        embeddings = self._retriever.store.serving.embeddings
        vectors = vectors_of(embeddings, [turn.question for turn in turns])
        now = self._clock()
        with self._database.read() as connection:
            found = placed(turns, vectors, connection, embedding=embeddings.identity)
        wanted = {one.gap_id: one.turn for one in reversed(found)}
        with self._database.session() as session:
            known = set(session.scalars(select(GapRow.id).where(GapRow.id.in_(wanted))))
            # Named after its first question: two processes that meet here make the same one, and one of them ends.
            session.add_all(
                GapRow(
                    id=gap_id, language=turn.language, jurisdiction=turn.jurisdiction,
                    status=GapStatus.OPEN, created_at=now, updated_at=now,
                )
                for gap_id, turn in wanted.items() if gap_id not in known
            )  # fmt: skip
            session.flush()
            session.add_all(
                GapMemberRow(
                    turn_id=one.turn.turn_id, gap_id=one.gap_id, embedding=embeddings.identity,
                    vector=stored(one.vector),
                )
                for one in found
            )  # fmt: skip
            session.flush()
            session.execute(
                update(GapRow)
                .where(GapRow.id.in_(wanted), GapRow.status == GapStatus.CLOSED)
                .values(status=GapStatus.OPEN, closed_by=None, updated_at=now)
            )

    def _decide(self, gap_id: str, act: Act, by: str, before: GapStatus, after: GapStatus) -> Gap:
        """What a person decides about a gap; the line in the log is part of it."""
        with self._database.session() as session:
            if self._move(session, gap_id, before, after, by):
                told = {"before": {"status": before.value}, "after": {"status": after.value}}
                session.add(AuditRow(example_id=gap_id, at=self._clock(), actor=by, act=act, **told))
        gap = self.get(gap_id)
        if gap.status is not after:
            raise Conflict(f"the gap {gap_id!r} is {gap.status.value} by now, so it cannot be done: {act}")
        return gap

    def _move(self, session: Session, gap_id: str, before: GapStatus, after: GapStatus, by: str) -> bool:
        """Whether the gap was in the one status and is now in the other; raises `NotFound`."""
        if session.get(GapRow, gap_id) is None:
            raise NotFound(f"there is no gap {gap_id!r}; GET /training/gaps lists them")
        moved = update(GapRow).where(GapRow.id == gap_id, GapRow.status == before)
        closed_by = None if after is GapStatus.OPEN else by
        values = {"status": after, "closed_by": closed_by, "updated_at": self._clock()}
        return session.scalar(moved.values(**values).returning(GapRow.id)) is not None

    def _read(self, gap_id: str) -> tuple[GapRow, list[Unanswered]]:
        with self._database.reading() as session:
            row = session.get(GapRow, gap_id)
            turns = unanswered_of(session, [gap_id])[gap_id]
        if row is None or not turns:
            raise NotFound(f"there is no gap {gap_id!r}; GET /training/gaps lists them")
        return row, turns

    def _gap(self, row: GapRow, turns: Sequence[Unanswered]) -> Gap:
        people = len({turn.principal for turn in turns})
        shown = people >= self._least_people
        return Gap(
            id=row.id, status=GapStatus(row.status), language=row.language, jurisdiction=row.jurisdiction,
            question=mask(_typical(turns).question) if shown else None,
            examples=tuple(dict.fromkeys(mask(turn.question) for turn in turns[::-1]))[:_EXAMPLES] if shown else (),
            questions=len(turns), people=people, causes=dict(Counter(turn.cause for turn in turns)),
            weeks=dict(sorted(Counter(week_of(turn.asked_at) for turn in turns).items())),
            first_asked_at=turns[0].asked_at, last_asked_at=turns[-1].asked_at,
            example_id=row.example_id, closed_by=row.closed_by,
        )  # fmt: skip


def _typical(turns: Sequence[Unanswered]) -> Unanswered:
    """The question whose words most others have; the oldest where several are alike."""
    terms = [content_terms(turn.question) for turn in turns]
    overlaps = [sum(len(own & other) / max(1, len(own | other)) for other in terms) for own in terms]
    return turns[int(np.argmax(overlaps))]
