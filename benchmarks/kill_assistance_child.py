"""Processes that take requests for a person and deliver them until they are killed: `python -m` this module.

Forked with everything imported, each then starts as the server does: the database, the stores, the engine, HTTP.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import uvicorn
from pydantic import SecretStr

from api.app import create_app
from api.application import Application
from api.bootstrap import build_application
from assistance import workflows
from core.settings import Settings
from tests.e2e.forking import fork_for_each_job
from tests.e2e.knowledge import EMBEDDINGS, LineParser

__all__ = ["CONFIG", "DOCUMENTS", "Life"]

CONFIG, DOCUMENTS = "assistance.yaml", "documents"
_LATE_IMPORTS = (
    "aiohttp", "channels.slack", "uvicorn.lifespan.on", "uvicorn.loops.auto", "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)  # fmt: skip
_QUEUE_POLL_S = 0.05
_RETRY_FIRST_S, _RETRY_MOST_S = 0.1, 0.5
_CHANNEL_TIMEOUT_S = 2.0
_FALLBACK_ATTEMPTS = 3
_DRAIN_S = 300.0
_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Life:
    """One process: it serves on `port`, or without one delivers what is due and ends as abruptly. `staff` hear its
    number."""

    number: int
    home: str
    staff: str
    port: int | None = None
    database_url: str | None = None

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @property
    def settings(self) -> Settings:
        """Patience is short, so that attempts that wait are as common as those under way; the rest is as shipped."""
        home, address = Path(self.home), f"{self.staff}/{self.number}"
        return Settings(
            data_dir=home / "data", knowledge_base=home / DOCUMENTS, assistance_config=home / CONFIG, log_level="ERROR",
            database_url=self.database_url, slack_token=SecretStr("xoxb-0"), slack_api_url=f"{address}/api/",
            webhook_url=SecretStr(f"{address}/hook"), webhook_secret=SecretStr("whsec_" + "c2VjcmV0" * 5),
            channel_timeout_s=_CHANNEL_TIMEOUT_S, assistance_channel_per_minute=1_000_000,
            assistance_retry_first_s=_RETRY_FIRST_S, assistance_retry_most_s=_RETRY_MOST_S,
            assistance_fallback_attempts=_FALLBACK_ATTEMPTS,
        )  # fmt: skip


def main() -> None:
    workflows._POLL_S = _QUEUE_POLL_S
    fork_for_each_job(_live, late_imports=_LATE_IMPORTS)


def _live(line: str) -> None:
    life = Life(**json.loads(line))
    application = build_application(life.settings, embeddings=EMBEDDINGS, parser=LineParser())
    app = create_app(application)
    if life.port is not None:
        uvicorn.Server(uvicorn.Config(app, port=life.port, log_level="error")).run()
        return

    async def deliver() -> None:
        async with app.router.lifespan_context(app):
            await _until_nothing_is_due(application)
            os._exit(0)

    asyncio.run(deliver())


async def _until_nothing_is_due(application: Application) -> None:
    deadline = time.monotonic() + _DRAIN_S
    while waiting := application.assistance.ledger.requests_due():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not delivered after {_DRAIN_S:g} s: {waiting}")
        await asyncio.sleep(_POLL_S)


if __name__ == "__main__":
    main()
