"""Messages go out one at a time, channels take turns, and one that hangs rests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from assistance.gate import Gate, GateClosed, Resting


@dataclass(slots=True)
class Clock:
    """Stands still until it is turned."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _gate(clock: Clock, places: int = 1) -> Gate:
    return Gate(places=places, most_rest_s=100, slow_s=1, clock=clock)


def _hang(gate: Gate, clock: Clock, seconds: float, channel: str = "slack") -> None:
    with gate.turn(channel):
        clock.now += seconds


@contextmanager
def _queued(gate: Gate, channels: list[str]) -> Iterator[list[str]]:
    """Messages that wait for a turn, in this order; the list says in which order they went out, or how they ended."""
    went: list[str] = []

    def wait(channel: str) -> None:
        try:
            with gate.turn(channel) as turn:
                went.append(channel)
                turn.answered = True
        except (Resting, GateClosed) as error:
            went.append(type(error).__name__)

    threads = []
    for number, channel in enumerate(channels, 1):
        threads.append(threading.Thread(target=wait, args=(channel,)))
        threads[-1].start()
        _until(lambda number=number: _waiting(gate) == number)  # type: ignore[misc]
    yield went
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def _waiting(gate: Gate) -> int:
    return sum(len(lane.waiting) for lane in gate._lanes.values())


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_message_waits_until_the_one_before_is_written_down(clock: Clock) -> None:
    gate = _gate(clock)
    with gate.turn("slack"):
        waiting = _queued(gate, ["slack", "email"])
        went = waiting.__enter__()
        assert went == []
    waiting.__exit__(None, None, None)
    assert sorted(went) == ["email", "slack"]


def test_channels_take_turns_however_many_wait_for_one(clock: Clock) -> None:
    gate = _gate(clock)
    turn = gate.turn("slack")
    turn.__enter__()
    with _queued(gate, ["slack", "slack", "slack", "email", "webhook", "email"]) as went:
        turn.__exit__(None, None, None)
    assert went == ["email", "webhook", "slack", "email", "slack", "slack"]


def test_more_go_out_at_once_where_that_is_wanted(clock: Clock) -> None:
    gate = _gate(clock, places=2)
    with gate.turn("slack"), gate.turn("slack"), _queued(gate, ["email"]) as went:
        assert went == []
        gate.close()
    assert went == ["GateClosed"]


def test_a_channel_that_hung_rests_longer_each_time_up_to_the_most(clock: Clock) -> None:
    gate, rests = _gate(clock), []
    for _ in range(5):
        _hang(gate, clock, 5)
        with pytest.raises(Resting) as resting, gate.turn("slack"):
            pass
        rests.append(resting.value.seconds)
        clock.now += resting.value.seconds
    assert rests == [15, 30, 60, 100, 100]


def test_those_that_wait_for_a_channel_are_told_when_it_hung_and_others_go_out(clock: Clock) -> None:
    gate = _gate(clock)
    turn = gate.turn("slack")
    turn.__enter__()
    with _queued(gate, ["slack", "email", "slack"]) as went:
        clock.now += 5
        turn.__exit__(None, None, None)
    assert sorted(went) == ["Resting", "Resting", "email"]


@pytest.mark.parametrize(("seconds", "answered"), [(0.5, False), (50, True)])
def test_what_fails_at_once_or_is_answered_late_needs_no_rest(clock: Clock, seconds: float, answered: bool) -> None:
    gate = _gate(clock)
    with gate.turn("slack") as turn:
        clock.now += seconds
        turn.answered = answered
    with gate.turn("slack"):
        """No rest."""


def test_an_answer_ends_the_doubling(clock: Clock) -> None:
    gate = _gate(clock)
    _hang(gate, clock, 5)
    clock.now += 15
    with gate.turn("slack") as turn:
        turn.answered = True
    _hang(gate, clock, 5)
    with pytest.raises(Resting) as resting, gate.turn("slack"):
        pass
    assert resting.value.seconds == 15


def test_after_its_rest_one_message_tries_whether_the_channel_answers(clock: Clock) -> None:
    gate = _gate(clock, places=4)
    _hang(gate, clock, 5)
    clock.now += 15
    trial = gate.turn("slack")
    trial.__enter__()
    with _queued(gate, ["slack", "slack"]) as went:
        assert went == []
        clock.now += 5
        trial.__exit__(None, None, None)
    assert went == ["Resting", "Resting"]


def test_when_the_process_stops_nothing_new_goes_out(clock: Clock) -> None:
    gate = _gate(clock)
    with gate.turn("slack"), _queued(gate, ["slack", "email"]) as went:
        gate.close()
        _until(lambda: len(went) == 2)
    assert went == ["GateClosed"] * 2
    with pytest.raises(GateClosed), gate.turn("slack"):
        pass
