"""A process with the durable engine: recovers a turn, erases its person, and tells what the engine knew of it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dbos import DBOS
from sqlalchemy import update

from api.bootstrap import Application, build_application
from chains.conversation import Ask
from chains.tables import ConversationRow, TurnStatus
from core.hash_embeddings import HashEmbeddings
from tests.conftest import make_settings
from tests.e2e.turns import ASKER

SECRET = "my-landlord-in-Vienna-is-called-Zwentibold"


def main(data_dir: Path) -> None:
    """Once by age and once by the person's wish."""
    documents = data_dir.parent / "documents"
    documents.mkdir()
    settings = make_settings(data_dir, knowledge_base=documents)
    application = build_application(settings, embeddings=HashEmbeddings())
    application.start(sync=False)
    aged = _recovered(application)
    _age(application)
    application.schedule_retention(30)
    wait_for(lambda: not application.conversations.conversations(ASKER))
    wait_for(lambda: not workflows())
    asked = _recovered(application)
    application.personal.erase(ASKER)
    left = workflows()
    application.stop()
    sys.stdout.write(json.dumps({"known": aged + asked, "left": left}) + "\n")


def _recovered(application: Application) -> list[str]:
    """Accept a turn, let the engine finish it as after a crash, and give the engine's records of it."""
    turn, _ = application.conversations.accept(ASKER, Ask(f"How do I extend? {SECRET}", as_of=date(2026, 1, 1)))
    application.recover_turns()
    wait_for(lambda: application.conversations.turn(ASKER, turn.id).status is not TurnStatus.ACCEPTED)
    wait_for(lambda: workflows() == [f"finish-turn-{turn.id}"])
    return workflows()


def workflows() -> list[str]:
    return [found.workflow_id for found in DBOS.list_workflows(workflow_id_prefix="finish-turn-", status="SUCCESS")]


def wait_for(condition: Callable[[], bool]) -> None:
    """Poll for what the engine's threads do; the deadline is only for a failing test."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _age(application: Application) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    with application.database.session() as session:
        session.execute(update(ConversationRow).values(updated_at=long_ago))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
