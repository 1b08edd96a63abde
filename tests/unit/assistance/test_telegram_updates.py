"""The box of Telegram's updates and the book of news, on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from assistance.telegram_people import TelegramPeople, ToldBook, principal_of, user_of
from assistance.telegram_tables import UpdateRow
from assistance.telegram_updates import Backlog, UpdateBox
from core.database import Database


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 28, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


def test_an_update_is_kept_once_and_its_words_go_when_it_is_handled(database: Database) -> None:
    box = UpdateBox(database, executor="a")
    assert [box.keep(7, 1, '{"text": "secret"}'), box.keep(7, 1, "{}")] == [True, False]
    taken = box.take(1)
    assert taken is not None
    assert (taken.update_id, taken.payload, taken.attempts) == (7, '{"text": "secret"}', 1)
    box.settle(7)
    assert (box.take(1), box.keep(7, 1, "{}")) == (None, False)
    with database.reading() as session:
        assert session.scalars(select(UpdateRow.payload)).all() == [None]


def test_the_backlog_says_how_many_wait_since_when_and_what_was_handled_last(database: Database) -> None:
    clock = Clock()
    box = UpdateBox(database, executor="a", now=clock)
    assert box.backlog() == Backlog(0, None, None)
    for update_id in (7, 8, 9):
        box.keep(update_id, 1, "{}")
        clock.passes(minutes=1)
    box.settle(7)
    assert box.backlog() == Backlog(2, clock.now - timedelta(minutes=2), clock.now)


def test_a_chat_keeps_its_order_while_its_first_update_is_at_work_or_put_back(database: Database) -> None:
    clock = Clock()
    box = UpdateBox(database, executor="a", now=clock)
    for update_id, chat_id in ((9, 1), (8, 1), (5, 2)):
        box.keep(update_id, chat_id, "{}")
    assert box.take(1).update_id == 8  # type: ignore[union-attr]
    assert box.take(1) is None
    assert box.take(2).update_id == 5  # type: ignore[union-attr]
    box.put_back(8, after_s=10)
    assert box.take(1) is None
    clock.passes(seconds=11)
    again = box.take(1)
    assert again is not None
    assert (again.update_id, again.attempts) == (8, 2)
    box.settle(8)
    assert box.take(1).update_id == 9  # type: ignore[union-attr]


def test_what_a_dead_process_held_is_free_at_its_next_start_and_for_others_after_a_while(database: Database) -> None:
    clock = Clock()
    mine, other = UpdateBox(database, executor="a", now=clock), UpdateBox(database, executor="b", now=clock)
    mine.keep(1, 1, "{}")
    assert mine.take(1) is not None
    assert (other.take(1), other.chats_waiting()) == (None, [])
    other.free_own()
    assert other.take(1) is None
    mine.free_own()
    assert mine.chats_waiting() == [1]
    assert other.take(1) is not None
    clock.passes(minutes=6)
    assert mine.take(1) is not None


def test_handled_updates_are_dropped_when_telegram_cannot_repeat_them(database: Database) -> None:
    clock = Clock()
    box = UpdateBox(database, executor="a", now=clock)
    box.keep(1, 1, "{}")
    box.keep(2, 2, "{}")
    box.settle(1)
    clock.passes(days=9)
    box.forget_old()
    assert box.keep(1, 1, "{}")
    assert not box.keep(2, 2, "{}")


def test_news_is_told_by_one_process_and_again_only_where_that_one_died(database: Database) -> None:
    clock = Clock()
    mine, other = ToldBook(database, executor="a", now=clock), ToldBook(database, executor="b", now=clock)
    assert [mine.take("audit:1"), other.take("audit:1")] == [True, False]
    clock.passes(minutes=3)
    assert other.take("audit:1")
    other.settle("audit:1")
    clock.passes(minutes=3)
    assert not mine.take("audit:1")
    assert mine.untold(["audit:1", "audit:2"]) == {"audit:2"}


def test_a_person_has_a_conversation_in_each_chat(database: Database) -> None:
    clock = Clock()
    people = TelegramPeople(database, now=clock)
    alone = people.saw(5, 5, username=None, name="Anna")
    people.converse(alone, "conversation")
    clock.passes(seconds=1)
    assert people.saw(-9, 5, username="anna", name="Anna A.").conversation_id is None
    assert people.saw(5, 5, username="anna", name="Anna A.").conversation_id == "conversation"
    clock.passes(seconds=1)
    people.saw(-9, 5, username=None, name="Anna B.")
    assert [(place.chat_id, place.name) for place in people.places_of(5)] == [(-9, "Anna B."), (5, "Anna A.")]

    assert [place["conversation_id"] for place in people.export("telegram:5")] == [None, "conversation"]
    assert (people.erase("telegram:5"), people.count("telegram:5"), people.erase("token:5")) == (2, 0, 0)


def test_a_principal_names_its_user_and_others_name_none() -> None:
    assert user_of(principal_of(5)) == 5
    assert [user_of(name) for name in ("token:5", "telegram:x", "telegram:", "5")] == [None] * 4
