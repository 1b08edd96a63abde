"""A request reaches a channel though channels fail, or lies among the dead with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistance.states import DeliveryStatus, NoteKind, Status
from channels.errors import Misconfigured, Permanent, Transient
from core.database import Database
from core.errors import Conflict, NotFound
from tests.unit.assistance.desks import ANA, Office, opened_office


def _statuses(office: Office, request_id: str) -> list[DeliveryStatus]:
    return [delivery.status for delivery in office.assistance.desk.reader.one(request_id).deliveries]


def test_the_first_channel_takes_it(office: Office) -> None:
    request = office.ask(description="Please help me.")
    assert request.status is Status.HANDED_OVER
    assert [(item.to, item.text) for item in office.slack.taken] == [
        ("#visa", "New assistance request: Please help me.")
    ]
    assert _statuses(office, request.id) == [DeliveryStatus.DELIVERED, DeliveryStatus.NOT_NEEDED]


def test_what_fails_for_now_is_tried_again_later_and_longer_each_time(office: Office) -> None:
    office.slack.fail_with(*[Transient("the server is busy")] * 3)
    request = office.ask()
    pauses = []
    while request.status is Status.WAITING:
        due = request.deliveries[0].next_attempt_at
        assert due is not None
        pauses.append((due - office.clock.now).total_seconds())
        office.clock.now = due
        request = office.settle(request.id)
    assert pauses == [1.5, 3.0, 6.0]
    assert office.slack.tried == [request.deliveries[0].id] * 4


def test_a_channel_that_says_when_is_not_asked_before(office: Office) -> None:
    office.slack.fail_with(Transient("slow down", retry_after_s=90))
    request = office.ask()
    office.clock.turn(89)
    assert office.settle(request.id).status is Status.WAITING
    office.clock.turn(1)
    assert office.settle(request.id).status is Status.HANDED_OVER


def test_a_channel_that_keeps_failing_is_left_for_the_next(office: Office) -> None:
    office.slack.fail_always(Transient("the server is busy"))
    request = office.ask()
    for _ in range(10):
        office.clock.turn(300)
        request = office.settle(request.id)
    assert request.status is Status.HANDED_OVER
    assert len(office.slack.tried) == 3  # ten minutes are over sooner than five attempts
    assert request.deliveries[0].reason == "given up after 3 attempts: the server is busy"
    assert [item.to for item in office.email.taken] == ["visa@example.org"]


def test_an_hour_without_the_only_channel_loses_nothing(office: Office) -> None:
    office.slack.fail_always(Transient("nobody there"))
    requests = [office.ask("sales") for _ in range(3)]
    for _ in range(60):
        office.clock.turn(60)
        office.assistance.keeper.sweep()
        assert {office.settle(item.id).status for item in requests} == {Status.WAITING}
    office.slack.failures = []
    office.clock.turn(300)
    assert {office.settle(item.id).status for item in requests} == {Status.HANDED_OVER}
    assert sorted(item.request_id for item in office.slack.taken) == sorted(item.id for item in requests)


def test_the_last_channel_is_given_up_in_the_end_with_a_reason(office: Office) -> None:
    office.slack.fail_always(Transient("nobody there"))
    request = office.ask("sales")
    for _ in range(50):
        office.clock.turn(3600)
        request = office.settle(request.id)
    assert request.status is Status.FAILED
    assert (request.deliveries[0].reason or "").endswith("attempts: nobody there")


def test_what_fails_for_good_goes_to_the_next_channel_at_once(office: Office) -> None:
    office.slack.fail_with(Permanent("the channel is archived", reason="is_archived"))
    request = office.ask()
    assert request.status is Status.HANDED_OVER
    assert [item.status for item in request.deliveries] == [DeliveryStatus.DEAD, DeliveryStatus.DELIVERED]
    assert request.deliveries[0].reason == "is_archived: the channel is archived"


def test_a_channel_that_is_set_up_wrongly_is_a_dead_letter_that_says_so(office: Office) -> None:
    office.slack.wrong = Misconfigured("SLACK_TOKEN is no bot token")
    request = office.ask("sales")
    assert request.status is Status.FAILED
    assert request.deliveries[0].reason == "misconfigured: SLACK_TOKEN is no bot token"
    assert office.slack.tried == []
    assert office.assistance.channel_problems() == {"slack": "SLACK_TOKEN is no bot token", "email": None}


def test_a_failure_that_the_channel_did_not_foresee_is_tried_again(office: Office) -> None:
    office.slack.fail_with(RuntimeError("a secret in a message"))
    request = office.ask("sales")
    assert request.deliveries[0].status is DeliveryStatus.RETRYING
    assert "secret" not in (request.deliveries[0].reason or "")


def test_a_dead_letter_can_be_sent_again_under_the_same_id(office: Office) -> None:
    office.slack.fail_with(Permanent("not there", reason="channel_not_found"))
    request = office.ask("sales")
    assert request.status is Status.FAILED
    office.assistance.desk.send_again(request.id, request.deliveries[0].id)
    again = office.settle(request.id)
    assert (again.status, again.deliveries[0].attempts) == (Status.HANDED_OVER, 2)
    assert set(office.slack.tried) == {request.deliveries[0].id}


def test_what_was_delivered_is_not_sent_again(office: Office) -> None:
    request = office.ask()
    with pytest.raises(Conflict, match="delivered"):
        office.assistance.desk.send_again(request.id, request.deliveries[0].id)
    with pytest.raises(NotFound):
        office.assistance.desk.send_again(request.id, "0" * 32)


def test_an_attempt_that_was_made_is_not_made_again(office: Office) -> None:
    request = office.ask()
    delivery = request.deliveries[0]
    for attempt in (0, 1):
        assert office.assistance.ledger.open(delivery.id, attempt) is None


def test_without_a_channel_it_waits_in_the_inbox(sqlite: Database, tmp_path: Path) -> None:
    with opened_office(sqlite, tmp_path, without=("slack", "email")) as office:
        request = office.ask()
    assert (request.status, request.channels, request.inbox_only) == (Status.WAITING, ("inbox",), True)
    assert {item.status for item in request.deliveries} == {DeliveryStatus.NOT_SET_UP}


def test_a_channel_that_is_not_set_up_is_passed_over(sqlite: Database, tmp_path: Path) -> None:
    with opened_office(sqlite, tmp_path, without=("slack",)) as office:
        request = office.ask()
        assert (request.status, request.channels) == (Status.HANDED_OVER, ("email",))
        assert len(office.email.taken) == 1


def test_what_follows_comes_after_the_request_in_its_thread(office: Office) -> None:
    office.slack.fail_with(Transient("busy"))
    request = office.ask(description="First.")
    office.assistance.desk.add(ANA, request.id, "Second.")
    office.assistance.desk.add(ANA, request.id, "Third.")
    assert office.slack.taken == []
    office.clock.turn(10)
    office.settle(request.id)
    assert [item.text for item in office.slack.taken] == [
        "New assistance request: First.", "The person added: Second.", "The person added: Third."
    ]  # fmt: skip
    assert [item.thread for item in office.slack.taken] == [None, "C1:1", "C1:1"]


def test_what_follows_goes_where_the_request_went(office: Office) -> None:
    office.slack.fail_with(Permanent("not there", reason="channel_not_found"))
    request = office.ask()
    office.assistance.desk.add(ANA, request.id, "More.")
    office.settle(request.id)
    assert [item.text for item in office.email.taken][1:] == ["The person added: More."]
    assert office.slack.taken == []


def test_a_request_that_waits_too_long_is_told_once(office: Office) -> None:
    office.slack.fail_always(Transient("busy"))
    request = office.ask("sales")
    office.clock.turn(899)
    assert office.assistance.keeper.look() == []
    office.clock.turn(1)
    assert office.assistance.keeper.look() == [request.id]
    assert office.assistance.keeper.look() == []


def test_closing_tells_those_who_have_the_request(office: Office) -> None:
    request = office.ask()
    office.assistance.desk.close(request.id, owner=ANA, by="the person")
    closed = office.settle(request.id)
    assert closed.status is Status.CLOSED
    assert office.slack.taken[-1].text == "Closed by the person."
    assert closed.deliveries[-1].kind is NoteKind.CLOSED
