"""Turns over both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier, Event

import pytest

from chains.conversation import Conversations
from chains.events import Settled
from chains.runner import TurnRunner
from chains.stored import Ask
from chains.tables import TurnStatus
from core.database import Database
from core.errors import InvalidInput, NotFound, Overloaded
from core.types import Exchange
from tests.unit.chains.scripted import REFUSED, ScriptedChain

TODAY = date(2026, 11, 20)
ANA, BEN = "anonymous:ana", "anonymous:ben"


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database, ScriptedChain(), executor="test")


def _ask(text: str = "Do I need a visa?", **fields: str) -> Ask:
    return Ask(text, as_of=TODAY, **fields)


def _wait(gate: Event) -> None:
    assert gate.wait(60)


def _answer(conversations: Conversations, principal: str, ask: Ask) -> str:
    turn, _ = conversations.accept(principal, ask)
    for _ in conversations.work(turn.id):
        pass
    return turn.id


def test_a_turn_is_kept_with_its_reply(conversations: Conversations) -> None:
    turn = conversations.turn(ANA, _answer(conversations, ANA, _ask(user="Ana")))
    assert (turn.status, turn.reply, turn.user) == (TurnStatus.ABSTAINED, REFUSED, "Ana")


def test_nobody_reads_or_continues_anothers_conversation(conversations: Conversations) -> None:
    turn_id = _answer(conversations, ANA, _ask())
    conversation_id = conversations.turn(ANA, turn_id).conversation_id
    for forbidden in (
        lambda: conversations.turn(BEN, turn_id),
        lambda: conversations.turns(BEN, conversation_id),
        lambda: conversations.accept(BEN, _ask(conversation_id=conversation_id)),
        lambda: conversations.erase(BEN, conversation_id),
    ):
        with pytest.raises(NotFound):
            forbidden()
    assert conversations.history(BEN) == []


def test_a_repeated_key_gives_the_same_turn(conversations: Conversations) -> None:
    first, created = conversations.accept(ANA, _ask(idempotency_key="k"))
    again, created_again = conversations.accept(ANA, _ask(idempotency_key="k"))
    assert (created, created_again, again.id) == (True, False, first.id)


def test_a_key_of_one_person_is_free_for_another(conversations: Conversations) -> None:
    first, _ = conversations.accept(ANA, _ask(idempotency_key="k"))
    other, created = conversations.accept(BEN, _ask(idempotency_key="k"))
    assert created
    assert other.id != first.id


def test_a_key_cannot_be_used_for_another_question(conversations: Conversations) -> None:
    conversations.accept(ANA, _ask(idempotency_key="k"))
    with pytest.raises(InvalidInput, match="another question"):
        conversations.accept(ANA, _ask("Something else?", idempotency_key="k"))


def test_parallel_requests_with_one_key_make_one_turn(conversations: Conversations) -> None:
    together = Barrier(12)

    def accept(_: int) -> tuple[str, bool]:
        together.wait()
        turn, created = conversations.accept(ANA, _ask(idempotency_key="k"))
        return turn.id, created

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(accept, range(12)))
    assert len({turn_id for turn_id, _ in outcomes}) == 1
    assert sum(created for _, created in outcomes) == 1


def test_the_chain_gets_the_earlier_turns_oldest_first(database: Database) -> None:
    chain = ScriptedChain()
    conversations = Conversations(database, chain, executor="test")
    turn_id = _answer(conversations, ANA, _ask("First?"))
    conversation_id = conversations.turn(ANA, turn_id).conversation_id
    _answer(conversations, ANA, _ask("Second?", conversation_id=conversation_id))
    _answer(conversations, ANA, _ask("Third?", conversation_id=conversation_id))
    assert [exchange.question for exchange in chain.asked[-1].history] == ["First?", "Second?"]


def test_the_chain_learns_what_was_offered_in_a_machines_words(database: Database) -> None:
    offering = replace(REFUSED, suggestions=("Puis-je ?",), originals=("May I?",))
    chain = ScriptedChain(refused=offering)
    conversations = Conversations(database, chain, executor="test")
    turn_id = _answer(conversations, ANA, _ask("First?"))
    conversation_id = conversations.turn(ANA, turn_id).conversation_id
    _answer(conversations, ANA, _ask("Puis-je ?", conversation_id=conversation_id))
    assert chain.asked[-1].history == (Exchange("First?", "", offered=(("Puis-je ?", "May I?"),)),)


def test_work_on_a_settled_turn_does_nothing(database: Database) -> None:
    chain = ScriptedChain()
    conversations = Conversations(database, chain, executor="test")
    turn_id = _answer(conversations, ANA, _ask())
    assert list(conversations.work(turn_id)) == []
    assert len(chain.asked) == 1


def test_a_turn_that_fails_is_settled_as_failed(database: Database) -> None:
    def fail() -> None:
        raise RuntimeError("the disk is full")

    conversations = Conversations(database, ScriptedChain(fail), executor="test")
    turn, _ = conversations.accept(ANA, _ask())
    with pytest.raises(RuntimeError):
        list(conversations.work(turn.id))
    kept = conversations.turn(ANA, turn.id)
    assert (kept.status, kept.error) == (TurnStatus.FAILED, None)
    assert conversations.unfinished() == []


def test_of_a_turn_that_is_erased_while_it_is_answered_no_reply_is_given_out(database: Database) -> None:
    def erase() -> None:
        conversations.erase(ANA, turn.conversation_id)

    conversations = Conversations(database, ScriptedChain(erase), executor="test")
    turn, _ = conversations.accept(ANA, _ask())
    assert not [event for event in conversations.answer(turn) if isinstance(event, Settled)]
    assert conversations.history(ANA) == []


def test_erasing_a_conversation_leaves_nothing_of_it(conversations: Conversations) -> None:
    turn = conversations.turn(ANA, _answer(conversations, ANA, _ask()))
    conversations.erase(ANA, turn.conversation_id)
    assert conversations.history(ANA) == []
    assert conversations.conversations(ANA) == []


def test_the_history_can_be_read_in_pages(conversations: Conversations) -> None:
    for number in range(5):
        _answer(conversations, ANA, _ask(f"Question {number}?"))
    page = conversations.history(ANA, limit=2, offset=2)
    assert [turn.question for turn in page] == ["Question 2?", "Question 3?"]


def test_more_questions_than_can_wait_are_refused_and_not_stored(database: Database) -> None:
    gate = Event()
    conversations = Conversations(database, ScriptedChain(lambda: _wait(gate)), executor="test")
    runner = TurnRunner(conversations, workers=1, queue=1)
    streams = [runner.ask(ANA, _ask()), runner.ask(ANA, _ask())]
    with pytest.raises(Overloaded):
        runner.ask(ANA, _ask())
    gate.set()
    runner.close()
    assert len(conversations.history(ANA)) == len(streams)


def test_a_stopped_turn_is_settled_as_stopped(database: Database) -> None:
    gate = Event()
    conversations = Conversations(database, ScriptedChain(lambda: _wait(gate)), executor="test")
    runner = TurnRunner(conversations, workers=1, queue=0)
    stream = runner.ask(ANA, _ask())
    stream.stop()
    gate.set()
    runner.close()
    assert conversations.turn(ANA, stream.turn.id).status is TurnStatus.STOPPED


def test_a_listener_that_comes_late_gets_every_event(database: Database) -> None:
    conversations = Conversations(database, ScriptedChain(), executor="test")
    runner = TurnRunner(conversations, workers=1, queue=0)
    stream = runner.ask(ANA, _ask())
    runner.close()
    heard: list[object] = []
    stream.listen(heard.append)
    assert [type(event).__name__ for event in heard] == ["Status", "Settled", "NoneType"]
