"""The migrations and the tables agree, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import assistance.telegram_tables  # noqa: F401
import core.identity.tables  # noqa: F401
import retrieval.tables  # noqa: F401
import training.tables  # noqa: F401
import training.version_tables  # noqa: F401
from core.database import Base, Database


def test_the_migrations_make_exactly_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _ours})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    database.migrate()


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and name == "alembic_version")
