"""A fetcher from the settings."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpcore

from core.errors import ConfigurationError
from ingest.fetch.addresses import AddressRules, is_public
from ingest.fetch.client import WebClient
from ingest.fetch.exchange import Exchange
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.robots import Robots

if TYPE_CHECKING:
    from core.database import Database
    from core.settings import Settings
    from ingest.parser import Parser
    from ingest.report import SyncReport

__all__ = ["ROOT_NAME", "build_client", "open_fetcher"]

ROOT_NAME = "sources"
"""The folder of fetched pages within the data folder, and so the beginning of their documents' ids."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_fetcher(
    settings: Settings,
    parser: Parser,
    *,
    database: Database,
    sync_folder: Callable[[Path], SyncReport],
    clock: Callable[[], datetime] = _utc_now,
    client: WebClient | None = None,
) -> Fetcher:
    """The fetcher over `sources.yaml` of the knowledge base; raises `ConfigurationError` when two roots share a name.

    `clock` and `client` replace the time and the web for tests.
    """
    if settings.knowledge_base.resolve().name == ROOT_NAME:
        raise ConfigurationError(
            f"KNOWLEDGE_BASE {str(settings.knowledge_base)!r}: the name {ROOT_NAME!r} is kept for fetched pages; "
            "rename the folder"
        )
    return Fetcher(
        client or build_client(settings, clock=clock),
        parser,
        sync_folder=sync_folder,
        database=database,
        listing_folder=settings.knowledge_base,
        root=settings.data_dir.resolve() / ROOT_NAME,
        clock=clock,
    )


def build_client(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = _utc_now,
    rules: AddressRules | None = None,
    connector: httpcore.NetworkBackend | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> WebClient:
    """The client with the limits of the settings; `rules`, `connector` and `sleep` replace them for tests."""
    rules, agent = rules or _rules(settings), settings.fetch_user_agent
    exchange = Exchange(rules, user_agent=agent, timeout_s=settings.fetch_timeout_s, connector=connector)
    robots = Robots(exchange, user_agent=agent, now=clock, sleep=sleep)
    return WebClient(exchange, rules=rules, robots=robots, max_bytes=settings.fetch_max_mb << 20, now=clock)


def _rules(settings: Settings) -> AddressRules:
    allows_all = settings.fetch_allow_private
    return AddressRules(permitted=(lambda _: True) if allows_all else is_public, any_port=allows_all)
