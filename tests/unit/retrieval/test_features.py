from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.types import Chunk, DocumentMeta, Kind
from retrieval.features import AMONG_QUESTIONS, FEATURES, Found, features
from retrieval.ranking import Candidate
from retrieval.records import LiveChunk
from retrieval.tokenise import query_terms
from retrieval.wording import Wording, said_in
from tests.unit.retrieval.asking import wording

COSINES = (0.2, 0.7)


def found(
    text: str,
    *,
    chunk_id: str = "a-00000",
    section: tuple[str, ...] = (),
    fused: float = 0.5,
    question: str | None = None,
    version: str = "a",
) -> Found:
    end = 100 + len(text)
    chunk = Chunk(chunk_id, "d", version, 0, text, 100, end, section, question=question, sentences=((100, end),))
    live = LiveChunk(chunk, DocumentMeta(title="Guide"), Kind.DOCUMENT, np.empty((1, 2), dtype=np.float32))
    said = said_in(wording(""), live)
    return Found(live, Candidate(chunk_id, 0.5, 1.0), fused, said, near=COSINES, own=(0.1, 0.35))


def asked_of(asked: Wording, *some: Found) -> list[Found]:
    return [replace(one, said=said_in(asked, one.live)) for one in some]


def row(asked: Wording, one: Found, *others: tuple[Candidate, float]) -> dict[str, float]:
    [numbers] = features(asked, asked_of(asked, one), [(one.candidate, one.fused), *others])
    return dict(zip((*FEATURES, "among"), map(float, numbers), strict=True))


def test_a_heading_counts_by_the_share_of_the_questions_words_in_it() -> None:
    asked = wording("renew the study permit fee")
    assert row(asked, found("…", section=("Study permit", "How to renew it")))["heading"] == pytest.approx(0.75)


def test_the_title_is_no_heading_wherever_it_stands() -> None:
    asked = wording("guide to the fee")
    assert row(asked, found("…", section=("Guide",)))["heading"] == 0.0
    assert row(asked, found("…", section=("Guide", "Fee")))["heading"] == pytest.approx(0.5)


def test_words_of_an_older_turn_count_less_than_the_questions() -> None:
    own, older = query_terms("fee")[0], query_terms("permit")[0]
    asked = Wording((own,), {own: 1.0, older: 0.25})
    assert row(asked, found("…", section=("Fee",)))["heading"] == pytest.approx(0.8)
    assert row(asked, found("…", section=("Permit",)))["heading"] == pytest.approx(0.2)


def test_words_that_stand_together_count_as_a_phrase() -> None:
    asked = wording("open work permit")
    assert row(asked, found("An open work permit is needed."))["phrase"] == 1.0
    assert row(asked, found("You may work while it is open for a permit."))["phrase"] == 0.0


def test_a_form_code_is_found_however_it_is_written() -> None:
    asked = wording("where do I send IMM 5710")
    assert row(asked, found("Send the form IMM5710 by post."))["code"] > 0.4
    assert row(asked, found("Send the form by post."))["code"] == 0.0


def test_the_nearest_sentence_counts_for_question_and_history() -> None:
    numbers = row(wording("fee"), found("The fee."))
    assert [numbers["sentence"], numbers["own_sentence"]] == pytest.approx([0.7, 0.35])


def test_an_encoder_that_cannot_read_the_question_says_nothing_of_sentences() -> None:
    assert row(wording("tasa", trust=0.4), found("La tasa."))["sentence"] == 0.0


def test_a_passage_shares_in_the_best_of_its_document_alone() -> None:
    others = ((Candidate("a-00007", 0.9, 2.0), 0.9), (Candidate("b-00001", 1.0, 3.0), 1.0))
    assert row(wording("fee"), found("The fee.", fused=0.3), *others)["document"] == pytest.approx(0.9)


def test_a_question_without_words_gives_numbers_all_the_same() -> None:
    assert all(np.isfinite(list(row(wording("?"), found("The fee.")).values())))
    assert features(wording("?"), [], []).shape == (0, len(FEATURES) + 1)


def test_only_in_a_long_document_it_counts_how_far_down_a_passage_stands() -> None:
    first, later, last = (found("The fee.", chunk_id=f"a-{number:05}") for number in (0, 3, 9))
    asked = wording("fee")
    assert row(asked, later)["place"] == 0.0
    assert row(asked, first, (last.candidate, 0.1))["place"] == 0.0
    assert row(asked, last)["place"] < row(asked, later, (last.candidate, 0.1))["place"] < 0.0


def test_a_shortlist_of_help_pages_is_known_by_its_questions() -> None:
    asked = wording("fee")
    assert row(asked, found("The fee.", question="What is the fee?"))["among"] == 1.0
    assert row(asked, found("The fee."))["among"] == 0.0


def test_what_is_found_in_prose_and_among_questions_is_all_weighed_alike() -> None:
    prose = found("The fee.")
    pages = [found("The fee.", question="What is the fee?") for _ in range(7)]
    rows = features(wording("fee"), [*pages, prose, prose, prose], [(prose.candidate, prose.fused)])
    assert rows[:, AMONG_QUESTIONS] == pytest.approx(np.full(10, 0.5))
    assert rows[:, FEATURES.index("fused")] == pytest.approx(np.full(10, 0.5))


def test_passages_of_one_section_share_their_mean_cosine() -> None:
    asked = wording("fee")
    near, far, other = found("A.", section=("Fees",)), found("B.", section=("Fees",)), found("C.", section=("Age",))
    far = replace(far, candidate=replace(far.candidate, dense=0.1))
    rows = features(asked, [near, far, other], [])
    assert rows[:, FEATURES.index("section")] == pytest.approx([0.3, 0.3, 0.5])
    unread = features(wording("tasa", trust=0.4), [near, far, other], [])
    assert unread[:, FEATURES.index("section")] == pytest.approx([0.0, 0.0, 0.0])


def test_the_passages_of_a_document_count_for_the_words_that_they_hold_together() -> None:
    asked = wording("study permit fee")
    some = asked_of(
        asked,
        found("A study permit lets you study."),
        found("It costs $150.", section=("Guide", "The fee")),
        found("A permit to fish.", version="b"),
    )
    rows = features(asked, some, [])
    assert rows[:, FEATURES.index("document_words")] == pytest.approx([1.0, 1.0, 1 / 3])
