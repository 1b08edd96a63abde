"""One turn of a conversation: accepted, worked on, settled; nothing accepted is lost and nothing is doubled."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chains.answer import AnswerChain
from chains.events import Event, Settled
from chains.stored import Ask, Conversation, Turn, reply_json, turn_from
from chains.tables import ConversationRow, TurnRow, TurnStatus
from core.crash import crash_point
from core.database import Database
from core.errors import AssistantError, InvalidInput, NotFound
from core.types import Answer, Exchange, Question

__all__ = ["Conversations"]

log = structlog.get_logger(__name__)

_HISTORY_TURNS = 6
_TITLE_CHARS = 120
_MOST_RECOVERIES = 3


class Conversations:
    """Keeps turns in the database and has the chain answer them; `forget_turns` deletes what the engine keeps."""

    def __init__(
        self, database: Database, chain: AnswerChain, *, executor: str,
        forget_turns: Callable[[Sequence[str]], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._database = database
        self._chain = chain
        self._executor = executor
        self._forget_turns = forget_turns

    def accept(self, principal: str, ask: Ask) -> tuple[Turn, bool]:
        """Store a question; True when it is new, False when its idempotency key names a turn that was there.

        Raises `NotFound` for somebody else's conversation and `InvalidInput` for a key used for another question.
        """
        crash_point("turn.before_accept")
        try:
            with self._database.session() as session:
                turn = self._find_repeat(session, principal, ask)
                created = turn is None
                if turn is None:
                    turn = self._insert(session, principal, ask)
        except IntegrityError:
            # Two requests with one key arrived together; the other one won.
            with self._database.session() as session:
                turn, created = self._find_repeat(session, principal, ask), False
                if turn is None:
                    raise
        crash_point("turn.accepted")
        return turn, created

    def work(self, turn_id: str) -> Iterator[Event]:
        """Answer a turn that is still no more than accepted; of any other nothing comes."""
        turn = self._load_any(turn_id)
        if turn.status is TurnStatus.ACCEPTED:
            yield from self.answer(turn)

    def answer(self, turn: Turn, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """Answer a turn that was just accepted; the reply is committed before its event is given out.

        Of one that was erased or settled elsewhere meanwhile no reply is given out: what is stored counts.
        """
        try:
            for event in self._chain.events(self._question_of(turn), cancelled=cancelled):
                if isinstance(event, Settled):
                    crash_point("turn.before_settle")
                    status = turn.settled(event.reply).status
                    if self._close(turn.id, status, None, reply=reply_json(event.reply)):
                        crash_point("turn.settled")
                        yield event
                    return
                yield event
            self._close(turn.id, TurnStatus.STOPPED, None)
        except Exception as error:
            self._close(turn.id, TurnStatus.FAILED, str(error) if isinstance(error, AssistantError) else None)
            raise

    def turn(self, principal: str, turn_id: str) -> Turn:
        """A turn of this principal; raises `NotFound` for anybody else's, as for one that does not exist."""
        with self._database.reading() as session:
            row = session.scalar(select(TurnRow).where(TurnRow.id == turn_id, TurnRow.principal == principal))
            if row is None:
                raise NotFound(f"there is no turn {turn_id!r}")
            return turn_from(row)

    def unfinished(self) -> list[str]:
        """Ids of this executor's turns that were accepted and not settled, oldest first."""
        query = (
            select(TurnRow.id)
            .where(TurnRow.status == TurnStatus.ACCEPTED, TurnRow.executor == self._executor)
            .order_by(TurnRow.asked_at)
        )
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def recover(self, turn_id: str) -> None:
        """Answer a turn that a crash left; one that has killed the process three times more ends as failed."""
        with self._database.session() as session:
            counted = update(TurnRow).where(TurnRow.id == turn_id).values(recoveries=TurnRow.recoveries + 1)
            recoveries = session.scalar(counted.returning(TurnRow.recoveries))
        if recoveries is not None and recoveries > _MOST_RECOVERIES:
            self._close(turn_id, TurnStatus.FAILED, "this question could not be answered; ask it in other words")
            return
        for _ in self.work(turn_id):
            pass

    def conversations(self, principal: str, *, limit: int = 50) -> list[Conversation]:
        """This principal's conversations, the newest first."""
        query = (
            select(ConversationRow)
            .where(ConversationRow.principal == principal)
            .order_by(ConversationRow.updated_at.desc())
            .limit(limit)
        )
        with self._database.reading() as session:
            return [Conversation(row.id, row.title, row.updated_at) for row in session.scalars(query)]

    def turns(self, principal: str, conversation_id: str) -> list[Turn]:
        """The turns of one conversation, oldest first; raises `NotFound` for anybody else's."""
        with self._database.reading() as session:
            self._own(session, principal, conversation_id)
            query = select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.ordinal)
            return [turn_from(row) for row in session.scalars(query)]

    def hand_over(self, principal: str, turn_id: str) -> None:
        """Mark a turn of the principal's own as handed to a person; the first mark stays. Raises `NotFound`."""
        with self._database.session() as session:
            row = session.scalar(select(TurnRow).where(TurnRow.id == turn_id, TurnRow.principal == principal))
            if row is None:
                raise NotFound(f"there is no turn {turn_id!r}")
            row.handed_over_at = row.handed_over_at or datetime.now(UTC)

    def history(self, principal: str, *, limit: int | None = None, offset: int = 0) -> list[Turn]:
        """Every answered turn of this principal over all conversations, oldest first."""
        query = (
            select(TurnRow)
            .where(TurnRow.principal == principal, TurnRow.reply.is_not(None))
            .order_by(TurnRow.asked_at, TurnRow.ordinal)
            .offset(offset)
            .limit(limit)
        )
        with self._database.reading() as session:
            return [turn_from(row) for row in session.scalars(query)]

    def latest_conversation(self, principal: str) -> str | None:
        """The id of the conversation this principal last wrote in."""
        newest = self.conversations(principal, limit=1)
        return newest[0].id if newest else None

    def erase(self, principal: str, conversation_id: str) -> None:
        """Delete a conversation and all its turns; raises `NotFound` for anybody else's."""
        with self._database.session() as session:
            self._own(session, principal, conversation_id)
            turns = session.scalars(
                delete(TurnRow).where(TurnRow.conversation_id == conversation_id).returning(TurnRow.id)
            ).all()
            session.execute(delete(ConversationRow).where(ConversationRow.id == conversation_id))
        self._forget_turns(turns)

    def _find_repeat(self, session: Session, principal: str, ask: Ask) -> Turn | None:
        if ask.idempotency_key is None:
            return None
        row = session.scalar(
            select(TurnRow).where(TurnRow.principal == principal, TurnRow.idempotency_key == ask.idempotency_key)
        )
        if row is None:
            return None
        if row.fingerprint != ask.fingerprint:
            raise InvalidInput(
                f"the Idempotency-Key {ask.idempotency_key!r} was used for another question; send a new key"
            )
        return turn_from(row)

    def _insert(self, session: Session, principal: str, ask: Ask) -> Turn:
        now = datetime.now(UTC)
        if ask.conversation_id is None:
            conversation = ConversationRow(
                id=secrets.token_hex(16), principal=principal, title=ask.question[:_TITLE_CHARS], created_at=now
            )
            session.add(conversation)
        else:
            conversation = self._own(session, principal, ask.conversation_id, lock=True)
        conversation.updated_at = now
        session.flush()
        before = 0
        if ask.conversation_id is not None:
            before = session.scalar(select(func.count()).where(TurnRow.conversation_id == conversation.id)) or 0
        row = TurnRow(
            id=secrets.token_hex(16), conversation_id=conversation.id, ordinal=before, principal=principal,
            idempotency_key=ask.idempotency_key or secrets.token_hex(16), fingerprint=ask.fingerprint,
            question=ask.question, user=ask.user, jurisdiction=ask.jurisdiction, as_of=ask.as_of,
            status=TurnStatus.ACCEPTED, executor=self._executor, asked_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return turn_from(row)

    def _own(self, session: Session, principal: str, conversation_id: str, *, lock: bool = False) -> ConversationRow:
        query = select(ConversationRow).where(
            ConversationRow.id == conversation_id, ConversationRow.principal == principal
        )
        row = session.scalar(query.with_for_update() if lock else query)
        if row is None:
            raise NotFound(f"there is no conversation {conversation_id!r}; leave the id out to begin a new one")
        return row

    def _load_any(self, turn_id: str) -> Turn:
        with self._database.reading() as session:
            row = session.get(TurnRow, turn_id)
            if row is None:
                raise NotFound(f"there is no turn {turn_id!r}")
            return turn_from(row)

    def _question_of(self, turn: Turn) -> Question:
        history = tuple(map(_exchange, self._before(turn))) if turn.ordinal else ()
        return Question(turn.question, as_of=turn.as_of, jurisdiction=turn.jurisdiction, history=history)

    def _before(self, turn: Turn) -> list[Turn]:
        """The latest turns of its conversation that have a reply, the oldest first."""
        query = (
            select(TurnRow)
            .where(
                TurnRow.conversation_id == turn.conversation_id,
                TurnRow.reply.is_not(None),
                TurnRow.asked_at <= turn.asked_at,
                TurnRow.id != turn.id,
            )
            .order_by(TurnRow.ordinal.desc())
            .limit(_HISTORY_TURNS)
        )
        with self._database.reading() as session:
            return [turn_from(row) for row in session.scalars(query)][::-1]

    def _close(self, turn_id: str, status: TurnStatus, error: str | None, *, reply: str | None = None) -> bool:
        """Move an accepted turn on; False for one that was settled before, which keeps what it has."""
        moved = update(TurnRow).where(TurnRow.id == turn_id, TurnRow.status == TurnStatus.ACCEPTED)
        values = {"status": status, "error": error, "reply": reply, "settled_at": datetime.now(UTC)}
        with self._database.session() as session:
            return session.scalar(moved.values(**values).returning(TurnRow.id)) is not None


def _exchange(past: Turn) -> Exchange:
    """A turn as history; the words of a refusal say nothing of the subject, and would only lead the next search."""
    if isinstance(past.reply, Answer):
        return Exchange(past.question, past.reply.text)
    offered = () if past.reply is None else zip(past.reply.suggestions, past.reply.originals, strict=False)
    return Exchange(past.question, "", tuple(offered))
