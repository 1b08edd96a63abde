"""What the tests of fetching ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import Database
from core.settings import Settings
from ingest.parser import Parser
from tests.integration.fetch.place import ADDRESS, Place
from tests.integration.fetch.web import Web
from tests.web_server import Site, site


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    with Parser(Settings()) as opened:
        yield opened


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "assistant.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture
def place(tmp_path: Path, parser: Parser, empty: Path) -> Iterator[Place]:
    settings = Settings(data_dir=tmp_path / "data", knowledge_base=tmp_path / "kb")
    for folder in (settings.data_dir, settings.knowledge_base):
        folder.mkdir()
    shutil.copy(empty, settings.data_dir)
    database = Database(settings.sqlalchemy_url)
    with site() as played:
        opened = Place(settings.knowledge_base, played, settings, parser, database)
        opened.lists(ADDRESS)
        yield opened
    database.close()


@pytest.fixture
def played() -> Iterator[Site]:
    with site() as opened:
        yield opened


@pytest.fixture
def web(played: Site) -> Web:
    return Web(played)
