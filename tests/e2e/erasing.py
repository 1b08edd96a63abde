"""Processes with the durable engine whose person is erased, and what is left: `python -m` this module."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr
from sqlalchemy import select

from api.application import Application
from api.bootstrap import build_application
from assistance.records import NewRequest
from core.database import Base
from core.hash_embeddings import HashEmbeddings
from core.settings import Settings
from core.telemetry import configure_logging
from tests.conftest import make_settings
from tests.e2e.erased import SECRET, engine_knows, erase_of_old_and_by_wish, wait_for
from tests.e2e.forking import fork_for_each_job
from tests.e2e.turns import ASKER
from tests.scripted_http import Answer, Asked, json_answer, scripted_http

__all__ = ["Job"]

TAKEN = json_answer({"ok": True, "channel": "C0VISA", "ts": "1700000001.000000"})
BUSY = Answer(503, b"not now")


@dataclass(frozen=True, slots=True)
class Job:
    """How Slack answers whom is erased meanwhile; without an answer nothing is under way. `told` gets what is left."""

    data_dir: str
    told: str
    database_url: str | None = None
    answer: Literal["taken", "busy"] | None = None

    def encode(self) -> str:
        return json.dumps(asdict(self))


def main() -> None:
    fork_for_each_job(_run, late_imports=("channels.slack",))


def _run(line: str) -> None:
    job = Job(**json.loads(line))
    configure_logging(Settings(log_level="INFO"))
    if job.answer is None:
        told = erase_of_old_and_by_wish(Path(job.data_dir), job.database_url)
    else:
        told = _erase_under_way(Path(job.data_dir), job.database_url, TAKEN if job.answer == "taken" else BUSY)
    Path(job.told).write_text(json.dumps(told))


def _erase_under_way(data_dir: Path, database_url: str | None, answer: Answer) -> dict[str, Any]:
    """Slack answers once the person is gone; another message of theirs waits behind the one that is under way."""
    released = threading.Event()

    def held_back(_: Asked) -> Answer:
        released.wait(60)
        return answer

    documents = data_dir.parent / "documents"
    documents.mkdir()
    with scripted_http(usual=held_back) as slack:
        settings = make_settings(
            data_dir, knowledge_base=documents, database_url=database_url, slack_token=SecretStr("xoxb-0"),
            slack_api_url=f"{slack.url}/api/", assistance_retry_first_s=0.1,
        )  # fmt: skip
        application = build_application(settings, embeddings=HashEmbeddings())
        application.start(sync=False)
        ids = [one for _ in range(2) for one in _asked_for(application)]
        wait_for(lambda: len(slack.asked) == 1 and _running(application, ids) == 2)
        known = engine_knows(application, ids)
        application.personal.erase(ASKER)
        gone = _rows(application, ids)
        released.set()
        wait_for(lambda: _running(application, ids) == 0)
        application.assistance.keeper.sweep(everything=True)
        left = engine_knows(application, ids) + _rows(application, ids)
        application.stop()
        return {"ids": ids, "known": known, "gone": gone, "left": left, "sent": len(slack.asked)}


def _asked_for(application: Application) -> list[str]:
    """A request; its id and its delivery's."""
    desk = application.assistance.desk
    receipt, _ = desk.accept(ASKER, NewRequest("visa", f"Please call me. {SECRET}", contact=SECRET))
    return [receipt.id, desk.reader.one(receipt.id).deliveries[0].id]


def _running(application: Application, ids: list[str]) -> int:
    """How many attempts the engine has begun and not ended."""
    return sum("PENDING" in row for row in engine_knows(application, ids) if row.startswith("workflow_status"))


def _rows(application: Application, ids: list[str]) -> list[str]:
    """Every row of the application's own tables that holds one of these ids or the person's words."""
    with application.database.read() as connection:
        rows = [(table.name, row) for table in Base.metadata.sorted_tables for row in connection.execute(select(table))]
    return [f"{name}: {row}" for name, row in rows if any(word in str(row) for word in (*ids, SECRET, ASKER))]


if __name__ == "__main__":
    main()
