"""The durable engine: DBOS, started and stopped with the application."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import ParamSpec, TypeVar

from dbos import DBOS, DBOSConfig
from sqlalchemy import make_url

from core.settings import Settings

__all__ = ["DurableEngine", "engine_schema", "workflow"]

P = ParamSpec("P")
R = TypeVar("R")

_LAST_SECONDS = 5
_running: list[str] = []
"""The workflows that run in this process, each as often as it does; the engine is one for the process, too."""
_open: list[str] = []
"""Where the open engine keeps its records; empty while none is open."""

_SEARCH_PATH = re.compile(r"search_path=\s*\"?(\w+)")


class DurableEngine:
    """Runs registered workflows to their end, across crashes. Register between `__init__` and `start`.

    On SQLite the engine keeps a file of its own beside the database; on PostgreSQL it lives in the same database, in
    the schema `dbos`, or in `NAME_dbos` where the address sets `search_path=NAME`: whoever shares the engine's schema
    takes up each other's workflows, which would be wrong for two installations in one database.

    There is one for the process. Raises `RuntimeError` where another is open, which would be shared in silence, and
    closed for both.
    """

    def __init__(self, settings: Settings) -> None:
        if _open:
            raise RuntimeError(f"a durable engine is open at {_open[0]}; stop its application before building another")
        self._config: DBOSConfig = {
            "name": "immigration-assistant",
            "system_database_url": _system_url(settings),
            "dbos_system_schema": engine_schema(settings.sqlalchemy_url),
            "executor_id": settings.executor_id,
            # A changed application must finish what an older one began: the version names the contract, not the code.
            "application_version": version("immigration-assistant").rsplit(".", 1)[0],
            "enable_otlp": False,
            # Nothing here waits for messages between workflows; what looks for them is also what a stop waits for.
            "notification_listener_polling_interval_sec": 0.2,
            "log_level": "WARNING",
        }
        DBOS(config=self._config)

    def start(self) -> None:
        """Open the engine and resume what an earlier process of this executor left unfinished."""
        DBOS.launch()
        _open.append(str(make_url(self._config["system_database_url"] or "").render_as_string(hide_password=True)))

    def stop(self) -> None:
        """Let running workflows end for a few seconds, then close; the rest resumes at the next start."""
        # With a time to wait the engine sleeps a second before it first looks whether anything runs.
        _open.clear()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=_LAST_SECONDS if _running else 0)


def workflow(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register a function as the durable workflow of that name."""

    def register(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def noted(*args: P.args, **kwargs: P.kwargs) -> R:
            _running.append(name)
            try:
                return function(*args, **kwargs)
            finally:
                _running.remove(name)

        return DBOS.workflow(name=name)(noted)

    return register


def _system_url(settings: Settings) -> str:
    url = make_url(settings.sqlalchemy_url)
    if url.drivername.startswith("sqlite"):
        folder = Path(url.database or settings.data_dir / "assistant.db").parent
        return f"sqlite:///{folder / 'durable.db'}"
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def engine_schema(database_url: str) -> str:
    """The PostgreSQL schema in which the engine of this database keeps its records."""
    options = make_url(database_url).query.get("options", "")
    found = _SEARCH_PATH.search(options if isinstance(options, str) else " ".join(options))
    return f"{found[1]}_dbos" if found else "dbos"
