"""The states of a request and of its deliveries, and the one table of what leads where."""

from __future__ import annotations

from enum import StrEnum

from core.errors import Conflict

__all__ = ["ACTIVE", "OPEN", "DeliveryStatus", "Happening", "NoteKind", "Status", "next_status"]


class Status(StrEnum):
    """Where a request stands for the person who made it."""

    WAITING = "waiting"
    """Stored; no channel has it yet. Where no channel is set up it waits in the inbox."""
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"
    CLOSED = "closed"
    FAILED = "failed"
    """Every channel gave up. It is still in the inbox, and can be sent again."""


class Happening(StrEnum):
    """What moves a request on."""

    DELIVERED = "delivered"
    GAVE_UP = "gave up"
    SENT_AGAIN = "sent again"
    ADDED = "added to"
    REPLIED = "replied to"
    CLOSED = "closed"


class DeliveryStatus(StrEnum):
    """Where one message to one channel stands."""

    STANDBY = "standby"
    """A fallback that has not been needed so far."""
    QUEUED = "queued"
    RETRYING = "retrying"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up, with a reason; can be sent again."""
    NOT_SET_UP = "not_set_up"
    NOT_NEEDED = "not_needed"


class NoteKind(StrEnum):
    """What is told to staff about a request, in the order of its notes."""

    REQUEST = "request"
    ADDITION = "addition"
    REPLY = "reply"
    CLOSED = "closed"


ACTIVE = (DeliveryStatus.QUEUED, DeliveryStatus.RETRYING)
"""A delivery that is being worked on."""

OPEN = (Status.WAITING, Status.HANDED_OVER, Status.FAILED)
"""A request that nobody has answered yet."""

_W, _H, _A, _C, _F = Status.WAITING, Status.HANDED_OVER, Status.ANSWERED, Status.CLOSED, Status.FAILED
_NEXT: dict[Happening, dict[Status, Status]] = {
    Happening.DELIVERED: {_W: _H, _H: _H, _F: _H, _A: _A, _C: _C},
    Happening.GAVE_UP: {_W: _F, _H: _H, _F: _F, _A: _A, _C: _C},
    Happening.SENT_AGAIN: {_W: _W, _H: _H, _F: _W, _A: _A, _C: _C},
    Happening.ADDED: {_W: _W, _H: _W, _F: _W, _A: _W},
    Happening.REPLIED: {_W: _A, _H: _A, _F: _A, _A: _A, _C: _C},
    Happening.CLOSED: {_W: _C, _H: _C, _F: _C, _A: _C, _C: _C},
}


def next_status(status: Status, happening: Happening) -> Status:
    """Where a request is after `happening`; raises `Conflict` when that cannot happen to it any more."""
    following = _NEXT[happening].get(status)
    if following is None:
        raise Conflict(f"the request is {status.value!r} and cannot be {happening.value} any more; make a new one")
    return following
