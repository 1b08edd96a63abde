"""One round of killing a sync over a folder that keeps changing: `assistant ingest` whole, or its core alone."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, select, text

from benchmarks.corpus import KNOWLEDGE_BASE
from core.database import Database
from core.models import PassageEmbeddings, build_embeddings
from core.settings import Settings
from ingest.parser import Parser
from ingest.pipeline import Ingestor
from retrieval.indexes import IndexFolder
from retrieval.opening import open_store
from retrieval.records import vector_from
from retrieval.store import ChunkStore
from retrieval.tables import ChunkRow, VersionRow, VersionStatus
from tests.e2e.crash_child import Job, Work
from tests.e2e.knowledge import EMBEDDINGS, LineParser
from tests.e2e.nursery import KILLED, Nursery

__all__ = ["IngestRound", "SyncRound"]

_DOCUMENTS = 24
_CHANGES = 10
_SYNC_S = 0.5
_START_S = 60.0
_WORK_S = 3.0
_EARLY = 0.15
"""The share of kills while the process still starts and reads; the others come once it has begun to write."""


class IngestRound:
    """Change the folder, begin to ingest, kill, look, finish here, look again."""

    kills = "ingest kills"
    figures = ()
    faults = ("chunks lost", "chunks doubled", "ids unequal", "half documents")

    def __init__(self, home: Path) -> None:
        self._documents = home / "documents"
        self._documents.mkdir(exist_ok=True)
        self._settings = Settings(data_dir=home / "ingest", knowledge_base=self._documents, log_level="ERROR")
        self._embeddings, self._parser = self._parts()
        self._sections = _sections()

    def _parts(self) -> tuple[PassageEmbeddings, Parser]:
        return build_embeddings(self._settings), Parser(self._settings)

    def __enter__(self) -> Self:
        # A run that was stopped in the middle of a round may have left the folder ahead of the index.
        self._finish_and_look()
        return self

    def __exit__(self, *_: object) -> None:
        self._parser.close()

    def run(self, chance: random.Random) -> dict[str, int]:
        """What was found, by the names of the tally."""
        before = self._texts()
        self._change(chance)
        killed = self._ingest_and_kill(chance)
        found = Counter(self._look_as_left(before, self._texts()))
        found.update(self._finish_and_look())
        return {**found, self.kills: killed}

    def _texts(self) -> dict[str, str]:
        return {path.name: path.read_text("utf-8") for path in self._documents.iterdir()}

    def _change(self, chance: random.Random) -> None:
        for number in chance.sample(range(_DOCUMENTS), _CHANGES):
            path = self._documents / f"document-{number:02}.md"
            if path.exists() and chance.random() < 0.3:
                path.unlink()
            else:
                chosen = chance.sample(self._sections, chance.randint(1, 6))
                path.write_text(f"# Document {number}\n\n" + "\n\n".join(chosen) + "\n", "utf-8")

    def _ingest_and_kill(self, chance: random.Random) -> int:
        folders = ["--data-dir", str(self._settings.data_dir), "--knowledge-base", str(self._documents)]
        process = subprocess.Popen(
            [sys.executable, "-m", "api", *folders, "ingest"], start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if chance.random() >= _EARLY:
            self._wait_until_it_writes(process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.random() * _WORK_S)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return int(process.wait() == -signal.SIGKILL)

    def _wait_until_it_writes(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_S
        first = self._newest()
        while process.poll() is None and time.monotonic() < deadline and self._newest() == first:
            time.sleep(0.01)

    def _newest(self) -> str | None:
        """Changes with every version that is staged and every document that is removed."""
        path = self._settings.data_dir / "assistant.db"
        if not path.exists():
            return None
        engine = create_engine(f"sqlite:///{path}")
        with suppress(Exception), engine.connect() as connection:
            return str(connection.execute(text("SELECT max(updated_at) FROM documents")).scalar())
        return None

    def _look_as_left(self, *editions: Mapping[str, str]) -> dict[str, int]:
        """Before anything was made good, each document must be whole in one of its editions, and be found."""
        database = Database(self._settings.sqlalchemy_url)
        database.migrate()
        indexes = IndexFolder(self._settings.data_dir / "indexes")
        store = ChunkStore(database, indexes, self._embeddings, clock=lambda: datetime.now(UTC))
        found = self._count(store) | {"half documents": _half_documents(store, editions)}
        store.close()
        database.close()
        return found

    def _finish_and_look(self) -> dict[str, int]:
        database = Database(self._settings.sqlalchemy_url)
        database.migrate()
        store, _ = open_store(self._settings, database, self._embeddings)
        Ingestor(store, self._parser, database=database).sync_folder(self._documents)
        found = self._count(store) | {"half documents": _half_documents(store, [self._texts()])}
        live = _ids(store, VersionStatus.LIVE)
        held = (_ids(store, *VersionStatus), store.vectors.ids(), set(store.keyword.ids()))
        found["ids unequal"] = sum(len(ids ^ live) for ids in held)
        found["chunks lost"] += _not_found(store, database)
        store.close()
        database.close()
        return found

    def _count(self, store: ChunkStore) -> dict[str, int]:
        whole = store.consistency()
        return {
            "chunks lost": len(whole.missing_vectors | whole.missing_keyword),
            "chunks doubled": len(whole.doubled_keyword) + store.vectors.count() - len(store.vectors.ids()),
            "ids unequal": len(whole.stray_vectors | whole.stray_keyword),
        }


class SyncRound(IngestRound):
    """The same without the start of the command, the parser's child and the encoder: ten times the kills in an hour.

    The process is forked from one that has everything imported, and killed somewhere in the work on the three stores.
    """

    def __enter__(self) -> Self:
        self._nursery = Nursery()
        return super().__enter__()

    def __exit__(self, *details: object) -> None:
        super().__exit__(*details)
        self._nursery.__exit__(*details)

    def _parts(self) -> tuple[PassageEmbeddings, Parser]:
        return EMBEDDINGS, LineParser()

    def _ingest_and_kill(self, chance: random.Random) -> int:
        after_s = chance.random() * _SYNC_S
        job = Job(Work.SYNC, str(self._settings.data_dir), str(self._documents))
        return int(self._nursery.run(job, kill_after_s=after_s) == KILLED)


def _half_documents(store: ChunkStore, editions: Sequence[Mapping[str, str]]) -> int:
    """Documents that are served with another text than that of an edition, and those of a single edition not served."""
    served = {
        document.id.split("/")[-1]: _words(store.get_version(document.id).canonical_text)
        for document in store.documents()
        if document.version_id is not None
    }
    names = served.keys() | {name for edition in editions for name in edition}
    return sum(
        served.get(name) not in [_words(edition[name]) if name in edition else None for edition in editions]
        for name in names
    )


def _words(markdown: str) -> str:
    """The letters and digits alone: marks of Markdown do not reach the text that is served."""
    return "".join(character for character in markdown if character.isalnum())


def _ids(store: ChunkStore, *statuses: VersionStatus) -> set[str]:
    versions = select(VersionRow.id).where(VersionRow.status.in_(statuses))
    with store._database.read() as connection:
        return set(connection.scalars(select(ChunkRow.id).where(ChunkRow.version_id.in_(versions))))


def _not_found(store: ChunkStore, database: Database) -> int:
    """Live passages that do not find themselves, or their equal, by their vector."""
    with database.read() as connection:
        rows = connection.execute(select(ChunkRow.id, ChunkRow.vector)).all()
    lost = 0
    for chunk_id, stored in rows:
        nearest = store.vectors.query(vector_from(stored), 10)
        lost += not any(other == chunk_id or cosine > 1 - 1e-4 for other, cosine in nearest)
    return lost


def _sections() -> list[str]:
    """Prose and headings of the knowledge base, without tables and lists, whose marks are read into something else."""
    sections: list[str] = []
    for path in sorted(KNOWLEDGE_BASE.rglob("*.md")):
        body = path.read_text("utf-8").split("\n---\n", 1)[-1]
        sections += [part.strip() for part in body.split("\n\n") if part[:1].isalpha() and not part.endswith(":")]
    return sections
