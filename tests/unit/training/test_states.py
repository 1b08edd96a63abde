"""The table of moves says which acts are possible from which status."""

from __future__ import annotations

import pytest

from training.states import LIVE_STATUSES, MOVES, REVERSE, WITHDRAWN_STATUSES, Act, ExampleStatus, moves_from


@pytest.mark.parametrize(
    ("status", "acts"),
    [
        (ExampleStatus.PROPOSED, [Act.APPROVE, Act.REJECT]),
        (ExampleStatus.PENDING, [Act.UNAPPROVE, Act.BEGIN, Act.REVOKE]),
        (ExampleStatus.PROCESSING, [Act.FINISH, Act.FAIL, Act.RELEASE, Act.REVOKE]),
        (ExampleStatus.DONE, [Act.REVOKE, Act.SUSPEND]),
        (ExampleStatus.FAILED, [Act.RETRY, Act.REVOKE]),
        (ExampleStatus.SUSPENDED, [Act.REVOKE, Act.RESUME]),
        (ExampleStatus.REJECTED, [Act.REOPEN]),
        (ExampleStatus.REVOKED, []),
    ],
)
def test_each_status_allows_these_acts_and_no_others(status: ExampleStatus, acts: list[Act]) -> None:
    assert moves_from(status) == acts


def test_a_reverse_leads_back_to_where_its_act_began() -> None:
    for act, back in REVERSE.items():
        assert MOVES[act].before == {MOVES[back].after}
        assert MOVES[back].before == {MOVES[act].after}


def test_what_is_withdrawn_for_good_may_be_proposed_again() -> None:
    assert ExampleStatus.REVOKED not in LIVE_STATUSES
    assert ExampleStatus.SUSPENDED in WITHDRAWN_STATUSES & LIVE_STATUSES
