"""Durable work on turns: finish what a crash left, forget what is erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from dbos import DBOS, SetWorkflowID

from chains.conversation import Conversations
from core.durable import workflow

__all__ = ["forget_turns", "register_turn_recovery"]

log = structlog.get_logger(__name__)


def register_turn_recovery(conversations: Conversations) -> Callable[[], int]:
    """Register the workflow; the function returned starts it for every unfinished turn and tells how many there were.

    Call it once after the engine has started and before questions are taken, when an unfinished turn can only be one
    that a crash left. The workflow's id is the turn's, so that a turn is finished once however often it is swept.
    """

    @workflow("finish_turn")
    def finish_turn(turn_id: str) -> None:
        recover_turn(turn_id)

    @DBOS.step(name="recover_turn")
    def recover_turn(turn_id: str) -> None:
        conversations.recover(turn_id)

    def sweep() -> int:
        unfinished = conversations.unfinished()
        for turn_id in unfinished:
            # One that is known was started by an earlier sweep: the engine itself goes on with it.
            with SetWorkflowID(_workflow_id(turn_id)):
                DBOS.start_workflow(finish_turn, turn_id)
        if unfinished:
            log.info("turns.recovered", count=len(unfinished))
        return len(unfinished)

    return sweep


def forget_turns(turn_ids: Sequence[str]) -> None:
    """Delete what the engine keeps of these turns; call it only while the engine runs."""
    DBOS.delete_workflows([_workflow_id(turn_id) for turn_id in turn_ids])


def _workflow_id(turn_id: str) -> str:
    return f"finish-turn-{turn_id}"
