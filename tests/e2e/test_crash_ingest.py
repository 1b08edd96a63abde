"""A sync that is killed at any point loses, doubles and half-shows nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from core.crash import CRASH_POINTS
from core.settings import Settings
from tests.conftest import copied, make_settings
from tests.e2e.crash_child import Job, Work
from tests.e2e.knowledge import (
    AFTER,
    BEFORE,
    check_served,
    check_whole,
    opened_knowledge,
    opened_untouched,
    write_folder,
)
from tests.e2e.nursery import KILLED, Nursery

REBUILD_POINTS = ["store.rebuilt", "store.switched"]
POINTS = [point for point in CRASH_POINTS if point.startswith("store.") and point not in REBUILD_POINTS]
ON_POSTGRES = ["store.staged", "store.published", "store.purged.keyword"]
REMOVED = 1
"""Documents that are settled when the added and the changed one are written together: the one removed."""

CASES = [
    *((point, 0) for point in POINTS),
    *((point, REMOVED) for point in POINTS if point != "store.removed"),
]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as running:
        yield running


@pytest.fixture(scope="module")
def indexed_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the first state of the documents is indexed."""
    folder = tmp_path_factory.mktemp("crash")
    write_folder(folder / "kb", BEFORE)
    with opened_knowledge(make_settings(folder / "data")) as knowledge:
        knowledge.ingestor.sync_folder(folder / "kb")
    return folder / "data"


@pytest.fixture
def knowledge_base(tmp_path: Path) -> Path:
    write_folder(tmp_path / "kb", AFTER)
    return tmp_path / "kb"


@pytest.fixture
def settings(indexed_before: Path, tmp_path: Path) -> Settings:
    return make_settings(copied(indexed_before, tmp_path))


def _job(work: Work, settings: Settings, knowledge_base: Path, *, crash_at: str, settled: int = 0) -> Job:
    return Job(
        work, str(settings.data_dir), str(knowledge_base), settings.database_url, crash_at=crash_at, settled=settled
    )


def test_every_crash_point_is_of_something_that_is_killed_there() -> None:
    assert all(
        point.startswith(("store.", "turn.", "train.", "model.", "request.", "delivery.", "telegram."))
        for point in CRASH_POINTS
    )
    assert {point for point, _ in CASES} == set(POINTS)


@pytest.mark.parametrize(("point", "settled"), CASES)
def test_a_killed_sync_shows_whole_documents_and_the_next_one_finishes(
    nursery: Nursery, settings: Settings, knowledge_base: Path, point: str, settled: int
) -> None:
    _die_and_recover(nursery, settings, knowledge_base, point, settled)


@pytest.mark.postgres
@pytest.mark.parametrize("point", ON_POSTGRES)
def test_the_same_holds_on_postgresql(
    nursery: Nursery, tmp_path: Path, postgres_url: str, knowledge_base: Path, point: str
) -> None:
    settings = make_settings(tmp_path / "data", database_url=postgres_url)
    write_folder(knowledge_base, BEFORE)
    with opened_knowledge(settings) as knowledge:
        knowledge.ingestor.sync_folder(knowledge_base)
    write_folder(knowledge_base, AFTER)
    _die_and_recover(nursery, settings, knowledge_base, point, REMOVED)


def _die_and_recover(nursery: Nursery, settings: Settings, knowledge_base: Path, point: str, settled: int) -> None:
    assert nursery.run(_job(Work.SYNC, settings, knowledge_base, crash_at=point, settled=settled)) == KILLED
    _check_as_it_was_left(settings)
    # The sync that finishes may die there too, if it still comes by.
    assert nursery.run(_job(Work.SYNC, settings, knowledge_base, crash_at=point)) in (KILLED, 0)
    _check_as_it_was_left(settings)
    _check_after_a_sync(settings, knowledge_base, AFTER)


def _check_as_it_was_left(settings: Settings) -> None:
    with opened_untouched(settings) as store:
        check_served(store, BEFORE, AFTER)


def _check_after_a_sync(settings: Settings, knowledge_base: Path, texts: Mapping[str, str]) -> None:
    with opened_knowledge(settings) as knowledge:
        knowledge.ingestor.sync_folder(knowledge_base)
        check_whole(knowledge.store, texts)
        again = knowledge.ingestor.sync_folder(knowledge_base)
        assert (again.added, again.replaced, again.removed, again.passages) == ([], [], [], 0)


@pytest.mark.parametrize("point", ["store.staged", "store.indexed.vectors", "store.verified", "store.published"])
def test_a_change_that_is_undone_after_the_crash_leaves_nothing(
    nursery: Nursery, settings: Settings, knowledge_base: Path, point: str
) -> None:
    assert nursery.run(_job(Work.SYNC, settings, knowledge_base, crash_at=point, settled=REMOVED)) == KILLED
    write_folder(knowledge_base, BEFORE)
    _check_after_a_sync(settings, knowledge_base, BEFORE)


@pytest.mark.parametrize("point", ["store.indexed.vectors", "store.indexed.keyword", *REBUILD_POINTS])
def test_a_reindex_that_is_killed_serves_one_pair_of_indexes_whole(
    nursery: Nursery, settings: Settings, knowledge_base: Path, point: str
) -> None:
    assert nursery.run(_job(Work.REINDEX, settings, knowledge_base, crash_at=point)) == KILLED
    with opened_untouched(settings) as store:
        check_whole(store, BEFORE)
        served = store.serving.pair.number
    with opened_knowledge(settings) as knowledge:
        check_whole(knowledge.store, BEFORE)
    assert [pair.name for pair in (settings.data_dir / "indexes").iterdir()] == [str(served)]


def test_a_reindex_beside_what_a_killed_sync_left_is_made_good_too(
    nursery: Nursery, settings: Settings, knowledge_base: Path
) -> None:
    left = _job(Work.SYNC, settings, knowledge_base, crash_at="store.indexed.keyword", settled=REMOVED)
    assert nursery.run(left) == KILLED
    again = _job(Work.REINDEX, settings, knowledge_base, crash_at="store.indexed.vectors")
    assert nursery.run(again) == KILLED
    with opened_knowledge(settings) as knowledge:
        check_served(knowledge.store, BEFORE, AFTER)


@pytest.mark.parametrize(("point", "settled"), [("store.verified", 0), ("store.published", 1)])
def test_the_engine_finishes_a_killed_sync_by_itself(
    nursery: Nursery, settings: Settings, knowledge_base: Path, point: str, settled: int
) -> None:
    assert nursery.run(_job(Work.WORKFLOW, settings, knowledge_base, crash_at=point, settled=settled)) == KILLED
    _check_as_it_was_left(settings)
    assert nursery.run(Job(Work.RESUME, str(settings.data_dir), str(knowledge_base))) == 0
    with opened_untouched(settings) as store:
        check_whole(store, AFTER)
