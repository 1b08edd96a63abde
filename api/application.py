"""All parts of the running service, wired together; `api.bootstrap` builds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from core.metrics import DOCUMENTS, PASSAGES

if TYPE_CHECKING:
    from datetime import date

    from api.editing import Editing
    from api.knowledge import KnowledgeSync
    from api.limits import RateLimits
    from api.personal import PersonalRecords
    from api.telegram.service import TelegramService
    from assistance.opening import Assistance
    from chains.answer import AnswerChain
    from chains.conversation import Conversations
    from chains.feedback import Feedbacks
    from chains.runner import TurnRunner
    from channels.slack_names import SlackNames
    from core.database import Database
    from core.durable import DurableEngine
    from core.identity import BearerTokens, Identities, Sessions, SignIn
    from core.repeating import Repeating
    from core.settings import Settings
    from core.tracing import Tracing
    from ingest.fetch.fetcher import Fetcher
    from ingest.pipeline import Ingestor
    from retrieval.catalogue import CatalogueReader
    from retrieval.lock import StoreLock
    from retrieval.opening import Upkeep
    from retrieval.retriever import HybridRetriever
    from retrieval.store import ChunkStore
    from training.examples import Examples
    from training.gaps import Gaps
    from training.proposals import Proposals
    from training.runs import TrainingRuns
    from training.suspension import Suspension
    from training.versions import Versions
    from training.workflows import Training

__all__ = ["Application"]

log = structlog.get_logger(__name__)

_SYNC_GRACE_S = 10.0
_BOT_WELL = ("ok", "starting")


@dataclass(slots=True)
class Application:
    """All parts, wired. `start` and `stop` are called once each."""

    settings: Settings
    today: Callable[[], date]
    database: Database
    identities: Identities
    tokens: BearerTokens
    sessions: Sessions
    sign_in: SignIn | None
    personal: PersonalRecords
    lock: StoreLock | None
    store: ChunkStore
    upkeep: Upkeep
    retriever: HybridRetriever
    catalogue: CatalogueReader
    ingestor: Ingestor
    knowledge: KnowledgeSync
    editing: Editing
    fetcher: Fetcher
    chain: AnswerChain
    conversations: Conversations
    feedbacks: Feedbacks
    runner: TurnRunner
    proposals: Proposals
    gaps: Gaps
    suspension: Suspension
    sweeper: Repeating
    assistance: Assistance
    examples: Examples
    versions: Versions
    training_runs: TrainingRuns
    training: Training
    engine: DurableEngine | None
    rates: RateLimits
    tracing: Tracing
    recover_turns: Callable[[], int]
    schedule_fetching: Callable[[bool], None]
    schedule_retention: Callable[[int | None], None]
    slack_names: SlackNames | None = None
    telegram: TelegramService | None = None
    had_documents: bool = False

    def start(self, *, sync: bool = True) -> None:
        """Finish what a crash left, then keep the documents indexed; returns when questions can be taken."""
        if self.engine is not None:
            self.engine.start()
            self.recover_turns()
            self.schedule_fetching(self.settings.fetch_sources)
            self.schedule_retention(self.settings.retention_days)
            self.training.sweep()
            self.training.schedule(self.settings.train_schedule)
        if self.engine is not None or sync:
            self.assistance.start()
        self.had_documents = self.store.counts().documents > 0
        if sync:
            self.knowledge.start()
            self.sweeper.start()
            if self.telegram is not None:
                self.telegram.start(self.is_ready)

    def stop(self) -> None:
        """Let running turns end and close everything; safe after a failed start."""
        if self.telegram is not None:
            self.telegram.stop()
        self.sweeper.stop(timeout_s=_SYNC_GRACE_S)
        self.runner.close()
        self.assistance.stop()
        self.ingestor.close()
        self.knowledge.stop(timeout_s=_SYNC_GRACE_S)
        if self.engine is not None:
            self.engine.stop()
        self.store.close()
        self.tracing.close()
        self.database.close()
        if self.lock is not None:
            self.lock.release()

    def announce(self, address: str) -> None:
        """Tell other processes of this machine where this one serves."""
        if self.lock is not None:
            self.lock.announce(address)

    def checks(self) -> dict[str, str]:
        """The state of each part that an answer needs: `ok`, `starting` or what is wrong."""
        return {
            "database": self._check(self._ping),
            "index": self._check(self.store.heartbeat),
            "documents": self._documents(),
        }

    def degraded(self) -> dict[str, str]:
        """What is wrong with parts that no answer on the page needs."""
        bot = {} if self.telegram is None or self.telegram.state in _BOT_WELL else {"telegram": self.telegram.state}
        return self.assistance.degraded() | bot

    def gauge(self) -> None:
        """Bring up to date what is not counted where it happens."""
        counts = self.store.counts()
        DOCUMENTS.set(counts.documents)
        PASSAGES.set(counts.chunks)
        self.assistance.gauge()
        if self.telegram is not None:
            self.telegram.gauge()

    def is_ready(self) -> bool:
        """Whether questions can be answered."""
        return self._documents() == "ok"

    def _documents(self) -> str:
        # A first sync that is half done would answer from half of the documents.
        return "ok" if self.knowledge.first_done or self.had_documents else "starting"

    def _ping(self) -> None:
        with self.database.read() as connection:
            connection.exec_driver_sql("SELECT 1")

    @staticmethod
    def _check(probe: Callable[[], object]) -> str:
        try:
            probe()
        except Exception as error:
            log.warning("health.check_failed", error=str(error))
            return type(error).__name__
        return "ok"
