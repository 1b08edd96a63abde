"""A PostgreSQL database that is there for one run of a bench."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text

__all__ = ["fresh_database"]


@contextmanager
def fresh_database(server: str | None) -> Iterator[str | None]:
    """The address of a new database on the server that `server` names, which must allow making some; None is SQLite."""
    if server is None:
        yield None
        return
    url, name = make_url(server), f"kills_{secrets.token_hex(4)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
