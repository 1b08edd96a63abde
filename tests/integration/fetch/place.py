"""A knowledge base with a list of pages, the site they are on, and a clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml

from core.database import Database
from core.settings import Settings
from ingest.fetch.addresses import AddressRules
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.opening import build_client, open_fetcher
from ingest.fetch.problems import PageProblem
from ingest.fetch.report import FetchOutcome, ListedPage
from ingest.parser import Parser
from ingest.report import SyncReport
from tests.web_server import Names, Site, Wires

ADDRESS = "http://visa.example/work"
WORDS = "You can work in this country when you hold a work permit. " * 10


def html(text: str = WORDS, *, title: str = "Work visa", noise: str = "", head: str = "") -> bytes:
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}<script nonce='{noise}'></script></head>"
        f"<body><nav>Home {noise}</nav><main><h1>{title}</h1><p>{text}</p></main><footer>{noise}</footer></body></html>"
    ).encode()


@dataclass
class Place:
    """A knowledge base with a list of pages, the site they are on, and a clock that a test moves."""

    folder: Path
    site: Site
    settings: Settings
    parser: Parser
    database: Database
    now: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    synced: list[Path] = field(default_factory=list)
    fetcher: Fetcher = field(init=False)

    def __post_init__(self) -> None:
        client = build_client(
            self.settings, clock=lambda: self.now, rules=AddressRules(resolve=Names()),
            connector=Wires(self.site.port), sleep=lambda _: None,
        )  # fmt: skip
        self.fetcher = open_fetcher(
            self.settings, self.parser, database=self.database, sync_folder=self._sync, clock=lambda: self.now,
            client=client,
        )  # fmt: skip

    def lists(self, *addresses: str, **more: str) -> None:
        entries = [{"address": address, "jurisdiction": "GB", "every": "7d", **more} for address in addresses]
        (self.folder / "sources.yaml").write_text(yaml.safe_dump(entries))

    def fetch(self, address: str = ADDRESS) -> tuple[FetchOutcome, PageProblem | None]:
        (page,) = self.fetcher.fetch([address]).pages
        return page.outcome, page.problem

    def entry(self) -> ListedPage:
        return self.fetcher.listed()[0]

    def file(self, name: str = "visa.example/work.html") -> Path:
        return self.fetcher.root / name

    def head(self, name: str = "visa.example/work.html") -> dict[str, str]:
        loaded = yaml.safe_load(self.file(f"{name}.meta.yaml").read_text())
        assert isinstance(loaded, dict)
        return loaded

    def _sync(self, root: Path) -> SyncReport:
        self.synced.append(root)
        return SyncReport()


def flagged(problem: PageProblem) -> tuple[FetchOutcome, PageProblem]:
    return FetchOutcome.FLAGGED, problem


ADDED, CHANGED, UNCHANGED = (
    (outcome, None) for outcome in (FetchOutcome.ADDED, FetchOutcome.CHANGED, FetchOutcome.UNCHANGED)
)
