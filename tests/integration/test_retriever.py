from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.database import Database
from core.types import DocumentMeta
from retrieval.query import Query
from retrieval.retriever import HybridRetriever
from retrieval.store import ChunkStore
from tests.integration.stores import opened_store, put, stage

TODAY = date(2026, 11, 20)


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Iterator[ChunkStore]:
    with opened_store(database, tmp_path) as opened:
        yield opened


@pytest.fixture
def retriever(store: ChunkStore) -> HybridRetriever:
    return HybridRetriever(store=store, today=lambda: TODAY)


def _texts(retriever: HybridRetriever, query: Query) -> list[str]:
    return [passage.chunk.text for passage in retriever.search(query)]


def test_finds_the_passage_and_fills_in_every_figure(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "The study permit fee is $150. Pay online.\nBring a passport.")
    first, second = retriever.search(Query("study permit fee", as_of=TODAY))
    assert first.chunk.text.startswith("The study permit fee")
    assert first.score > second.score
    assert first.coverage == pytest.approx(1.0)
    assert second.coverage == 0.0
    assert first.keyword > 0
    assert first.dense > second.dense
    assert first.sentence_scores[0] > first.sentence_scores[1]


def test_a_form_code_in_other_writing_finds_its_form(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "Fill in form IMM 5710 to extend.\nFill in form IMM 1294 to study.\nFill in form I-485.")
    assert _texts(retriever, Query("imm5710", as_of=TODAY, k=1)) == ["Fill in form IMM 5710 to extend."]
    assert _texts(retriever, Query("I485", as_of=TODAY, k=1)) == ["Fill in form I-485."]


def test_only_rules_in_force_on_the_day_are_found(store: ChunkStore, retriever: HybridRetriever) -> None:
    old = DocumentMeta("Old", effective_to=date(2026, 6, 30))
    new = DocumentMeta("New", effective_from=date(2026, 7, 1))
    put(store, "v1", "The visa fee is $100.", document_id="old.md", meta=old)
    put(store, "v2", "The visa fee is $120.", document_id="new.md", meta=new)
    assert _texts(retriever, Query("visa fee", as_of=date(2026, 6, 30))) == ["The visa fee is $100."]
    assert _texts(retriever, Query("visa fee", as_of=date(2026, 7, 1))) == ["The visa fee is $120."]


def test_a_document_that_is_stood_in_for_is_not_found(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "The visa fee is $100.", document_id="old.md")
    newer = DocumentMeta("New", supersedes="old.md", effective_from=date(2026, 7, 1))
    put(store, "v2", "The visa fee is $120.", document_id="new.md", meta=newer)
    assert _texts(retriever, Query("visa fee", as_of=TODAY)) == ["The visa fee is $120."]
    assert _texts(retriever, Query("visa fee", as_of=date(2026, 1, 1))) == ["The visa fee is $100."]


def test_another_countrys_rules_are_not_found_but_general_ones_are(
    store: ChunkStore, retriever: HybridRetriever
) -> None:
    for code in ("CA", "GB", "ZZ"):
        put(store, code, f"A visa for {code}.", document_id=code, meta=DocumentMeta(code, jurisdiction=code))
    assert set(_texts(retriever, Query("visa", as_of=TODAY, jurisdiction="CA"))) == {"A visa for CA.", "A visa for ZZ."}
    assert len(_texts(retriever, Query("visa", as_of=TODAY))) == 3


def test_the_rules_of_a_countrys_area_are_found_with_its_own(store: ChunkStore, retriever: HybridRetriever) -> None:
    for code in ("DE", "SCHENGEN", "GB"):
        put(store, code, f"A visa for {code}.", document_id=code, meta=DocumentMeta(code, jurisdiction=code))
    found = set(_texts(retriever, Query("visa", as_of=TODAY, jurisdiction="DE")))
    assert found == {"A visa for DE.", "A visa for SCHENGEN."}
    assert _texts(retriever, Query("visa", as_of=TODAY, jurisdiction="SCHENGEN")) == ["A visa for SCHENGEN."]


