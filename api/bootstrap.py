"""The composition root: everything is built here, once, and can be replaced by keyword."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date

import structlog
from langchain_core.language_models import BaseChatModel

from api.application import Application
from api.editing import Editing
from api.knowledge import KnowledgeSync
from api.limits import RateLimits
from api.personal import open_personal
from api.telegram.opening import open_telegram_bot
from api.workflows import register_retention
from assistance.opening import open_assistance
from chains.answer import AnswerChain
from chains.conversation import Conversations
from chains.feedback import Feedbacks
from chains.generative import GenerativeWriter
from chains.runner import TurnRunner
from chains.translator import Translator
from chains.workflows import forget_turns, register_turn_recovery
from channels.messages import Channel
from channels.opening import open_channels
from channels.reply_tokens import ReplyTokens
from channels.slack_names import open_slack_names
from core.breaker import Breaker
from core.chat_model import build_chat_model
from core.database import Database
from core.durable import DurableEngine
from core.errors import AssistantError
from core.identity import load_signing_key, open_identity
from core.models import PassageEmbeddings, build_embeddings
from core.repeating import Repeating
from core.settings import Settings
from core.space import space_errors
from core.tracing import open_tracing
from ingest.fetch.opening import open_fetcher
from ingest.library import Library
from ingest.pairs import PairIngestor
from ingest.parser import Parser
from ingest.pipeline import Ingestor
from ingest.workflows import register_fetching, register_folder_sync
from retrieval.catalogue import CatalogueReader
from retrieval.crossencoder import CrossEncoder
from retrieval.erasure import erase
from retrieval.lock import StoreLock
from retrieval.opening import Upkeep, open_store
from retrieval.retriever import HybridRetriever
from retrieval.samples import SampleStore
from retrieval.store import ChunkStore
from training.checking import Checker
from training.examples import Examples
from training.gaps import Gaps
from training.gate import Gate
from training.listing import Listing
from training.proposals import Proposals
from training.runs import TrainingRuns
from training.suspension import Suspension
from training.versions import Versions
from training.workflows import register_training, training_here

__all__ = ["build_application"]

log = structlog.get_logger(__name__)

_WORKERS, _WORKERS_THAT_WAIT = 3, 8
"""Where nothing is waited for the interpreter does one thing at a time, and more threads are in each other's way: of 16
clients 2 give 25.4 answers a second, 3 25.9, 4 24.5, 8 22.2 (means of three runs by turns on two cores). Threads that
wait for a model, another database or another server leave the interpreter to others meanwhile."""


def _reranker(settings: Settings) -> CrossEncoder | None:
    return None if settings.reranker_model is None else CrossEncoder(settings.reranker_model)


def build_application(
    settings: Settings,
    *,
    durable: bool = True,
    embeddings: PassageEmbeddings | None = None,
    parser: Parser | None = None,
    chat_model: BaseChatModel | None = None,
    today: Callable[[], date] | None = None,
    channels: Mapping[str, Channel] | None = None,
) -> Application:
    """Wire everything; raises `StoreBusy` when another process has the embedded store open.

    Without `durable` the engine is left out: what a crash of such a process leaves, the next server finishes.
    `embeddings`, `parser`, `chat_model`, `today` and `channels` replace what the settings would build.
    """
    today = today or settings.today
    lock, database, store, upkeep = _open_data(settings, embeddings)
    samples = SampleStore(database)
    retriever = HybridRetriever(store=store, today=today, reranker=_reranker(settings), samples=samples)
    catalogue = CatalogueReader(database, generation=lambda: store.generation)
    model = chat_model or build_chat_model(settings)
    if model is None and settings.openai_api_key is not None:
        log.info("model.none", hint="OPENAI_API_KEY is set but LLM_MODEL is not: answers quote the documents only")
    writer, translator = (None, None) if model is None else _writers(model, settings)
    examples = Examples(database, allow_self_approval=settings.allow_self_approval)
    versions = Versions(database, store, withdrawn=examples.withdrawn)
    chain = AnswerChain(
        retriever, catalogue=catalogue, today=today, model=model, writer=writer, translator=translator,
        served=versions.current,
    )  # fmt: skip
    forget = forget_turns if durable else lambda _: None
    conversations = Conversations(database, chain, executor=settings.executor_id, forget_turns=forget)
    runner = TurnRunner(
        conversations, workers=workers_for(settings, has_model=model is not None), queue=settings.answer_queue
    )
    suspension = Suspension(examples, store, today=today)
    gaps = Gaps(database, retriever, chain, today=today, least_people=settings.gap_least_people, is_busy=runner.is_busy)
    parser = parser or Parser(settings)
    ingestor = Ingestor(store, parser, database=database, samples=samples, max_file_mb=settings.max_file_mb)
    fetcher = open_fetcher(settings, parser, database=database, sync_folder=ingestor.sync_folder)
    tracing = open_tracing(settings)
    tracing.watch(database.engine)
    engine = DurableEngine(settings) if durable else None
    knowledge = KnowledgeSync(
        ingestor, upkeep, settings.knowledge_base, rescan_s=settings.rescan_s, sync_pages=fetcher.sync,
        sync_folder=register_folder_sync(ingestor) if durable else ingestor.sync_folder,
    )  # fmt: skip
    gate = Gate(chain, store, versions, today=today, root=settings.knowledge_base.resolve().name)
    training_runs = TrainingRuns(database, examples, PairIngestor(store), versions, gate)
    library = Library(settings.knowledge_base, settings.data_dir / "trash", max_bytes=settings.max_file_mb << 20)
    editing = Editing(
        library, ingestor, knowledge, store=store,
        erase=lambda found, settle: erase(
            store, database, upkeep, document_id=found, data_dir=settings.data_dir, settle=settle
        ),
    )  # fmt: skip
    key = load_signing_key(settings)
    identities, tokens, sessions, sign_in = open_identity(settings, database, key)
    assistance = open_assistance(
        settings, database, conversations, channels=open_channels(settings) if channels is None else channels,
        tokens=ReplyTokens(key), embeddings=lambda: store.embeddings, durable=durable,
    )  # fmt: skip
    personal = open_personal(database, assistance.desk, forget_turns=forget)
    application = Application(
        settings=settings, today=today, database=database, lock=lock, store=store,
        identities=identities, tokens=tokens, sessions=sessions, sign_in=sign_in, personal=personal,
        upkeep=upkeep, retriever=retriever, catalogue=catalogue, ingestor=ingestor, knowledge=knowledge,
        editing=editing, fetcher=fetcher, chain=chain, conversations=conversations,
        feedbacks=Feedbacks(database), proposals=_proposals(examples, retriever, chain, database, today=today),
        gaps=gaps, suspension=suspension,
        sweeper=Repeating("training-sweep", suspension.sweep, gaps.sweep, every_s=settings.training_sweep_s),
        runner=runner, engine=engine,
        assistance=assistance,
        rates=RateLimits(settings), tracing=tracing,
        examples=examples, versions=versions, training_runs=training_runs,
        training=register_training(training_runs) if durable else training_here(training_runs),
        recover_turns=register_turn_recovery(conversations) if durable else lambda: 0,
        schedule_fetching=register_fetching(fetcher) if durable else lambda _: None,
        schedule_retention=register_retention(personal) if durable else lambda _: None,
    )  # fmt: skip
    application.slack_names = open_slack_names(settings)
    application.telegram = open_telegram_bot(application)
    return application


def workers_for(settings: Settings, *, has_model: bool) -> int:
    """How many questions are worked on at once."""
    if settings.answer_workers is not None:
        return settings.answer_workers
    waits = has_model or settings.database_url is not None or settings.chroma_url is not None
    return _WORKERS_THAT_WAIT if waits else _WORKERS


def _proposals(
    examples: Examples,
    retriever: HybridRetriever,
    chain: AnswerChain,
    database: Database,
    *,
    today: Callable[[], date],
) -> Proposals:
    listing = Listing(database)
    checker = Checker(retriever, listing, today=today)
    return Proposals(examples, listing, checker, store=retriever.store, chain=chain, today=today)


def _open_data(
    settings: Settings, embeddings: PassageEmbeddings | None
) -> tuple[StoreLock | None, Database, ChunkStore, Upkeep]:
    """Everything in the data folder; the lock is given back when any of it cannot be opened."""
    lock = None if settings.chroma_url else StoreLock(settings.data_dir / "store.lock")
    with space_errors("the assistant cannot start; free some space first. Nothing was lost"), ExitStack() as opened:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if lock is not None:
            lock.acquire()
            opened.callback(lock.release)
        database = Database(settings.sqlalchemy_url)
        opened.callback(database.close)
        database.migrate()
        wanted = embeddings or build_embeddings(settings)
        store, upkeep = open_store(settings, database, wanted, former_model=_former_model(settings))
        opened.pop_all()
    return lock, database, store, upkeep


def _former_model(settings: Settings) -> Callable[[str], PassageEmbeddings | None]:
    """Builds the model of an earlier setting, so that it can go on serving while another takes over."""

    def build(name: str) -> PassageEmbeddings | None:
        try:
            return build_embeddings(settings.model_copy(update={"embedding_model": name}))
        except AssistantError as error:
            log.warning("model.former_lost", model=name, error=error.detail)
            return None

    return build


def _writers(model: BaseChatModel, settings: Settings) -> tuple[GenerativeWriter, Translator]:
    """What asks the model, with one breaker between them: a service that is down is down for both."""
    breaker, timeout_s, stall_s = Breaker(), settings.llm_timeout_s, settings.llm_stall_s
    writer = GenerativeWriter(
        model, breaker=breaker, timeout_s=timeout_s, stall_s=stall_s, reads_from=settings.llm_reads_from
    )
    return writer, Translator(model, breaker=breaker, timeout_s=timeout_s, stall_s=stall_s)
