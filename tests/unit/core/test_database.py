"""What the database tells and what it keeps to itself, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from assistance.telegram_tables import UpdateRow
from assistance.telegram_updates import UpdateBox
from core.database import Database


def test_rows_that_fit_are_counted(database: Database) -> None:
    box = UpdateBox(database, executor="a")
    for update_id, chat in ((1, 5), (2, 5), (3, 6)):
        box.keep(update_id, chat, "{}")
    assert database.count(UpdateRow) == 3
    assert database.count(UpdateRow, UpdateRow.chat_id == 5, UpdateRow.update_id > 1) == 1


def test_an_error_does_not_repeat_what_a_person_wrote(database: Database) -> None:
    UpdateBox(database, executor="a").keep(1, 5, "{}")
    row = UpdateRow(update_id=1, chat_id=5, payload="my secret", received_at=datetime.now(UTC), attempts=0)
    with pytest.raises(IntegrityError) as failed, database.session() as session:
        session.add(row)
    assert "my secret" not in str(failed.value)
