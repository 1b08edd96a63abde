"""Gaps over real turns of the real chain, and what people think of replies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from api.application import Application
from chains.stored import Ask
from core.types import Scope
from tests.integration.training import QUESTION, RULES, opened, person, teachable
from training.gaps import Gaps
from training.unanswered import Cause, Unanswered, unanswered

ASKED = (
    "Can I drive a car in Iceland?",
    "May I drive my car in Iceland?",
)
OTHER = "Can I bring my dog to Iceland?"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base with its indexed data folder, made once."""
    place = tmp_path_factory.mktemp("gaps") / "place"
    teachable(place).stop()
    return place


@pytest.fixture
def application(place: Path, tmp_path: Path) -> Iterator[Application]:
    built = opened(Path(shutil.copytree(place, tmp_path / "place")))
    yield built
    built.stop()


@pytest.fixture
def staff(application: Application) -> TestClient:
    return person(application, "staff", Scope.TRAINING_PROPOSE, Scope.TRAINING_APPROVE)


@pytest.fixture
def asker(application: Application) -> TestClient:
    return person(application, "asker", Scope.CHAT)


def _ask(application: Application, question: str, by: str = "token:asker") -> tuple[str, str]:
    """The ids of the turn and of its conversation."""
    turn, _ = application.conversations.accept(by, Ask(question, as_of=date(2026, 11, 28)))
    for _ in application.conversations.work(turn.id):
        pass
    return turn.id, turn.conversation_id


def _gaps(staff: TestClient, status: str = "open") -> Any:
    return staff.get("/training/gaps", params={"status": status}).json()["items"]


def test_questions_of_one_matter_are_one_gap(application: Application, staff: TestClient) -> None:
    for number, question in enumerate((*ASKED, OTHER, QUESTION)):
        _ask(application, question, by=f"person-{number}")
    assert application.gaps.collect() == 3
    assert application.gaps.collect() == 0
    first, second = _gaps(staff)
    assert (first["questions"], first["people"], first["jurisdiction"]) == (2, 2, "IS")
    assert set(first["examples"]) == set(ASKED)
    assert first["causes"] == {"abstained": 2}
    assert sum(first["weeks"].values()) == 2
    assert second["question"] == OTHER
    nearest = staff.get(f"/training/gaps/{first['id']}").json()["nearest"]
    assert nearest["document_id"] == "kb/rules.md"