def test_a_chunks_own_country_wins_over_its_documents(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(
        store, "v1", "CA: visa office Ottawa.\nGB: visa office London.", meta=DocumentMeta("Offices", jurisdiction="CA")
    )
    assert _texts(retriever, Query("visa office", as_of=TODAY, jurisdiction="GB")) == ["GB: visa office London."]


def test_passages_for_others_are_not_found(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "The visa desk is closed.", document_id="staff.md", meta=DocumentMeta("Desk", audience="staff"))
    put(store, "v2", "The visa is free.", document_id="all.md")
    assert _texts(retriever, Query("visa", as_of=TODAY)) == ["The visa is free."]
    assert len(_texts(retriever, Query("visa", as_of=TODAY, audience="staff"))) == 2


def test_asks_again_when_other_countries_fill_the_first_candidates(
    store: ChunkStore, retriever: HybridRetriever
) -> None:
    crowd = "\n".join(f"Visa visa rule {number}." for number in range(150))
    put(store, "v1", crowd, document_id="us.md", meta=DocumentMeta("US", jurisdiction="US"))
    put(
        store,
        "v2",
        "One rule of many words about a visa here.",
        document_id="ca.md",
        meta=DocumentMeta("CA", jurisdiction="CA"),
    )
    assert len(_texts(retriever, Query("visa rule", as_of=TODAY, jurisdiction="CA"))) == 1


def test_a_staged_version_and_a_removed_document_are_not_found(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "The visa is free.", document_id="gone.md")
    stage(store, "v2", "The visa is new.", document_id="new.md")
    store.index("v2")
    assert _texts(retriever, Query("visa", as_of=TODAY)) == ["The visa is free."]
    store.remove("gone.md")
    assert _texts(retriever, Query("visa", as_of=TODAY)) == []


def test_an_index_that_lags_behind_never_leaks(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "The visa costs $100.")
    stage(store, "v2", "The visa costs $120.")
    store.index("v2")
    store.publish("v2")
    assert store.vectors.count() == 2
    assert _texts(retriever, Query("visa costs", as_of=TODAY)) == ["The visa costs $120."]


def test_a_follow_up_leans_on_the_turns_before_it(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "A study permit takes eight weeks.\nA work permit takes twelve weeks.")
    query = Query("how long does it take", as_of=TODAY, history=("I want a work permit",), k=1)
    assert _texts(retriever, query) == ["A work permit takes twelve weeks."]


def test_a_passage_tells_how_near_it_is_to_all_that_was_asked(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "A work permit in Canada is valid for two years.\nBring a passport.")
    told = ("I want a work permit in Canada",)
    alone, further = (
        retriever.search(Query("for how many years is it valid", as_of=TODAY, told=turns))[0] for turns in ((), told)
    )
    assert alone.conversation == max(alone.sentence_scores), "a first message is all there is"
    assert further.conversation > alone.conversation
    assert further.sentence_scores == alone.sentence_scores, "the question alone tells which sentence answers"


def test_a_message_that_leans_on_its_conversation_is_looked_for_with_more_of_it(
    store: ChunkStore, retriever: HybridRetriever
) -> None:
    put(store, "v1", "A work permit takes some time.\nBring a passport.")
    query = Query("how long", as_of=TODAY, told=("I want a work permit",))
    near = [retriever.search(asked)[0].dense for asked in (query, replace(query, leans=True))]
    assert near[0] < near[1]


def test_a_question_in_an_unspaced_script_is_ranked_by_its_words(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(
        store,
        "v1",
        "签证费用是一百元。\n学习许可需要八周。\n护照照片的要求。",
        meta=DocumentMeta("指南", language="zh"),
    )
    assert _texts(retriever, Query("学习许可要多久?", as_of=TODAY))[0] == "学习许可需要八周。"


def test_a_question_longer_than_the_window_is_still_answered(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "The study permit fee is $150.\nA dog.")
    long = "I have been wondering for long " * 60 + "what the study permit fee is"
    assert _texts(retriever, Query(long, as_of=TODAY))[0] == "The study permit fee is $150."


@pytest.mark.parametrize("text", ["", "???", "zzzz qqqq"])
def test_a_question_without_known_words_does_not_fail(store: ChunkStore, retriever: HybridRetriever, text: str) -> None:
    put(store, "v1", "The visa is free.")
    assert all(passage.keyword == 0 for passage in retriever.search(Query(text, as_of=TODAY)))


def test_an_empty_store_finds_nothing(retriever: HybridRetriever) -> None:
    assert retriever.search(Query("visa", as_of=TODAY, jurisdiction="CA")) == []


def test_it_is_a_langchain_retriever_of_today(store: ChunkStore, retriever: HybridRetriever) -> None:
    put(store, "v1", "The visa is free.", meta=DocumentMeta("Visas", effective_from=TODAY))
    [document] = retriever.invoke("visa")
    assert (document.page_content, document.id, document.metadata["title"]) == ("The visa is free.", "v1:0", "Visas")
