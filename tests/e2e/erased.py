"""What the durable engine keeps of a person: a turn recovered and requests delivered, erased, and what is left."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from dbos import DBOS
from sqlalchemy import MetaData, Row, create_engine, make_url, select, update

from api.application import Application
from api.bootstrap import build_application
from assistance.records import NewRequest
from assistance.states import DeliveryStatus
from assistance.tables import RequestRow
from chains.stored import Ask
from chains.tables import ConversationRow, TurnStatus
from channels.errors import Transient
from core.durable import engine_schema
from core.hash_embeddings import HashEmbeddings
from core.telemetry import within_request
from tests.conftest import make_settings
from tests.e2e.turns import ASKER
from tests.scripted_channel import ScriptedChannel

__all__ = ["SECRET", "engine_knows", "erase_of_old_and_by_wish", "wait_for"]

SECRET = "my-landlord-in-Vienna-is-called-Zwentibold"
CORRELATION = "told-by-the-client-for-Zwentibold"


def erase_of_old_and_by_wish(data_dir: Path, database_url: str | None) -> dict[str, Any]:
    """Once by age and once by the person's wish; the ids by which the engine knew them, and what is left of them."""
    documents = data_dir.parent / "documents"
    documents.mkdir()
    settings = make_settings(data_dir, knowledge_base=documents, database_url=database_url)
    channel = ScriptedChannel()
    application = build_application(settings, embeddings=HashEmbeddings(), channels={channel.name: channel})
    application.start(sync=False)
    aged = _used(application, channel)
    known = engine_knows(application, aged)
    _age(application)
    application.schedule_retention(30)
    wait_for(lambda: not application.conversations.conversations(ASKER))
    wait_for(lambda: not engine_knows(application, aged))
    asked = _used(application, channel)
    known += engine_knows(application, asked)
    application.personal.erase(ASKER)
    left = engine_knows(application, aged + asked)
    alone = _recovered(application)
    application.conversations.erase(ASKER, application.conversations.turn(ASKER, alone).conversation_id)
    left += engine_knows(application, [alone])
    application.stop()
    return {"ids": aged + asked, "known": known, "left": left}


def _used(application: Application, channel: ScriptedChannel) -> list[str]:
    """Turns that the engine finished, requests that it delivered or is yet to, and every id by which it knows them."""
    turn = _recovered(application)
    with within_request(CORRELATION):
        delivered = _asked_for(application, DeliveryStatus.DELIVERED)
    channel.fail_always(Transient("busy", retry_after_s=3600))
    waiting = _asked_for(application, DeliveryStatus.RETRYING)
    channel.failures = []
    return [turn, *delivered, *waiting, CORRELATION]


def _recovered(application: Application) -> str:
    """Accept a turn and let the engine finish it as after a crash; its id."""
    turn, _ = application.conversations.accept(ASKER, Ask(f"How do I extend? {SECRET}", as_of=date(2026, 1, 1)))
    application.recover_turns()
    wait_for(lambda: application.conversations.turn(ASKER, turn.id).status is not TurnStatus.ACCEPTED)
    wait_for(lambda: _has_ended(f"finish-turn-{turn.id}"))
    return turn.id


def _asked_for(application: Application, status: DeliveryStatus) -> list[str]:
    """A request whose delivery has come so far, and the attempt that did it has ended; its id and its delivery's."""
    desk = application.assistance.desk
    receipt, _ = desk.accept(ASKER, NewRequest("visa", f"Please call me. {SECRET}"))
    wait_for(lambda: desk.reader.one(receipt.id).deliveries[0].status is status)
    delivery = desk.reader.one(receipt.id).deliveries[0].id
    wait_for(lambda: _has_ended(f"deliver-{delivery}-0"))
    return [receipt.id, delivery]


def _has_ended(workflow_id: str) -> bool:
    found = DBOS.get_workflow_status(workflow_id)
    return found is not None and found.status == "SUCCESS"


def engine_knows(application: Application, ids: list[str]) -> list[str]:
    """Every row of every table of the engine that holds one of these ids or the person's words."""
    url = make_url(application.settings.sqlalchemy_url)
    on_file = url.drivername.startswith("sqlite")
    engine = create_engine(url.set(database=str(Path(str(url.database)).with_name("durable.db"))) if on_file else url)
    schema = None if on_file else engine_schema(application.settings.sqlalchemy_url)
    tables = MetaData()
    tables.reflect(engine, schema=schema)
    assert len(tables.tables) > 8
    with engine.connect() as connection:
        rows = [(table.name, _read(row)) for table in tables.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    return [f"{name}: {row}" for name, row in rows if any(word in row for word in (*ids, SECRET, ASKER))]


def wait_for(condition: Callable[[], bool]) -> None:
    """Poll for what the engine's threads do; the deadline is only for a failing test."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _read(row: Row[Any]) -> str:
    """A row with what its serialized values hold."""
    return " ".join(f"{value} {_decoded(value)}" for value in row)


def _decoded(value: object) -> str:
    try:
        return base64.b64decode(str(value), validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def _age(application: Application) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    with application.database.session() as session:
        session.execute(update(ConversationRow).values(updated_at=long_ago))
        session.execute(update(RequestRow).values(updated_at=long_ago))
