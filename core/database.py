"""The database: an engine, short transactions and the schema, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    TypeDecorator,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session

from core.errors import ConfigurationError

__all__ = ["Base", "Database", "UtcDateTime"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT_MS = 10_000


class Base(DeclarativeBase):
    """All tables, whichever package owns them."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; SQLite keeps no zone, so it is stored in UTC and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; use datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """Opens a database by its SQLAlchemy address; a SQLite file's folder is made when it is missing."""

    def __init__(self, url: str) -> None:
        self.url = url
        # The values are what people wrote; errors are logged.
        made = _sqlite_engine if url.startswith("sqlite") else partial(create_engine, pool_pre_ping=True)
        self.engine = made(url, hide_parameters=True)
        self._writer = self.engine.execution_options(sqlite_begin="IMMEDIATE")

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One write transaction: committed at the end, rolled back on an error. Never hold it across a model call."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One read transaction, which no writer blocks."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The same for mapped rows that are only read."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def count(self, table: type[Base], *conditions: ColumnElement[bool]) -> int:
        """How many rows of a table fit."""
        with self.read() as connection:
            return connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0

    def migrate(self) -> None:
        """Bring the schema to the newest revision; raises `ConfigurationError` when the database is newer than we."""
        if self._revision() == max(path.name.split("_")[0] for path in _MIGRATIONS.glob("versions/[0-9]*.py")):
            return  # importing alembic would take longer than everything else here
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.engine.begin() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise ConfigurationError(
                    f"the database {make_url(self.url)!r} has a schema this version does not know ({error}); "
                    "install the version that made it, or a newer one"
                ) from error

    def _revision(self) -> str | None:
        """The schema's revision; None for an empty database."""
        if not inspect(self.engine).has_table("alembic_version"):
            return None
        with self.read() as connection:
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()

    def compact(self, *tables: str) -> None:
        """Give back the space of what was deleted from `tables`, so that its bytes leave the files."""
        if self.engine.dialect.name == "sqlite":
            # Deleted rows were overwritten in the file itself (secure_delete); the log still has their pages.
            with self.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
                connection.exec_driver_sql("BEGIN")
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in tables:
                connection.exec_driver_sql(f"VACUUM FULL {table}")

    def close(self) -> None:
        self.engine.dispose()


def _sqlite_engine(url: str, *, hide_parameters: bool) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=hide_parameters)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's driver would begin transactions by itself and too late: https://docs.sqlalchemy.org/en/21/dialects/sqlite.html
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another wrote between; writers lock up front.
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    # By the driver itself: as a statement of SQLAlchemy's it would cost as much as the one that is wanted.
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"BEGIN {mode}")
