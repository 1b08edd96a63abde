"""The state machine of an example: every status and every move between two of them, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["LIVE_STATUSES", "MOVES", "REVERSE", "WITHDRAWN_STATUSES", "Act", "ExampleStatus", "Move", "moves_from"]


class ExampleStatus(StrEnum):
    """Where a question with its proposed answer is on its way."""

    PROPOSED = "PROPOSED"
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    DONE = "DONE"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"


class Act(StrEnum):
    """What the audit log says was done; all but the first and the edit of an open proposal move the status.

    The last two are done to a gap.
    """

    PROPOSE = "propose"
    EDIT = "edit"
    APPROVE = "approve"
    UNAPPROVE = "unapprove"
    REJECT = "reject"
    REOPEN = "reopen"
    REVOKE = "revoke"
    BEGIN = "begin"
    FINISH = "finish"
    FAIL = "fail"
    RELEASE = "release"
    RETRY = "retry"
    SUSPEND = "suspend"
    RESUME = "resume"
    DISMISS = "dismiss"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Move:
    """The statuses in which an act may be done, and the one that it leads to."""

    before: frozenset[ExampleStatus]
    after: ExampleStatus


_S = ExampleStatus

MOVES: Mapping[Act, Move] = {
    Act.APPROVE: Move(frozenset({_S.PROPOSED}), _S.PENDING),
    Act.UNAPPROVE: Move(frozenset({_S.PENDING}), _S.PROPOSED),
    Act.REJECT: Move(frozenset({_S.PROPOSED}), _S.REJECTED),
    Act.REOPEN: Move(frozenset({_S.REJECTED}), _S.PROPOSED),
    Act.BEGIN: Move(frozenset({_S.PENDING}), _S.PROCESSING),
    Act.FINISH: Move(frozenset({_S.PROCESSING}), _S.DONE),
    Act.FAIL: Move(frozenset({_S.PROCESSING}), _S.FAILED),
    Act.RELEASE: Move(frozenset({_S.PROCESSING}), _S.PENDING),
    Act.RETRY: Move(frozenset({_S.FAILED}), _S.PENDING),
    Act.REVOKE: Move(frozenset({_S.PENDING, _S.PROCESSING, _S.DONE, _S.FAILED, _S.SUSPENDED}), _S.REVOKED),
    Act.SUSPEND: Move(frozenset({_S.DONE}), _S.SUSPENDED),
    # What it cites has changed, so that it has to be trained in anew over the current versions.
    Act.RESUME: Move(frozenset({_S.SUSPENDED}), _S.PENDING),
}
"""Every move there is; one that is not here is refused."""

REVERSE: Mapping[Act, Act] = {Act.APPROVE: Act.UNAPPROVE, Act.REJECT: Act.REOPEN}
"""Which act takes another back; what was trained already is revoked instead."""

LIVE_STATUSES = frozenset(ExampleStatus) - {_S.REJECTED, _S.REVOKED}
"""Statuses in which the same question and answer cannot be proposed again."""

WITHDRAWN_STATUSES = frozenset({_S.REVOKED, _S.SUSPENDED})
"""Statuses in which an example must not be served, whatever model version holds it."""


def moves_from(status: ExampleStatus) -> list[Act]:
    """What can be done to an example in this status, in the order of the table."""
    return [act for act, move in MOVES.items() if status in move.before]
