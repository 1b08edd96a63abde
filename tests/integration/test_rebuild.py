"""New indexes beside the live ones: lost ones, worn ones, another model's, and what an erased document leaves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.database import Database
from core.errors import NotFound
from core.hash_embeddings import HashEmbeddings
from core.passages import Window, embedding_text
from core.settings import Settings
from retrieval.erasure import erase
from retrieval.index_state import read_state
from retrieval.opening import Upkeep, open_store
from retrieval.query import Query
from retrieval.rebuild import rebuild
from retrieval.retriever import HybridRetriever
from retrieval.store import ChunkStore
from tests.integration.stores import EMBEDDINGS, put

FIRST = "You need a study permit. Apply online.\nThe fee is $150."
OTHER = HashEmbeddings(dimension=32)
TODAY = date(2026, 11, 20)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", embedding_model="hash")


@pytest.fixture
def store(database: Database, settings: Settings) -> Iterator[ChunkStore]:
    opened, _ = open_store(settings, database, EMBEDDINGS)
    put(opened, "v1", FIRST)
    yield opened
    opened.close()


def _upkeep(store: ChunkStore, database: Database, wanted: HashEmbeddings = EMBEDDINGS) -> Upkeep:
    return Upkeep(store, database, wanted=wanted, model="hash")


def _found(store: ChunkStore, question: str) -> list[str]:
    return [passage.chunk.text for passage in HybridRetriever(store=store).search(Query(question, as_of=TODAY, k=1))]


def test_both_indexes_can_be_made_anew_from_sql(store: ChunkStore, database: Database) -> None:
    former = store.serving.pair
    assert rebuild(store, database) == 2
    assert store.serving.pair.number == former.number + 1
    assert store.consistency().is_whole
    assert _found(store, "what is the fee") == ["The fee is $150."]


def test_the_folder_of_the_former_indexes_is_gone(store: ChunkStore, database: Database, settings: Settings) -> None:
    rebuild(store, database)
    assert [home.name for home in (settings.data_dir / "indexes").iterdir()] == ["2"]


def test_a_lost_index_is_made_anew_when_the_store_is_opened(
    store: ChunkStore, database: Database, settings: Settings
) -> None:
    store.keyword.clear()
    store.close()
    opened, _ = open_store(settings, database, EMBEDDINGS)
    assert opened.consistency().is_whole
    opened.close()


@pytest.mark.parametrize("file", ["keyword/meta.json", "chroma/chroma.sqlite3"])
def test_a_damaged_index_is_made_anew_when_the_store_is_opened(
    store: ChunkStore, database: Database, settings: Settings, file: str
) -> None:
    store.close()
    (settings.data_dir / "indexes" / "1" / file).write_bytes(b"\0" * 100)
    opened, _ = open_store(settings, database, EMBEDDINGS)
    assert opened.consistency().is_whole
    assert _found(opened, "what is the fee") == ["The fee is $150."]
    opened.close()


def test_another_model_takes_over_while_the_former_one_serves(
    store: ChunkStore, database: Database, settings: Settings
) -> None:
    store.close()
    opened, upkeep = open_store(settings, database, OTHER, former_model={"hash": EMBEDDINGS}.get)
    assert opened.embeddings is EMBEDDINGS
    assert _found(opened, "what is the fee") == ["The fee is $150."]
    assert upkeep.carry_out()
    assert opened.embeddings is OTHER
    assert opened.live_chunks(["v1:0"])["v1:0"].sentence_vectors.shape == (2, 32)
    assert _found(opened, "what is the fee") == ["The fee is $150."]
    assert not upkeep.carry_out()
    opened.close()


def test_without_the_former_model_everything_is_embedded_again_first(
    store: ChunkStore, database: Database, settings: Settings
) -> None:
    store.close()
    opened, _ = open_store(settings, database, OTHER)
    embedded = embedding_text("a.md", opened.live_chunks(["v1:1"])["v1:1"].chunk, Window.of(OTHER))
    [(found, cosine)] = opened.vectors.query(OTHER.embed_query_vector(embedded), 1)
    assert found == "v1:1"
    assert cosine == pytest.approx(1.0)
    assert read_state(database).embedding == OTHER.identity
    opened.close()


def test_what_was_embedded_again_before_a_crash_is_not_embedded_twice(store: ChunkStore, database: Database) -> None:
    embedded: list[str] = []

    class Failing(HashEmbeddings):
        identity = "failing"

        def embed_passages(self, texts, spans):  # type: ignore[no-untyped-def]
            embedded.extend(texts)
            return super().embed_passages(texts, spans)

    model = Failing(dimension=32)
    put(store, "v2", "A visa is a sticker.", document_id="b.md")
    switch = store.indexes.open
    store.indexes.open = lambda number: replace(switch(number), keyword=_Broken())  # type: ignore[method-assign, arg-type]
    with pytest.raises(RuntimeError, match="no space"):
        rebuild(store, database, embeddings=model)
    store.indexes.open = switch  # type: ignore[method-assign]
    assert store.embeddings is EMBEDDINGS
    assert rebuild(store, database, embeddings=model) == 3
    assert len(embedded) == 3


class _Broken:
    def ids(self) -> list[str]:
        return []

    def upsert(self, _: object) -> None:
        raise RuntimeError("no space")


def test_a_document_that_comes_during_the_rebuild_is_in_the_new_indexes(
    store: ChunkStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.rebuild._MANY", 1)
    known = store.stored_chunks

    def meanwhile(ids):  # type: ignore[no-untyped-def]
        store.stored_chunks = known  # type: ignore[method-assign]
        put(store, "v2", "A visa is a sticker.", document_id="b.md")
        store.remove("a.md")
        return known(ids)

    store.stored_chunks = meanwhile  # type: ignore[method-assign]
    rebuild(store, database)
    assert store.consistency().is_whole
    assert _found(store, "what is a visa") == ["A visa is a sticker."]
    assert not store.vectors.existing(["v1:0"])


def test_many_deletions_make_the_indexes_anew(
    store: ChunkStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.opening._WORN_CHUNKS", 1)
    upkeep = _upkeep(store, database)
    assert not upkeep.carry_out()
    put(store, "v2", "The fee is $160.")
    assert read_state(database).deleted == 2
    assert upkeep.carry_out()
    assert (read_state(database).deleted, store.serving.pair.number) == (0, 2)


def test_while_the_indexes_are_made_anew_nobody_begins_a_second_time(
    store: ChunkStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep, known = _upkeep(store, database, OTHER), store.stored_chunks
    second: list[bool] = []

    def meanwhile(ids):  # type: ignore[no-untyped-def]
        monkeypatch.setattr(store, "stored_chunks", known)
        second.append(upkeep.carry_out())
        return known(ids)

    monkeypatch.setattr(store, "stored_chunks", meanwhile)
    assert upkeep.carry_out()
    assert (second, store.serving.pair.number) == ([False], 2)
    assert _found(store, "fee") == ["The fee is $150."]


def test_nothing_of_an_erased_document_is_left(store: ChunkStore, database: Database, settings: Settings) -> None:
    secret = "Passport X1234567 of Jane belongs to the applicant who lives in Springfield.\n" * 3
    put(store, "v2", secret, document_id="secret.md")
    erased = erase(store, database, _upkeep(store, database), document_id="secret.md", data_dir=settings.data_dir)
    assert (erased.versions, erased.passages, erased.found_in) == (1, 3, ())
    assert erased.probes > 2
    assert erased.files > 2
    with pytest.raises(NotFound, match="erased"):
        store.get_version("secret.md", "v2")
    assert _found(store, "fee") == ["The fee is $150."]


def test_the_proof_of_an_erasure_finds_what_was_left(store: ChunkStore, database: Database, settings: Settings) -> None:
    secret = "Passport X1234567 of Jane belongs to the applicant who lives in Springfield."
    put(store, "v2", secret, document_id="secret.md")
    (settings.data_dir / "copy.txt").write_text(f"A copy somewhere: {secret}")
    erased = erase(store, database, _upkeep(store, database), document_id="secret.md", data_dir=settings.data_dir)
    assert erased.found_in == ("copy.txt",)


def test_the_proof_looks_across_the_blocks_of_a_file(
    store: ChunkStore, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.erasure._BLOCK_BYTES", 48)
    secret = "Passport X1234567 of Jane belongs to the applicant who lives in Springfield."
    put(store, "v2", secret, document_id="secret.md")
    (settings.data_dir / "copy.txt").write_text("." * 40 + secret[:40])
    erased = erase(store, database, _upkeep(store, database), document_id="secret.md", data_dir=settings.data_dir)
    assert erased.found_in == ("copy.txt",)


def test_an_erasure_that_was_cut_short_can_be_repeated(
    store: ChunkStore, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep = _upkeep(store, database)
    put(store, "v2", "Passport X1234567 of Jane.", document_id="secret.md")
    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "rebuild", lambda: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            erase(store, database, upkeep, document_id="secret.md", data_dir=settings.data_dir)
    erased = erase(store, database, upkeep, document_id="secret.md", data_dir=settings.data_dir)
    assert (erased.versions, store.serving.pair.number) == (1, 2)


def test_a_document_that_is_not_there_cannot_be_erased(
    store: ChunkStore, database: Database, settings: Settings
) -> None:
    with pytest.raises(NotFound, match=r"no document 'b\.md'"):
        erase(store, database, _upkeep(store, database), document_id="b.md", data_dir=settings.data_dir)


@pytest.mark.skipif(sys.platform != "linux", reason="what stood in memory is overwritten with glibc alone")
def test_what_stood_in_memory_is_not_written_with_the_graph(tmp_path: Path) -> None:
    # Chroma writes room for a hundred vectors whatever there are; in a process of its own, as it fills its memory.
    run = subprocess.run([sys.executable, "-c", _GRAPH_AFTER_SECRETS, str(tmp_path)], capture_output=True, text=True)
    assert (run.stdout, run.returncode) == ("clean\n", 0), run.stderr


_GRAPH_AFTER_SECRETS = """
import ctypes, sys, threading
from pathlib import Path
import numpy as np
from retrieval.vectors import open_vectors

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
folder = Path(sys.argv[1])
open_vectors(folder / "first")
secret = b"Passport X1234567 of Jane. " * 120_000
together = threading.Barrier(40)

def fill():
    together.wait()
    for size in (3 << 20, 1 << 16, 30_000, 1 << 20):
        held = [libc.malloc(size) for _ in range(12)]
        for address in held: ctypes.memmove(address, secret, size)
        for address in held[1:]: libc.free(address)

for number in range(8):
    threads = [threading.Thread(target=fill) for _ in range(40)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    open_vectors(folder / str(number)).upsert([("a", np.eye(256, dtype=np.float32)[0], "CA")])
graphs = list(folder.rglob("data_level0.bin"))
assert len(graphs) == 8 and graphs[0].stat().st_size > 50_000, graphs
print("leaked" if any(b"Passport" in graph.read_bytes() for graph in graphs) else "clean")
"""
