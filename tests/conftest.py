"""What every test can ask for."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import sys
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TextIO, cast

import httpx
import pytest
import structlog
import uvicorn
from filelock import FileLock
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from api.app import create_app
from api.application import Application
from api.bootstrap import build_application
from channels.messages import Channel
from core.database import Database
from core.durable import engine_schema
from core.models import build_embeddings
from core.settings import Settings
from evals.bench_cache import KeptEmbeddings
from tests.kept_parser import kept_parsers

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://root@127.0.0.1:5432/test")
ROOT = Path(__file__).parents[1]
KNOWLEDGE_BASE = ROOT / "knowledge_base"
CACHE = ROOT / ".pytest_cache"
MODEL_CACHE = CACHE / "models"


class _CurrentOutput:
    """Standard output as it is at the moment, held while it is written to.

    structlog prints where nothing is configured, and `print` only borrows `sys.stdout` (CPython issue 130163): a
    server's thread that logged while a test swapped and freed it crashed the process.
    """

    def write(self, text: str) -> None:
        with suppress(ValueError):  # a test that ended has closed it
            sys.stdout.write(text)

    def flush(self) -> None:
        with suppress(ValueError):
            sys.stdout.flush()


structlog.configure(logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _CurrentOutput())))

_SHAPING_THE_VECTORS = ("models.py", "onnx_export.py")
_SHAPING_THE_INDEX = (*_SHAPING_THE_VECTORS, "passages.py", "jurisdictions.py", "languages.py", "types.py")
"""What of `core` decides what an index holds; the rest may change without indexing anew, as at an upgrade."""


def skip_or_fail(reason: str) -> None:
    """Skip on a newcomer's machine; fail where everything has to run."""
    if os.environ.get("REQUIRE_ALL_TESTS"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module", autouse=True)
def _parsers() -> Iterator[None]:
    with kept_parsers():
        yield


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """The folder of the exported embedding model, made once and shared by all tests."""
    return MODEL_CACHE


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A schema of its own on the PostgreSQL server and one for its durable engine, both dropped at the end."""
    url = make_url(POSTGRES_URL)
    admin = create_engine(url, connect_args={"connect_timeout": 2})
    schema = f"test_{uuid.uuid4().hex[:12]}"
    try:
        with admin.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError as error:
        admin.dispose()
        skip_or_fail(f"no PostgreSQL at {url.host}:{url.port}, set TEST_POSTGRES_URL: {error.orig}")
    address = url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    yield address
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        connection.execute(text(f"DROP SCHEMA IF EXISTS {engine_schema(address)} CASCADE"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'assistant.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, once on SQLite and once on PostgreSQL."""
    opened = Database(database_url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def indexed(model_cache: Path) -> Path:
    """A data folder with the shipped knowledge base indexed; made once for this state of the code, then copied.

    What a passage was embedded to is kept for the next state: only what says something new is embedded again.
    """
    folder = CACHE / f"indexed-{_state_of_the_code()}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            draft = folder.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            settings = make_settings(draft)
            vectors = _digest(ROOT / "core" / name for name in _SHAPING_THE_VECTORS)
            with closing(KeptEmbeddings(build_embeddings(settings), CACHE / f"passages-{vectors}.sqlite")) as kept:
                application = build_application(settings, durable=False, embeddings=kept)
                report = application.knowledge.sync()
                application.stop()
            assert report.unreadable == []
            draft.rename(folder)
    return folder


@pytest.fixture(scope="module")
def live_server(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole application on a port of this machine, over the shipped knowledge base: its address."""
    with served(make_settings(copied(indexed, tmp_path_factory.mktemp("live"))), durable=True) as address:
        yield address


@pytest.fixture(scope="module")
def knowledgeable(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The application without a server, over the shipped knowledge base."""
    application = build_application(make_settings(copied(indexed, tmp_path_factory.mktemp("app"))), durable=False)
    application.start(sync=False)
    yield application
    application.stop()


def make_settings(data_dir: Path, **changes: object) -> Settings:
    """Settings of a test: nothing of this machine's environment but where the model lies."""
    fields: dict[str, object] = {"data_dir": data_dir, "knowledge_base": KNOWLEDGE_BASE, "model_cache_dir": MODEL_CACHE}
    return Settings.model_validate({**fields, **changes})


def copied(folder: Path, to: Path) -> Path:
    """A copy of a data folder that a test may change."""
    return Path(shutil.copytree(folder, to / "data"))


@contextmanager
def served(
    settings: Settings, *, durable: bool = False, channels: Mapping[str, Channel] | None = None
) -> Iterator[str]:
    """Serve on a free port until the block ends, with every part real but the `channels` that are given.

    Only one durable engine fits into a process.
    """
    with serving(build_application(settings, durable=durable, channels=channels)) as address:
        yield address


@contextmanager
def serving(application: Application) -> Iterator[str]:
    """Serve an application that was built on a free port until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        server = uvicorn.Server(uvicorn.Config(create_app(application), log_config=None, timeout_graceful_shutdown=5))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        application.announce(address)
        try:
            _wait_until_ready(address)
            yield address
        finally:
            server.should_exit = True
            thread.join(30)


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}/health/ready").is_success:
                return
        time.sleep(0.05)
    raise TimeoutError(f"{address} did not become ready")


def _state_of_the_code() -> str:
    sources = [path for package in ("ingest", "retrieval") for path in (ROOT / package).rglob("*.py")]
    sources += [ROOT / "core" / name for name in _SHAPING_THE_INDEX]
    sources += (ROOT / "core" / "migrations").rglob("*.py")
    return _digest([*sources, *KNOWLEDGE_BASE.rglob("*")])


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
