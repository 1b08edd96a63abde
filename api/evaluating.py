"""An application of its own for evals: the knowledge base and the documents of the cases, away from what is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from api.application import Application
from api.command_line import open_application
from core.errors import InvalidInput, NotFound
from core.settings import Settings
from evals.dataset import EVAL_DOCUMENTS, Case
from evals.facts import faults_of
from evals.outcome import Outcome
from evals.run import CASE_LIMIT_S, respondent, run_cases
from ingest.report import Progress

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["Evaluated", "open_evaluated", "overlaid"]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An application that holds what the cases ask about."""

    application: Application

    def faults(self, cases: Sequence[Case]) -> list[str]:
        """What the cases ask for that the documents do not hold, in words."""
        return [fault for case in cases for fault in faults_of(case, self._text)]

    def run(
        self,
        cases: Sequence[Case],
        *,
        today: date | None = None,
        tell: Callable[[Outcome], None] = lambda _: None,
        limit_s: float = CASE_LIMIT_S,
    ) -> list[Outcome]:
        """Ask the cases as a person would be answered, and judge the replies."""
        application = self.application
        with respondent(application.chain.invoke, application.retriever) as ask:
            day = today or application.today()
            return run_cases(cases, ask, text_of=self.version_text, today=day, tell=tell, limit_s=limit_s)

    def version_text(self, document_id: str, version_id: str) -> str | None:
        """The canonical text of a stored version; None when it is not stored."""
        try:
            return self.application.store.get_version(document_id, version_id).canonical_text
        except NotFound:
            return None

    def _text(self, path: str) -> str:
        kind, separator, below = path.partition(":")
        root = EVAL_DOCUMENTS.name if separator else self.application.settings.knowledge_base.resolve().name
        return self.application.store.get_version(f"{root}/{below if separator else kind}").canonical_text


@contextmanager
def open_evaluated(
    settings: Settings,
    *,
    chat_model: BaseChatModel | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[Evaluated]:
    """Index what changed, then serve the cases until the block ends; `chat_model` replaces that of the settings.

    The data lie in a folder of their own, whatever database and index server the settings name: documents that were
    invented for tests must never answer a person. Raises `InvalidInput` when a document cannot be read.
    """
    with open_application(_apart(settings), chat_model=chat_model) as application:
        folders = [application.settings.knowledge_base, EVAL_DOCUMENTS]
        for folder in folders:
            if not folder.is_dir():
                continue
            report = application.ingestor.sync_folder(folder, progress=progress)
            if report.unreadable:
                worst = report.unreadable[0]
                raise InvalidInput(
                    f"{len(report.unreadable)} documents cannot be read: {worst.document_id}: {worst.detail}"
                )
        yield Evaluated(application)


def overlaid(settings: Settings, overlay: str) -> Settings:
    """The settings with `KEY=VALUE`, or several of them with commas between; raises `InvalidInput`."""
    changes = {}
    for pair in filter(None, overlay.split(",")):
        name, separator, value = pair.partition("=")
        field = name.strip().lower()
        if not separator or field not in Settings.model_fields:
            raise InvalidInput(f"{pair!r} is neither a file of results nor a setting; write it as EMBEDDING_MODEL=…")
        changes[field] = value.strip()
    try:
        return Settings.model_validate({**settings.model_dump(), **changes})
    except ValueError as error:
        raise InvalidInput(f"{overlay!r} cannot be used: {error}") from error


def _apart(settings: Settings) -> Settings:
    # Two embedding models must not take turns in one index: each change would embed everything again.
    model = settings.embedding_model
    own = (
        ""
        if model == Settings.model_fields["embedding_model"].default
        else f"-{sha256(model.encode()).hexdigest()[:8]}"
    )
    return settings.model_copy(
        update={
            "data_dir": settings.data_dir / f"evals{own}",
            "model_cache_dir": settings.models_dir,
            "database_url": None,
            "chroma_url": None,
        }
    )
