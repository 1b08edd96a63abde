"""The desk: requests for a person are accepted, added to, answered and closed; nothing accepted is lost."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistance import metrics
from assistance.dispatch import Dispatch
from assistance.ledger import Ledger
from assistance.live_topics import LiveTopics
from assistance.notes import add_note, routes_of
from assistance.personal import PersonalData
from assistance.reading import RequestReader, owned_request
from assistance.records import INBOX, HelpRequest, NewRequest, Receipt, Reply, receipt_of
from assistance.states import Happening, NoteKind, Status, next_status
from assistance.tables import DeliveryRow, ReplyRow, RequestRow
from assistance.topics import Route, Topic
from chains.conversation import Conversations
from channels.messages import InboundReply
from channels.reply_tokens import ReplyTokens
from core.crash import crash_point
from core.database import Database
from core.errors import InvalidInput, Unauthenticated

__all__ = ["Desk"]

log = structlog.get_logger(__name__)

_PROVEN_BY_TOKEN = frozenset({"email"})
"""Whoever knows a Message-ID could write to a thread of these channels; only the signed token proves it is staff."""


class Desk:
    """`open_channels` names those that are set up; `tokens` tell which request a reply belongs to."""

    def __init__(
        self, database: Database, conversations: Conversations, topics: LiveTopics, *, ledger: Ledger,
        dispatch: Dispatch, open_channels: Collection[str], tokens: ReplyTokens, executor: str,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.reader = RequestReader(database)
        self._personal = PersonalData(database, forget=dispatch.forget)
        self._database = database
        self._conversations = conversations
        self._topics = topics
        self._ledger = ledger
        self._dispatch = dispatch
        self._open_channels = open_channels
        self._tokens = tokens
        self._executor = executor
        self._now = now

    def accept(self, principal: str, new: NewRequest) -> tuple[Receipt, bool]:
        """Store a request and have it delivered; False when its idempotency key names one that was there.

        Raises `InvalidTopic`, `NotFound` for somebody else's conversation or turn, and `InvalidInput` for a key that
        was used for another request.
        """
        crash_point("request.before_accept")
        receipt = self._repeated(principal, new)
        created = receipt is None
        if receipt is None:
            receipt, created = self._store(principal, new, self._topics.current().find(new.topic))
        crash_point("request.accepted")
        if receipt.turn_id is not None:
            self._conversations.hand_over(principal, receipt.turn_id)
        if created:
            metrics.ACCEPTED.labels(receipt.topic).inc()
            log.info("assistance.accepted", help_request_id=receipt.id, topic=receipt.topic, channels=receipt.channels)
            self._dispatch.go_on(receipt.id)
        return receipt, created

    def add(self, principal: str, request_id: str, text: str) -> HelpRequest:
        """Add the person's own words; staff get them behind what was sent before. Raises `NotFound`, `Conflict`."""
        with self._database.session() as session:
            request = owned_request(session, principal, request_id, lock=True)
            self._move(request, Happening.ADDED)
            request.waiting_since, request.alerted_at = self._now(), None
            self._note(session, request, NoteKind.ADDITION, text=text, author=None)
        return self._going_on(request_id)

    def reply(self, request_id: str, *, author: str, text: str, event_id: str | None = None) -> Reply:
        """Answer from the inbox. A repeated `event_id` gives the reply that is there. Raises `NotFound`."""
        event_id = event_id or secrets.token_hex(16)
        reply, created = self._keep_reply(request_id, INBOX, event_id=event_id, author=author, text=text)
        if created:
            self._dispatch.go_on(request_id)
        return reply

    def take_reply(self, inbound: InboundReply) -> Reply | None:
        """Put an answer from a channel beside its request; None for a replay, or where no request is known for it."""
        request_id = self._request_of(inbound)
        if request_id is None:
            log.warning("assistance.stray_reply", channel=inbound.channel)
            return None
        reply, created = self._keep_reply(
            request_id, inbound.channel, event_id=inbound.event_id, author=inbound.author, text=inbound.text
        )
        return reply if created else None

    def request_in(self, channel: str, thread: str) -> str | None:
        """The request that was delivered at this place of a channel."""
        query = select(DeliveryRow.request_id).where(DeliveryRow.channel == channel, DeliveryRow.reference == thread)
        with self._database.read() as connection:
            return connection.scalar(query.limit(1))

    def close(self, request_id: str, *, owner: str | None, by: str) -> HelpRequest:
        """Close a request, of `owner` where one is given. Closing again changes nothing. Raises `NotFound`."""
        with self._database.session() as session:
            request = owned_request(session, owner, request_id, lock=True)
            if request.status != Status.CLOSED:
                self._move(request, Happening.CLOSED)
                self._note(session, request, NoteKind.CLOSED, text="", author=by)
        return self._going_on(request_id)

    def send_again(self, request_id: str, delivery_id: str) -> HelpRequest:
        """Have a delivery made anew; raises `NotFound`, or `Conflict` for one that is under way or was delivered."""
        self._ledger.send_again(request_id, delivery_id)
        return self._going_on(request_id)

    def export(self, principal: str) -> list[HelpRequest]:
        """Everything that is kept about a person's requests."""
        return self.reader.of_person(principal)

    def erase(self, principal: str) -> int:
        """Delete every request of a person; how many there were."""
        return self._personal.erase(principal)

    def erase_before(self, moment: datetime) -> int:
        """Delete every request in which nothing has happened since before `moment`; how many there were."""
        return self._personal.erase_before(moment)

    def detach(self, principal: str, conversation_id: str) -> None:
        """Take a conversation that is erased off its requests, which go on."""
        self._personal.detach(principal, conversation_id)

    def _repeated(self, principal: str, new: NewRequest) -> Receipt | None:
        if new.idempotency_key is None:
            return None
        query = select(RequestRow).where(
            RequestRow.principal == principal, RequestRow.idempotency_key == new.idempotency_key
        )
        with self._database.reading() as session:
            row = session.scalar(query)
        if row is None:
            return None
        if row.fingerprint != new.fingerprint:
            raise InvalidInput(
                f"the Idempotency-Key {new.idempotency_key!r} was used for another request; send a new key"
            )
        return receipt_of(row)

    def _store(self, principal: str, new: NewRequest, topic: Topic) -> tuple[Receipt, bool]:
        conversation_id, question = self._origin(principal, new)
        row = self._row(principal, new, topic, conversation_id=conversation_id, question=question)
        try:
            with self._database.session() as session:
                session.add(row)
                self._note(session, row, NoteKind.REQUEST, text="", author=None, routes=topic.routes)
        except IntegrityError:
            # Two requests with one key arrived together; the other one won.
            receipt = self._repeated(principal, new)
            if receipt is None:
                raise
            return receipt, False
        return receipt_of(row), True

    def _origin(self, principal: str, new: NewRequest) -> tuple[str | None, str | None]:
        """The conversation and the question that a request is about; both have to be the person's own."""
        if new.turn_id is None:
            if new.conversation_id is not None:
                self._conversations.turns(principal, new.conversation_id)
            return new.conversation_id, None
        turn = self._conversations.turn(principal, new.turn_id)
        if new.conversation_id not in (None, turn.conversation_id):
            raise InvalidInput(f"the turn {new.turn_id!r} is of another conversation; leave conversation_id out")
        return turn.conversation_id, turn.question

    def _row(
        self, principal: str, new: NewRequest, topic: Topic, *, conversation_id: str | None, question: str | None
    ) -> RequestRow:
        now = self._now()
        channels = dict.fromkeys(route.channel for route in topic.routes if route.channel in self._open_channels)
        return RequestRow(
            id=secrets.token_hex(16), principal=principal, fingerprint=new.fingerprint,
            idempotency_key=new.idempotency_key or secrets.token_hex(16), topic=topic.id, description=new.description,
            contact=new.contact, language=new.language, conversation_id=conversation_id, turn_id=new.turn_id,
            question=question, channels=",".join(channels) or INBOX, status=Status.WAITING, executor=self._executor,
            created_at=now, updated_at=now, waiting_since=now, alerted_at=None,
        )  # fmt: skip

    def _keep_reply(
        self, request_id: str, channel: str, *, event_id: str, author: str, text: str
    ) -> tuple[Reply, bool]:
        row = ReplyRow(
            id=secrets.token_hex(16), request_id=request_id, channel=channel, event_id=event_id, author=author,
            text=text, created_at=self._now(),
        )  # fmt: skip
        try:
            with self._database.session() as session:
                request = owned_request(session, None, request_id, lock=True)
                session.add(row)
                session.flush()
                self._move(request, Happening.REPLIED)
                if channel == INBOX:
                    self._note(session, request, NoteKind.REPLY, text=text, author=author)
        except IntegrityError:
            with self._database.reading() as session:
                query = select(ReplyRow).where(ReplyRow.channel == channel, ReplyRow.event_id == event_id)
                known = session.scalar(query)
            if known is None:
                raise
            return Reply.of(known), False
        metrics.REPLIES.labels(channel).inc()
        log.info("assistance.replied", help_request_id=request_id, channel=channel)
        return Reply.of(row), True

    def _request_of(self, inbound: InboundReply) -> str | None:
        if inbound.reply_token is not None:
            try:
                named = self._tokens.read(inbound.reply_token)
            except Unauthenticated:
                return None
            with self._database.reading() as session:
                return named if session.get(RequestRow, named) is not None else None
        if inbound.thread is None or inbound.channel in _PROVEN_BY_TOKEN:
            return None
        return self.request_in(inbound.channel, inbound.thread)

    def _note(
        self, session: Session, request: RequestRow, kind: NoteKind, *, text: str, author: str | None,
        routes: Sequence[Route] | None = None,
    ) -> None:  # fmt: skip
        add_note(
            session, request, kind, text=text, author=author, open_channels=self._open_channels, now=self._now(),
            routes=routes_of(session, request.id) if routes is None else routes,
        )  # fmt: skip

    def _move(self, request: RequestRow, happening: Happening) -> None:
        request.status, request.updated_at = next_status(Status(request.status), happening), self._now()

    def _going_on(self, request_id: str) -> HelpRequest:
        self._dispatch.go_on(request_id)
        return self.reader.one(request_id)
