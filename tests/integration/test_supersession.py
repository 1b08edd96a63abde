"""Whose rules are replaced by whose, for whom and from which day; over both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.database import Database
from core.types import DocumentMeta
from retrieval.query import Query
from retrieval.retriever import HybridRetriever
from retrieval.store import ChunkStore
from tests.integration.stores import opened_store, put


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Iterator[ChunkStore]:
    with opened_store(database, tmp_path) as opened:
        yield opened


def _rule(
    store: ChunkStore,
    name: str,
    *,
    supersedes: str | None = None,
    since: int | None = None,
    until: int | None = None,
    jurisdiction: str = "CA",
    audience: str = "public",
) -> None:
    """A document whose only sentence names it, in force from the first day of `since` to the last of `until`."""
    meta = DocumentMeta(
        name, jurisdiction=jurisdiction, audience=audience, supersedes=supersedes,
        effective_from=date(since, 1, 1) if since else None, effective_to=date(until, 12, 31) if until else None,
    )  # fmt: skip
    put(store, f"version of {name}", f"The visa fee is that of {name}.", document_id=name, meta=meta)


def _seen(store: ChunkStore, year: int, *, jurisdiction: str | None = None, audience: str = "public") -> set[str]:
    retriever = HybridRetriever(store=store)
    query = Query("visa fee", as_of=date(year, 6, 1), jurisdiction=jurisdiction, audience=audience)
    return {passage.chunk.document_id for passage in retriever.search(query)}


def test_a_successor_replaces_from_its_first_day_on(store: ChunkStore) -> None:
    _rule(store, "A")
    _rule(store, "B", supersedes="A", since=2026)
    assert [_seen(store, year) for year in (2025, 2026)] == [{"A"}, {"B"}]


@pytest.mark.parametrize(("year", "seen"), [(2024, "A"), (2025, "B"), (2026, "C"), (2030, "C")])
def test_of_a_chain_one_link_is_in_force_on_any_day(store: ChunkStore, year: int, seen: str) -> None:
    _rule(store, "A")
    _rule(store, "B", supersedes="A", since=2025, until=2025)
    _rule(store, "C", supersedes="B", since=2026)
    assert _seen(store, year) == {seen}


def test_old_rules_do_not_come_back_when_their_successor_ends(store: ChunkStore) -> None:
    _rule(store, "A")
    _rule(store, "B", supersedes="A", since=2025, until=2025)
    assert _seen(store, 2026) == set()


def test_a_link_that_was_removed_still_separates_its_neighbours(store: ChunkStore) -> None:
    _rule(store, "A")
    _rule(store, "B", supersedes="A")
    _rule(store, "C", supersedes="B")
    store.remove("B")
    assert _seen(store, 2026) == {"C"}


def test_without_its_successor_a_document_counts_again(store: ChunkStore) -> None:
    _rule(store, "A")
    _rule(store, "B", supersedes="A")
    store.remove("B")
    assert _seen(store, 2026) == {"A"}


def test_a_successor_of_a_document_that_is_gone_is_served(store: ChunkStore) -> None:
    _rule(store, "B", supersedes="never there")
    assert _seen(store, 2026) == {"B"}


def test_a_document_does_not_replace_itself(store: ChunkStore) -> None:
    _rule(store, "A", supersedes="A")
    assert _seen(store, 2026) == {"A"}


def test_documents_that_replace_each_other_end(store: ChunkStore) -> None:
    _rule(store, "A", supersedes="B")
    _rule(store, "B", supersedes="A")
    assert _seen(store, 2026) == set()


def test_a_successor_for_staff_takes_nothing_from_the_public(store: ChunkStore) -> None:
    _rule(store, "A")
    _rule(store, "B", supersedes="A", audience="staff")
    assert (_seen(store, 2026), _seen(store, 2026, audience="staff")) == ({"A"}, {"B"})


def test_the_public_sees_one_version_over_a_link_for_staff(store: ChunkStore) -> None:
    _rule(store, "A")
    _rule(store, "B", supersedes="A", audience="staff")
    _rule(store, "C", supersedes="B")
    assert _seen(store, 2026) == {"C"}


def test_a_successor_for_one_country_takes_nothing_from_the_others(store: ChunkStore) -> None:
    _rule(store, "A", jurisdiction="ZZ")
    _rule(store, "B", supersedes="A", jurisdiction="CA")
    assert _seen(store, 2026, jurisdiction="GB") == {"A"}
    assert _seen(store, 2026, jurisdiction="CA") == {"B"}
    assert _seen(store, 2026) == {"B"}
