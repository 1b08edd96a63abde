from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.crash import CRASH_AT
from core.database import Database
from core.hash_embeddings import HashEmbeddings
from retrieval.store import ChunkStore, IndexMismatch
from retrieval.tables import VersionStatus
from tests.integration.stores import finish, opened_store, put, stage

FIRST = "You need a study permit. Apply online.\nThe fee is $150."
SECOND = "You need a study permit for more than six months.\nThe fee is $160.\nApply before you travel."


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Iterator[ChunkStore]:
    with opened_store(database, tmp_path) as opened:
        yield opened


def _served(store: ChunkStore) -> set[str]:
    return set(store.live_chunks(sorted(store.vectors.ids())))


def test_a_staged_version_is_not_visible_until_it_is_published(store: ChunkStore) -> None:
    stage(store, "v1", FIRST)
    store.index("v1")
    assert (_served(store), store.counts().documents) == (set(), 0)
    store.verify("v1")
    store.publish("v1")
    assert _served(store) == {"v1:0", "v1:1"}
    assert (store.counts().documents, store.counts().chunks) == (1, 2)


def test_what_was_stored_comes_back_as_it_was(store: ChunkStore) -> None:
    put(store, "v1", FIRST)
    live = store.live_chunks(["v1:0"])["v1:0"]
    assert [FIRST[start:end] for start, end in live.chunk.sentences] == ["You need a study permit.", "Apply online."]
    assert live.chunk.text == FIRST[live.chunk.start : live.chunk.end]
    assert live.sentence_vectors.shape == (2, 256)
    assert store.get_version("a.md").canonical_text == FIRST


def test_a_replaced_version_leaves_the_indexes_but_its_text_still_opens(store: ChunkStore) -> None:
    put(store, "v1", FIRST)
    put(store, "v2", SECOND)
    assert store.vectors.ids() == set(store.keyword.ids()) == {"v2:0", "v2:1", "v2:2"}
    assert store.get_version("a.md", "v1").canonical_text == FIRST
    assert [version.status for version in store.versions("a.md")] == [VersionStatus.LIVE, VersionStatus.SUPERSEDED]
    assert store.consistency().is_whole


def test_an_edit_that_is_undone_serves_the_first_version_again(store: ChunkStore) -> None:
    for version, text in (("v1", FIRST), ("v2", SECOND), ("v1", FIRST)):
        put(store, version, text)
    assert _served(store) == {"v1:0", "v1:1"}
    assert store.consistency().is_whole


def test_the_old_version_serves_until_the_new_one_is_published(store: ChunkStore) -> None:
    put(store, "v1", FIRST)
    stage(store, "v2", SECOND)
    store.index("v2")
    assert _served(store) == {"v1:0", "v1:1"}


def test_every_step_may_be_repeated(store: ChunkStore) -> None:
    for _ in range(2):
        stage(store, "v1", FIRST)
        for _ in range(2):
            finish(store, "v1")
    report = store.consistency()
    assert (report.live, report.is_whole) == (2, True)


def test_an_attempt_that_was_left_behind_is_swept_away(store: ChunkStore) -> None:
    stage(store, "v1", FIRST)
    store.index("v1")
    put(store, "v2", SECOND)
    assert store.vectors.ids() == set(store.keyword.ids()) == {"v2:0", "v2:1", "v2:2"}


def test_staging_again_with_fewer_chunks_leaves_none_behind(store: ChunkStore) -> None:
    stage(store, "v1", SECOND)
    store.index("v1")
    stage(store, "v1", FIRST)
    finish(store, "v1")
    assert store.vectors.ids() == {"v1:0", "v1:1"}
    assert store.consistency().is_whole


def test_a_removed_document_is_gone_at_once_and_from_every_index(store: ChunkStore) -> None:
    put(store, "v1", FIRST)
    store.remove("a.md")
    assert (store.vectors.count(), store.keyword.count(), store.counts().documents) == (0, 0, 0)
    assert (store.documents(), len(store.documents(include_removed=True))) == ([], 1)
    assert store.get_version("a.md", "v1").canonical_text == FIRST


def test_a_document_that_was_removed_on_its_way_in_stays_removed(store: ChunkStore) -> None:
    stage(store, "v1", FIRST)
    store.index("v1")
    store.remove("a.md")
    store.verify("v1")
    store.publish("v1")
    assert (_served(store), store.counts().documents, store.documents()) == (set(), 0, [])


def test_a_removed_document_may_come_back(store: ChunkStore) -> None:
    put(store, "v1", FIRST)
    store.remove("a.md")
    put(store, "v1", FIRST)
    assert [document.chunks for document in store.documents()] == [2]


def test_two_documents_with_the_same_text_are_two(store: ChunkStore) -> None:
    put(store, "v1", FIRST, document_id="a.md")
    put(store, "v2", FIRST, document_id="b.md")
    store.remove("a.md")
    assert _served(store) == {"v2:0", "v2:1"}


def test_a_version_of_another_document_is_refused(store: ChunkStore) -> None:
    put(store, "v1", FIRST, document_id="a.md")
    with pytest.raises(ValueError, match="belongs to 'a.md'"):
        stage(store, "v1", FIRST, document_id="b.md")


def test_a_missing_index_entry_is_noticed_before_publishing(store: ChunkStore) -> None:
    stage(store, "v1", FIRST)
    store.index("v1")
    store.keyword.delete(["v1:1"])
    with pytest.raises(IndexMismatch, match=r"keyword index lacks 1 of 2 chunks, as 'v1:1'"):
        store.verify("v1")


def test_consistency_tells_what_is_missing_and_what_strays(store: ChunkStore) -> None:
    put(store, "v1", FIRST)
    store.vectors.delete(["v1:0"])
    store.vectors.upsert([("stray", HashEmbeddings().embed_query_vector("stray"), "ZZ")])
    report = store.consistency()
    assert (set(report.missing_vectors), set(report.stray_vectors)) == ({"v1:0"}, {"stray"})
    assert not report.is_whole


def test_a_document_without_chunks_is_served_without_any(store: ChunkStore) -> None:
    put(store, "v1", "")
    assert [document.chunks for document in store.documents()] == [0]


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


def _replace(database_url: str, folder: Path, point: str) -> None:
    os.environ[CRASH_AT] = point
    with opened_store(Database(database_url), folder) as store:
        put(store, "v2", SECOND)


_STORE_POINTS = (
    "store.staged", "store.indexed.vectors", "store.indexed.keyword", "store.verified", "store.published",
    "store.purged.vectors", "store.purged.keyword", "store.purged",
)  # fmt: skip


@pytest.mark.parametrize("point", _STORE_POINTS)
def test_killed_anywhere_it_serves_one_whole_version_and_the_next_run_finishes(
    point: str, database: Database, database_url: str, tmp_path: Path
) -> None:
    with opened_store(database, tmp_path) as store:
        put(store, "v1", FIRST)
    killed = _FORKS.Process(target=_replace, args=(database_url, tmp_path, point))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    with opened_store(database, tmp_path) as store:
        before = {"v1:0", "v1:1"}
        after = {"v2:0", "v2:1", "v2:2"}
        assert _served(store) in (before, after)
        assert not store.consistency().stray_vectors | store.consistency().stray_keyword
        put(store, "v2", SECOND)
        assert _served(store) == after
        assert store.vectors.ids() == set(store.keyword.ids()) == after
        assert store.consistency().is_whole
