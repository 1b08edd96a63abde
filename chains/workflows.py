"""Durable work on turns: finish what a crash left."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from dbos import DBOS, SetWorkflowID

from chains.conversation import Conversations

__all__ = ["register_turn_recovery"]

log = structlog.get_logger(__name__)

_ATTEMPTS = 3
"""Crashes of the process after which a turn counts as their cause."""


def register_turn_recovery(conversations: Conversations) -> Callable[[], int]:
    """Register the workflow; the function returned starts it for every unfinished turn and tells how many there were.

    Call it once after the engine has started and before questions are taken, when an unfinished turn can only be one
    that a crash left. The workflow's id is the turn's, so that a turn is finished once however often it is swept.
    """

    @DBOS.workflow(name="finish_turn", max_recovery_attempts=_ATTEMPTS)
    def finish_turn(turn_id: str) -> None:
        answer_turn(turn_id)

    @DBOS.step(name="answer_turn")
    def answer_turn(turn_id: str) -> None:
        for _ in conversations.work(turn_id):
            pass

    def sweep() -> int:
        unfinished = conversations.unfinished()
        for turn_id in unfinished:
            workflow_id = f"finish-turn-{turn_id}"
            known = DBOS.get_workflow_status(workflow_id)
            if known is None:
                with SetWorkflowID(workflow_id):
                    DBOS.start_workflow(finish_turn, turn_id)
            elif known.status not in ("PENDING", "ENQUEUED"):
                conversations.give_up(turn_id, "the question could not be answered; ask it again")
        if unfinished:
            log.info("turns.recovered", count=len(unfinished))
        return len(unfinished)

    return sweep
