"""Requests are stored once, answered back, closed, given out and erased."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assistance.records import NewRequest
from assistance.states import Happening, NoteKind, Status, next_status
from assistance.tables import DeliveryRow, NoteRow, ReplyRow, RequestRow
from assistance.topics import InvalidTopic
from channels.errors import Transient
from channels.messages import InboundReply
from core.database import Database
from core.errors import Conflict, InvalidInput, NotFound
from tests.unit.assistance.desks import ANA, TOKENS, Office, opened_office

BEN = "anonymous:ben"


def _said(event: str, *, thread: str | None = None, token: str | None = None, channel: str = "slack") -> InboundReply:
    return InboundReply(event, channel, "Maria", "You can apply until May.", thread, token)


def _count(database: Database) -> list[int]:
    with database.read() as connection:
        tables = (RequestRow, NoteRow, DeliveryRow, ReplyRow)
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_accepts_delivers_and_answers_on_either_database(database: Database, tmp_path: Path) -> None:
    with opened_office(database, tmp_path) as office:
        request = office.ask(idempotency_key="k")
        assert office.assistance.desk.take_reply(_said("e1", thread="C1:1")) is not None
        assert office.assistance.desk.take_reply(_said("e1", thread="C1:1")) is None
        assert office.assistance.desk.reader.one(request.id).status is Status.ANSWERED
        assert office.ask(idempotency_key="k").id == request.id
        assert office.assistance.desk.erase(ANA) == 1
    assert _count(database) == [0, 0, 0, 0]


def test_a_key_that_was_used_for_another_request_is_refused(office: Office) -> None:
    office.ask(idempotency_key="k")
    with pytest.raises(InvalidInput, match="'k'"):
        office.ask(description="Something else.", idempotency_key="k")


def test_a_repeat_is_known_though_its_topic_has_gone(office: Office) -> None:
    first = office.ask(idempotency_key="k")
    office.assistance.topics._topics = office.assistance.topics.current().__class__({})
    with pytest.raises(InvalidTopic):
        office.ask()
    assert office.ask(idempotency_key="k").id == first.id


def test_a_turn_is_marked_when_its_owner_hands_it_over(office: Office) -> None:
    turn = office.turn("Which visa do I need?")
    request = office.ask(turn_id=turn.id)
    assert (request.conversation_id, request.question) == (turn.conversation_id, "Which visa do I need?")
    assert office.conversations.turn(ANA, turn.id).handed_over_at is not None


def test_nobody_hands_over_what_is_not_theirs(office: Office) -> None:
    turn = office.turn()
    for fields in ({"turn_id": turn.id}, {"conversation_id": turn.conversation_id}):
        with pytest.raises(NotFound):
            office.assistance.desk.accept(BEN, NewRequest("visa", "Please help me.", **fields))
    assert office.conversations.turn(ANA, turn.id).handed_over_at is None
    with pytest.raises(InvalidInput, match="another conversation"):
        office.ask(turn_id=turn.id, conversation_id="0" * 32)


def test_an_answer_from_a_thread_finds_its_request(office: Office) -> None:
    first, second = office.ask(), office.ask()
    reply = office.assistance.desk.take_reply(_said("e1", thread="C1:2"))
    assert reply is not None
    assert (reply.request_id, reply.author, reply.channel) == (second.id, "Maria", "slack")
    assert office.assistance.desk.reader.one(first.id).status is Status.HANDED_OVER


def test_an_answer_by_mail_is_believed_by_its_token_alone(office: Office) -> None:
    office.slack.fail_always(Transient("busy"))
    request = office.ask()
    office.clock.turn(700)
    request = office.settle(request.id)
    assert request.status is Status.HANDED_OVER
    desk, sent = office.assistance.desk, office.email.taken[0]
    assert desk.take_reply(_said("m1", thread="C1:1", channel="email")) is None
    assert desk.take_reply(_said("m2", token=TOKENS.issue("0" * 32), channel="email")) is None
    assert desk.take_reply(_said("m3", token="a" * 44, channel="email")) is None
    assert sent.reply_token is not None
    assert desk.take_reply(_said("m4", token=sent.reply_token.upper(), channel="email")) is not None


def test_an_answer_in_the_inbox_is_told_in_the_thread(office: Office) -> None:
    request = office.ask()
    reply = office.assistance.desk.reply(request.id, author="Maria", text="Until May.", event_id="one")
    assert office.assistance.desk.reply(request.id, author="Maria", text="Until May.", event_id="one") == reply
    answered = office.settle(request.id)
    assert (answered.status, answered.replies) == (Status.ANSWERED, (reply,))
    assert [item.text for item in office.slack.taken][1:] == ["Maria answered the person: Until May."]
    assert office.slack.taken[1].thread == "C1:1"


def test_what_is_added_after_an_answer_waits_again_and_nothing_is_added_to_what_is_closed(office: Office) -> None:
    request, desk = office.ask(), office.assistance.desk
    desk.reply(request.id, author="Maria", text="Until May.")
    office.settle(request.id)
    assert desk.add(ANA, request.id, "And my wife?").additions[0].text == "And my wife?"
    assert office.settle(request.id).status is Status.HANDED_OVER
    assert desk.close(request.id, owner=ANA, by="the person").status is Status.CLOSED
    with pytest.raises(Conflict, match="closed"):
        desk.add(ANA, request.id, "One more thing.")


def test_others_neither_add_nor_close(office: Office) -> None:
    request, desk = office.ask(), office.assistance.desk
    with pytest.raises(NotFound):
        desk.add(BEN, request.id, "Mine.")
    with pytest.raises(NotFound):
        desk.close(request.id, owner=BEN, by="the person")
    with pytest.raises(NotFound):
        desk.reader.own(BEN, request.id)


def test_a_late_answer_to_a_closed_request_is_kept(office: Office) -> None:
    request = office.ask()
    office.assistance.desk.close(request.id, owner=ANA, by="the person")
    office.assistance.desk.take_reply(_said("e1", thread="C1:1"))
    found = office.assistance.desk.reader.one(request.id)
    assert (found.status, len(found.replies)) == (Status.CLOSED, 1)


def test_closing_twice_tells_staff_once(office: Office) -> None:
    request = office.ask()
    for _ in range(2):
        office.assistance.desk.close(request.id, owner=None, by="maria")
    kinds = [item.kind for item in office.settle(request.id).deliveries if item.attempts]
    assert kinds == [NoteKind.REQUEST, NoteKind.CLOSED]


def test_an_erased_conversation_leaves_the_request_without_it(office: Office) -> None:
    turn = office.turn()
    request = office.ask(turn_id=turn.id)
    office.conversations.erase(ANA, turn.conversation_id)
    office.assistance.desk.detach(ANA, turn.conversation_id)
    found = office.assistance.desk.reader.one(request.id)
    assert (found.conversation_id, found.turn_id, found.question) == (None, None, None)


def test_erasing_what_is_under_way_ends_it(office: Office, sqlite: Database) -> None:
    office.slack.fail_with(Transient("busy"))
    request = office.ask()
    delivery = request.deliveries[0]
    other, _ = office.assistance.desk.accept(BEN, NewRequest("sales", "Mine."))
    assert [item.id for item in office.assistance.desk.export(ANA)] == [request.id]
    assert office.assistance.desk.erase(ANA) == 1
    assert office.assistance.ledger.open(delivery.id, delivery.attempts) is None
    assert office.assistance.desk.reader.one(other.id).principal == BEN
    assert _count(sqlite)[0] == 1


def test_old_requests_are_erased_by_the_day_of_their_last_change(office: Office) -> None:
    old, kept = office.ask(), office.ask()
    office.clock.turn(86_400)
    office.assistance.desk.reply(kept.id, author="Maria", text="Until May.")
    assert office.assistance.desk.erase_before(office.clock.now - timedelta(hours=1)) == 1
    with pytest.raises(NotFound):
        office.assistance.desk.reader.one(old.id)


def test_every_status_knows_what_everything_leads_to() -> None:
    known = {(status, happening) for status in Status for happening in Happening}
    refused = {pair for pair in known if _refused(*pair)}
    assert refused == {(Status.CLOSED, Happening.ADDED)}


def _refused(status: Status, happening: Happening) -> bool:
    try:
        return next_status(status, happening) not in Status
    except Conflict:
        return True
