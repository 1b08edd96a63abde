"""Whose message goes out next: so many at once in the whole process, and a channel that hangs seldom gets a turn."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import structlog

__all__ = ["Gate", "GateClosed", "Resting", "Turn"]

log = structlog.get_logger(__name__)

_SLOW_S = 1.0
"""A failure that came sooner has held nobody up."""

_REST = 3
"""A channel rests three times as long as it held the others up in vain, which leaves it a quarter of the time, and
twice as long after each further time."""


class Resting(Exception):
    """The channel held the others up a moment ago; nothing is to be sent to it for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the channel rests for {seconds:.0f} s")
        self.seconds = seconds


class GateClosed(Exception):
    """The process stops; what waits is for the next one."""


@dataclass(slots=True)
class Turn:
    """A message on its way; whoever sends it says whether the channel `answered`: took it, or refused it for good."""

    number: int
    answered: bool = False


@dataclass(slots=True)
class _Lane:
    """One channel; `hangs` counts in how many turns without an answer between them it was slow."""

    waiting: deque[Turn] = field(default_factory=deque)
    sending: int = 0
    last: int = -1
    hangs: int = 0
    rests_until: float = 0.0


class Gate:
    """Lets `places` messages out at once. A turn lasts from before the sending until its outcome is written, so that a
    kill leaves no more than `places` messages of which nobody knows whether they were sent.

    Channels take turns, the one that had none for longest first, and in each the messages in their order. A channel
    that failed slowly rests, for `most_rest_s` at most.
    """

    def __init__(
        self, *, places: int, most_rest_s: float, slow_s: float = _SLOW_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._places = places
        self._most_rest_s = most_rest_s
        self._slow_s = slow_s
        self._clock = clock
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)
        self._numbers = count()
        self._closed = False
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, channel: str) -> Iterator[Turn]:
        """Wait for a turn; raises `Resting` instead when the channel rests, and `GateClosed` once that is so."""
        turn = self._enter(channel)
        began = self._clock()
        try:
            yield turn
        finally:
            self._leave(channel, held_s=self._clock() - began, answered=turn.answered)

    def close(self) -> None:
        """Give no turn any more; those that were given end as they would."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _enter(self, channel: str) -> Turn:
        with self._changed:
            lane, turn = self._lanes[channel], Turn(next(self._numbers))
            lane.waiting.append(turn)
            try:
                self._changed.wait_for(lambda: self._closed or self._rest_s(lane) > 0 or self._is_next(lane, turn))
                if self._closed:
                    raise GateClosed("the process stops")
                if (seconds := self._rest_s(lane)) > 0:
                    raise Resting(seconds)
            finally:
                lane.waiting.remove(turn)
            lane.last = next(self._numbers)
            lane.sending += 1
            self._changed.notify_all()
        return turn

    def _leave(self, channel: str, *, held_s: float, answered: bool) -> None:
        with self._changed:
            lane = self._lanes[channel]
            lane.sending -= 1
            if answered or held_s < self._slow_s:
                lane.hangs = 0
            elif self._rest_s(lane) <= 0:  # of several that hung side by side the first one counts
                lane.hangs += 1
                rest_s = min(self._most_rest_s, _REST * held_s * 2 ** min(lane.hangs - 1, 30))
                lane.rests_until = self._clock() + rest_s
                log.warning("channel.rests", channel=channel, held_s=round(held_s, 1), rest_s=round(rest_s, 1))
            self._changed.notify_all()

    def _is_next(self, lane: _Lane, turn: Turn) -> bool:
        if lane.waiting[0] is not turn or not self._may_send(lane):
            return False
        if sum(one.sending for one in self._lanes.values()) >= self._places:
            return False
        others = (one for one in self._lanes.values() if one.waiting and self._may_send(one))
        return lane is min(others, key=lambda one: (one.last, one.waiting[0].number))

    def _may_send(self, lane: _Lane) -> bool:
        """One that hung gets its next messages one by one, until one is answered."""
        return self._rest_s(lane) <= 0 and not (lane.hangs and lane.sending)

    def _rest_s(self, lane: _Lane) -> float:
        return lane.rests_until - self._clock()
