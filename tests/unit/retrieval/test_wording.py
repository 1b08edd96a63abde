from __future__ import annotations

import numpy as np
import pytest

from core.types import Chunk, DocumentMeta, Kind
from retrieval.records import LiveChunk
from retrieval.tokenise import query_terms
from retrieval.wording import Wording, said_in
from tests.unit.retrieval.asking import wording


@pytest.fixture
def fee() -> LiveChunk:
    text = "A study permit costs $150."
    chunk = Chunk("a-0", "d", "a", 0, text, 0, len(text), ("Guide", "The fee"), sentences=((0, len(text)),))
    return LiveChunk(chunk, DocumentMeta(title="Guide"), Kind.DOCUMENT, np.empty((1, 2), dtype=np.float32))


def test_a_question_is_covered_by_a_passage_with_its_headings_and_title(fee: LiveChunk) -> None:
    assert said_in(wording("what is the fee of the study permit in this guide"), fee).coverage == pytest.approx(1.0)
    assert said_in(wording("study visa"), fee).coverage == pytest.approx(0.5)
    assert said_in(wording("the"), fee).coverage == 0.0


def test_what_an_older_turn_said_covers_nothing_of_the_question(fee: LiveChunk) -> None:
    own, older = query_terms("visa")[0], query_terms("permit")[0]
    asked = Wording((own,), {own: 1.0, older: 0.25})
    said = said_in(asked, fee)
    assert said.coverage == 0.0
    assert [asked.counted[at] for at in said.held] == [older]


def test_the_title_is_not_among_what_a_passage_holds(fee: LiveChunk) -> None:
    asked = wording("study guide")
    said = said_in(asked, fee)
    assert [asked.counted[at] for at in said.held] == query_terms("study")
    assert said.coverage == pytest.approx(1.0)
