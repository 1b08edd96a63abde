"""An office for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import Database
from tests.unit.assistance.desks import Office, opened_office


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the schema and nothing in it: migrating takes longer than most tests here."""
    path = tmp_path_factory.mktemp("migrated") / "assistant.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.compact()
    database.close()
    return path


@pytest.fixture
def sqlite(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{shutil.copy(migrated, tmp_path)}")
    yield database
    database.close()


@pytest.fixture
def office(sqlite: Database, tmp_path: Path) -> Iterator[Office]:
    with opened_office(sqlite, tmp_path) as opened:
        yield opened
