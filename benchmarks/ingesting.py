"""Passages a second of reading, embedding and storing real documents, against the encoder alone on them."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.application import Application
from api.bootstrap import build_application
from benchmarks.corpus import KNOWLEDGE_BASE, Corpus
from benchmarks.figures import Figure, bar_above, bar_below
from core.models import EmbeddedPassage, OnnxEmbeddings, PassageEmbeddings, Span, build_embeddings
from core.passages import Window, embedding_text
from core.settings import Settings
from ingest.sources import discover
from retrieval.samples import SampleStore

__all__ = ["measure"]

BAR = 0.9
SYNC_BAR = 2.0
_RESYNCS = 5


class _Counting:
    """An encoder that counts the passages it was given."""

    def __init__(self, inner: OnnxEmbeddings) -> None:
        self._inner = inner
        self.embedded = 0
        self.dimension, self.max_tokens, self.identity = inner.dimension, inner.max_tokens, inner.identity
        self.count_tokens, self.embed_query_vector = inner.count_tokens, inner.embed_query_vector

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[EmbeddedPassage]:
        self.embedded += len(texts)
        return self._inner.embed_passages(texts, spans)


@dataclass(frozen=True, slots=True)
class _Ingested:
    seconds: float
    passages: int
    texts: list[str]
    samples: list[str]


def measure(corpus: Corpus, folder: Path) -> list[Figure]:
    """A first sync of the knowledge base, and syncs of the corpus in which nothing changed."""
    home = folder / "ingesting"
    shutil.rmtree(home, ignore_errors=True)
    settings = Settings(data_dir=home, knowledge_base=KNOWLEDGE_BASE, log_level="WARNING")
    encoder = build_embeddings(settings)
    waited = _first_sync(settings.model_copy(update={"data_dir": home / "cold"}), encoder, warm=False)
    alone = _alone(encoder, waited)
    warm = _first_sync(settings.model_copy(update={"data_dir": home / "warm"}), encoder, warm=True)
    alone = (alone + _alone(encoder, warm)) / 2
    files = sum(1 for _ in discover(KNOWLEDGE_BASE))
    return [
        _ingest_figure(
            f"ingest of {files} documents, {warm.passages} passages, {len(warm.samples)} sample questions",
            warm,
            alone,
            bar=True,
        ),
        _ingest_figure("  with the start of the parser", waited, alone),
        _resync(corpus, encoder),
    ]


def _first_sync(settings: Settings, encoder: OnnxEmbeddings, *, warm: bool) -> _Ingested:
    application = build_application(settings, durable=False, embeddings=encoder)
    try:
        if warm:
            application.ingestor._parser.start()
        began = time.perf_counter()
        report = application.ingestor.sync_folder(settings.knowledge_base)
        seconds = time.perf_counter() - began
        return _Ingested(seconds, report.passages, _texts(application), _samples(application))
    finally:
        application.stop()


def _texts(application: Application) -> list[str]:
    store = application.store
    return [
        embedding_text(item.meta.title, item.chunk, Window.of(store.embeddings))
        for document in store.documents()
        if document.version_id is not None
        for item in store.chunks_of(document.version_id)
    ]


def _samples(application: Application) -> list[str]:
    store = application.store
    ids = [document.id for document in store.documents()]
    found = SampleStore(application.database).of(ids, store.embeddings.identity)
    return [question.text for told in found.values() for question in told.questions]


def _alone(encoder: PassageEmbeddings, ingested: _Ingested) -> float:
    """Passages a second by the encoder alone: without their sentences' vectors, but with the sample questions."""
    began = time.perf_counter()
    for texts in (ingested.texts, ingested.samples):
        encoder.embed_passages(texts, [()] * len(texts))
    return len(ingested.texts) / (time.perf_counter() - began)


def _ingest_figure(what: str, ingested: _Ingested, alone: float, *, bar: bool = False) -> Figure:
    rate = ingested.passages / ingested.seconds
    measured, yardstick = f"{rate:.0f}/s", f"{alone:.0f}/s"
    if bar:
        return bar_above(what, measured, yardstick, ratio=rate / alone, bar=BAR)
    return Figure(what, measured, yardstick, rate / alone)


def _resync(corpus: Corpus, encoder: OnnxEmbeddings) -> Figure:
    counting = _Counting(encoder)
    application = build_application(corpus.settings, durable=False, embeddings=counting)
    files = [path for path in sorted(corpus.documents.rglob("*")) if path.is_file()]
    try:
        pairs = [(_sync_once(application, corpus), _hash_all(files)) for _ in range(_RESYNCS)]
    finally:
        application.stop()
    synced, hashed = (sorted(column)[_RESYNCS // 2] for column in zip(*pairs, strict=True))
    what = f"sync of {len(files)} unchanged files, {counting.embedded} embedded"
    figure = bar_below(what, f"{synced:.3f} s", f"{hashed:.3f} s", ratio=synced / hashed, bar=SYNC_BAR)
    return figure if counting.embedded == 0 else Figure(what, figure.measured, figure.yardstick, met=False)


def _sync_once(application: Application, corpus: Corpus) -> float:
    began = time.perf_counter()
    application.ingestor.sync_folder(corpus.documents)
    return time.perf_counter() - began


def _hash_all(files: Sequence[Path]) -> float:
    began = time.perf_counter()
    for path in files:
        path.stat()
        with path.open("rb") as stream:
            hashlib.file_digest(stream, "sha256")
    return time.perf_counter() - began
