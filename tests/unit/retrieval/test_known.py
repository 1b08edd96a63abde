"""Where trained pairs stand among the passages of a question."""

from __future__ import annotations

import numpy as np
import pytest

from core.types import Chunk, DocumentMeta, Kind, Passage
from retrieval.known import with_known
from retrieval.served import DISCOUNT, KnownQuestions, ServedModel, is_trained


def _passage(name: str, dense: float, score: float, kind: Kind = Kind.DOCUMENT) -> Passage:
    chunk = Chunk(f"{name}-00000", name, name, 0, name, 0, len(name))
    return Passage(chunk, DocumentMeta(title=name), score=score, kind=kind, dense=dense)


DOCUMENTS = [_passage("a", 0.6, 0.9), _passage("b", 0.4, 0.8), _passage("c", 0.3, 0.7)]


@pytest.mark.parametrize(("likeness", "place"), [(0.7, 0), (0.5, 1), (0.35, 2), (0.1, 2)])
def test_a_pair_stands_before_the_first_passage_that_is_less_near(likeness: float, place: int) -> None:
    pair = _passage("pair", likeness, likeness, Kind.APPROVED)
    ranked = with_known(DOCUMENTS, [pair])
    assert [one.chunk.id for one in ranked].index(pair.chunk.id) == place
    scores = [one.score for one in ranked]
    assert scores == sorted(scores, reverse=True)


def test_only_questions_that_have_to_do_with_it_are_near_and_discounted() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)
    known = KnownQuestions(("x-00000", "y-00000", "z-00000"), vectors, "model")
    near = known.near(np.array([1, 0], dtype=np.float32), "model")
    assert near == pytest.approx({"x-00000": DISCOUNT, "y-00000": 0.8 * DISCOUNT})


def test_vectors_of_another_model_are_never_compared() -> None:
    known = KnownQuestions(("x-00000",), np.ones((1, 2), dtype=np.float32), "old")
    assert known.near(np.ones(3, dtype=np.float32), "new") == {}


def test_a_model_without_pairs_finds_none() -> None:
    assert ServedModel("v0").questions.near(np.ones(2, dtype=np.float32), "") == {}


def test_pairs_are_told_by_their_ids() -> None:
    assert is_trained("approved/1")
    assert not is_trained("kb/approved/1.md")