def test_a_question_is_grouped_by_the_questions_alone_and_not_by_every_reply_that_is_stored(
    application: Application, staff: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in (*ASKED, OTHER):
        _ask(application, question)

    def never(*_: object) -> None:
        pytest.fail("a sweep over many questions would take a core for minutes")

    with monkeypatch.context() as patched:
        patched.setattr("training.gaps.unanswered_of", never)
        assert application.gaps.collect() == 3
    assert sorted(gap["questions"] for gap in _gaps(staff)) == [1, 2]


def test_who_waits_for_an_answer_comes_before_gaps_but_not_for_ever(
    application: Application, staff: TestClient
) -> None:
    now, waiting = [datetime(2026, 11, 30, 9, tzinfo=UTC)], [True]
    gaps = Gaps(
        application.database, application.retriever, application.chain, today=application.today,
        is_busy=lambda: waiting[0], clock=lambda: now[0],
    )  # fmt: skip
    _ask(application, ASKED[0])
    gaps.sweep()
    assert _gaps(staff) == []
    waiting[0] = False
    gaps.sweep()
    assert len(_gaps(staff)) == 1
    _ask(application, OTHER)
    waiting[0], now[0] = True, now[0] + timedelta(minutes=14)
    gaps.sweep()
    assert len(_gaps(staff)) == 1
    now[0] += timedelta(minutes=1)
    gaps.sweep()
    assert len(_gaps(staff)) == 2


def test_questions_asked_alike_at_once_and_before_are_one_gap_whatever_the_sweep_they_meet_in(
    application: Application, staff: TestClient
) -> None:
    _ask(application, ASKED[0], by="one")
    application.gaps.collect()
    for asked in (ASKED[1], OTHER, OTHER.lower(), ASKED[0]):
        _ask(application, asked, by="two")
    assert application.gaps.collect() == 4
    assert sorted(gap["questions"] for gap in _gaps(staff)) == [2, 3]


def test_personal_data_is_masked_and_too_few_people_show_counts_alone(
    application: Application, staff: TestClient
) -> None:
    _ask(application, f"{OTHER} Please write to jon@example.is.")
    application.gaps.collect()
    [gap] = _gaps(staff)
    assert gap["question"] == f"{OTHER} Please write to [email]."
    application.gaps._least_people = 2
    [hidden] = _gaps(staff)
    assert (hidden["question"], hidden["examples"], hidden["questions"]) == (None, [], 1)
    assert staff.post(f"/training/gaps/{gap['id']}/document").status_code == 409
    assert staff.get(f"/training/gaps/{gap['id']}").json()["nearest"] is None


def test_a_gap_closes_itself_when_a_document_answers_it(application: Application, staff: TestClient) -> None:
    _ask(application, ASKED[0])
    application.gaps.sweep()
    assert len(_gaps(staff)) == 1
    answer = "\n## Can I drive a car in Iceland?\nYou can drive a car in Iceland with a foreign licence.\n"
    (application.knowledge.folder / "rules.md").write_text(RULES + answer, encoding="utf-8")
    application.knowledge.sync()
    assert application.gaps.recheck() == []  # it was asked just now, and is left alone for a while
    application.gaps._clock = _later
    assert len(application.gaps.recheck()) == 1
    [closed] = _gaps(staff, "closed")
    assert closed["closed_by"] == "system"


def _later() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def test_an_editor_makes_a_proposal_or_a_document_of_a_gap(application: Application, staff: TestClient) -> None:
    _ask(application, ASKED[0])
    application.gaps.collect()
    path = f"/training/gaps/{_gaps(staff)[0]['id']}"
    proposed = staff.post(f"{path}/proposal", json={"answer": "You can drive a car with a foreign licence."})
    assert (proposed.status_code, proposed.json()["question"]) == (201, ASKED[0])
    assert staff.get(path).json()["example_id"] == proposed.json()["id"]
    stub = staff.post(f"{path}/document").json()
    assert stub["name"] == "can-i-drive-a-car-in-iceland.md"
    assert stub["text"].startswith(f'---\ntitle: "{ASKED[0]}"\njurisdiction: IS\nlanguage: en\n')
    assert [path.name for path in application.knowledge.folder.iterdir()] == ["rules.md"]


def test_a_dismissed_gap_stays_so_when_it_is_asked_again(application: Application, staff: TestClient) -> None:
    _ask(application, ASKED[0])
    application.gaps.collect()
    gap = _gaps(staff)[0]["id"]
    assert [staff.post(f"/training/gaps/{gap}/dismiss").status_code for _ in range(2)] == [200, 200]
    _ask(application, ASKED[1])
    application.gaps.collect()
    assert _gaps(staff) == []
    assert _gaps(staff, "dismissed")[0]["questions"] == 2


def test_a_dismissed_gap_is_brought_back_and_the_log_says_by_whom(application: Application, staff: TestClient) -> None:
    _ask(application, ASKED[0])
    application.gaps.collect()
    gap = _gaps(staff)[0]["id"]
    staff.post(f"/training/gaps/{gap}/dismiss")
    back = [staff.post(f"/training/gaps/{gap}/restore") for _ in range(2)]
    assert [(one.status_code, one.json()["status"], one.json()["closed_by"]) for one in back] == [
        (200, "open", None)
    ] * 2
    log = staff.get("/training/audit", params={"example": gap}).json()["items"]
    assert [(line["act"], line["actor"], line["after"]) for line in log] == [
        ("restore", "token:staff", {"status": "open"}),
        ("dismiss", "token:staff", {"status": "dismissed"}),
    ]


def test_a_gap_that_was_answered_meanwhile_is_neither_dismissed_nor_brought_back(
    application: Application, staff: TestClient
) -> None:
    _ask(application, ASKED[0])
    application.gaps.collect()
    gap = _gaps(staff)[0]["id"]
    rules = application.knowledge.folder / "rules.md"
    rules.write_text(f"{RULES}\n## {ASKED[0]}\nYou can drive a car in Iceland with a foreign licence.\n")
    application.knowledge.sync()
    application.gaps.recheck()
    assert [staff.post(f"/training/gaps/{gap}/{act}").status_code for act in ("dismiss", "restore")] == [409, 409]


def test_feedback_is_kept_once_a_turn_and_shown_with_it(application: Application, asker: TestClient) -> None:
    turn, conversation = _ask(application, QUESTION)
    asker.post("/feedback", json={"turn_id": turn, "helpful": False, "reason": "outdated", "text": "It was 20,000"})
    changed = asker.post("/feedback", json={"turn_id": turn, "helpful": True})
    assert (changed.status_code, changed.json()["reason"]) == (200, None)
    [shown] = asker.get(f"/conversations/{conversation}").json()["turns"]
    assert (shown["feedback"]["helpful"], shown["feedback"]["text"]) == (True, None)


def test_feedback_is_refused_on_another_persons_turn(application: Application, asker: TestClient) -> None:
    turn, _ = _ask(application, QUESTION, by="somebody")
    assert asker.post("/feedback", json={"turn_id": turn, "helpful": False}).status_code == 404
    assert asker.post("/feedback", json={"turn_id": turn, "helpful": False, "reason": "rude"}).status_code == 422


def test_a_thumb_down_makes_a_gap_until_the_person_thinks_better_of_it(
    application: Application, staff: TestClient, asker: TestClient
) -> None:
    turn, _ = _ask(application, QUESTION)
    asker.post("/feedback", json={"turn_id": turn, "helpful": False, "reason": "incomplete"})
    application.gaps.sweep()
    assert _gaps(staff)[0]["causes"] == {"disliked": 1}  # the same answer again closes nothing
    asker.post("/feedback", json={"turn_id": turn, "helpful": True})
    application.gaps.collect()
    assert _gaps(staff) == []


def test_who_changes_their_mind_twice_stands_in_no_ones_way(
    application: Application, asker: TestClient, staff: TestClient
) -> None:
    first, _ = _ask(application, QUESTION)
    second, _ = _ask(application, QUESTION)
    for turn in (first, second):
        asker.post("/feedback", json={"turn_id": turn, "helpful": False})
    assert application.gaps.collect() == 2
    for turn in (first, second):  # the gap is named after the first, whose place in it is given up and taken again
        for helpful in (True, False):
            asker.post("/feedback", json={"turn_id": turn, "helpful": helpful})
            application.gaps.collect()
    _ask(application, OTHER)
    assert application.gaps.collect() == 1
    assert sorted(gap["questions"] for gap in _gaps(staff)) == [1, 2]


def test_a_question_that_is_erased_meanwhile_keeps_no_other_from_its_gap(
    application: Application, staff: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, conversation = _ask(application, ASKED[0])
    _ask(application, OTHER)
    read = unanswered

    def erased_after(session: Session, *, limit: int) -> list[Unanswered]:
        found = read(session, limit=limit)
        session.rollback()
        if any(turn.turn_id == gone for turn in found):
            application.conversations.erase("token:asker", conversation)
        return found

    monkeypatch.setattr("training.gaps.unanswered", erased_after)
    assert application.gaps.collect() == 1
    assert [gap["question"] for gap in _gaps(staff)] == [OTHER]


def test_an_erased_conversation_leaves_neither_feedback_nor_gap(application: Application, staff: TestClient) -> None:
    turn, conversation = _ask(application, ASKED[0])
    application.feedbacks.give("token:asker", turn, helpful=False)
    application.gaps.collect()
    assert (application.feedbacks.count("token:asker"), len(_gaps(staff))) == (1, 1)
    assert application.feedbacks.export("token:asker")[0]["turn_id"] == turn
    application.conversations.erase("token:asker", conversation)
    assert (application.feedbacks.count("token:asker"), _gaps(staff)) == (0, [])


def test_gaps_are_kept_on_postgres_too(postgres_url: str, tmp_path: Path) -> None:
    application = teachable(tmp_path / "place", database_url=postgres_url)
    turns = [_ask(application, question)[0] for question in ASKED]
    application.feedbacks.give("token:asker", turns[0], helpful=False)
    application.gaps.sweep()
    [gap] = application.gaps.listed()
    assert (gap.questions, gap.people, gap.causes) == (2, 1, {Cause.DISLIKED: 1, Cause.ABSTAINED: 1})
    application.stop()
