"""What was written to the bot is answered and done once, wherever the process is killed on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chains.tables import TurnRow
from core.crash import CRASH_POINTS
from core.database import Database
from tests.e2e.crash_child import Job, Work
from tests.e2e.nursery import KILLED, Nursery
from tests.telegram_bot_server import Person, bot_server
from training.tables import ExampleRow

ANNA = Person(501, "anna", "Anna Asker")
POINTS = [point for point in CRASH_POINTS if point.startswith("telegram.")]
ON_THE_WAY = ["turn.accepted", "turn.settled"]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as running:
        yield running


@pytest.mark.parametrize("point", [*POINTS, *ON_THE_WAY])
def test_a_killed_bot_answers_after_its_start_and_does_nothing_twice(
    nursery: Nursery, tmp_path: Path, point: str
) -> None:
    (tmp_path / "kb").mkdir()
    with bot_server() as server:
        job = Job(Work.BOT, str(tmp_path / "data"), str(tmp_path / "kb"), settled=2, bot_url=server.http.url)
        server.says(ANNA, "How long may I stay in Iceland?")
        server.says(ANNA, "/train What does a permit for Iceland cost? | It costs 100 krónur.")
        assert nursery.run(replace(job, crash_at=point)) == KILLED
        assert nursery.run(job) == 0
        texts = server.texts(ANNA.private)
    assert texts[0] == 'Processing your question: "How long may I stay in Iceland?"'
    assert "waits for an approver" in texts[-1]
    assert 3 <= len(texts) <= 4  # what was sent when it died may come again
    database = Database(job.settings.sqlalchemy_url)
    with database.read() as connection:
        kept = [connection.scalar(select(func.count()).select_from(table)) for table in (TurnRow, ExampleRow)]
    database.close()
    assert kept == [1, 1]
