"""What is kept about a person: seen, taken along, erased, by whoever they are and by nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistance.records import NewRequest
from chains.conversation import Conversations
from chains.personal import PersonalConversations
from chains.stored import Ask
from core.database import Database
from core.types import Scope
from tests.conftest import make_settings
from tests.integration.bare_server import bare_application, bearer, browser
from tests.unit.chains.scripted import ScriptedChain

SECRET = "my-landlord-in-Vienna-is-called-Zwentibold"


def _ask(conversations: Conversations, principal: str, question: str = "How do I extend?") -> str:
    return conversations.accept(principal, Ask(question, as_of=date(2026, 1, 1)))[0].id


def _opened(database: Database) -> tuple[Conversations, PersonalConversations, list[str]]:
    forgotten: list[str] = []

    def forget(turns: Sequence[str]) -> None:
        forgotten.extend(turns)

    conversations = Conversations(database, ScriptedChain(), executor="test")
    return conversations, PersonalConversations(database, forget_turns=forget), forgotten


def test_erasing_reaches_everything_of_one_person_and_nothing_of_another(database: Database) -> None:
    conversations, personal, forgotten = _opened(database)
    mine = [_ask(conversations, "token:ana") for _ in range(3)]
    theirs = _ask(conversations, "token:ben")
    assert personal.count("token:ana") == 3
    assert personal.erase("token:ana") == 3
    assert sorted(forgotten) == sorted(mine)
    assert (personal.count("token:ana"), personal.export("token:ana")) == (0, [])
    assert conversations.turn("token:ben", theirs)
    assert personal.erase("token:ana") == 0


def test_what_nobody_touched_is_erased_by_age(database: Database) -> None:
    conversations, personal, _ = _opened(database)
    _ask(conversations, "token:ana")
    assert personal.erase_before(datetime.now(UTC) - timedelta(days=1)) == 0
    assert personal.erase_before(datetime.now(UTC) + timedelta(seconds=1)) == 1


def test_many_conversations_are_erased_at_once(database: Database) -> None:
    conversations, personal, forgotten = _opened(database)
    for _ in range(501):
        _ask(conversations, "token:ana")
    assert personal.erase("token:ana") == 501
    assert len(forgotten) == 501


def test_a_person_sees_takes_along_and_erases_what_is_theirs(tmp_path: Path) -> None:
    with bare_application(tmp_path) as application:
        client, ana = browser(application), bearer(application, Scope.CHAT)
        _ask(application.conversations, "token:ana", SECRET)
        _ask(application.conversations, "token:ben")
        application.assistance.desk.accept("token:ana", NewRequest(topic="other", description=SECRET))
        counts = {"examples": 0, "requests": 1, "feedback": 0, "conversations": 1, "telegram": 0}
        assert client.get("/me", headers=ana).json() == {"subject": "token:ana", "counts": counts}
        taken = client.get("/me/export", headers=ana)
        (conversation,) = taken.json()["records"]["conversations"]
        assert conversation["turns"][0]["question"] == SECRET
        assert taken.json()["records"]["requests"][0]["description"] == SECRET
        assert taken.headers["content-disposition"].startswith("attachment")
        assert client.delete("/me", headers=ana).json() == {"erased": counts}
        assert client.get("/me", headers=ana).json()["counts"] == dict.fromkeys(counts, 0)
        assert application.personal.counts("token:ben")["conversations"] == 1
        assert [path.name for path in tmp_path.rglob("*.db*") if SECRET.encode() in path.read_bytes()] == []


def test_an_anonymous_person_is_somebody_new_once_erased(tmp_path: Path) -> None:
    with bare_application(tmp_path) as application:
        client = browser(application)
        first = client.get("/me").json()["subject"]
        assert client.get("/me").json()["subject"] == first
        client.delete("/me")
        assert client.get("/me").json()["subject"] != first


@pytest.mark.parametrize("days", [0, -1, "soon"])
def test_a_retention_that_would_erase_everything_is_refused(tmp_path: Path, days: object) -> None:
    with pytest.raises(ValidationError, match="retention_days"):
        make_settings(tmp_path, retention_days=days)
