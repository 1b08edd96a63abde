from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInput
from core.hash_embeddings import HashEmbeddings
from core.models import PassageEmbeddings


def test_texts_that_share_words_are_nearer_than_others() -> None:
    model = HashEmbeddings()
    question, near, far = (model.embed_query_vector(text) for text in ("study permit fee", "the study permit", "a dog"))
    assert question @ near > question @ far + 0.3


def test_the_same_text_has_the_same_vector_everywhere() -> None:
    np.testing.assert_array_equal(HashEmbeddings().embed_query("visa"), HashEmbeddings().embed_query("visa"))


def test_a_passage_comes_with_the_vectors_of_its_sentences() -> None:
    model = HashEmbeddings(dimension=8)
    [passage] = model.embed_passages(["Pay first. Then apply."], [[(0, 10), (11, 22)]])
    assert passage.sentences.shape == (2, 8)
    np.testing.assert_allclose(passage.sentences[1], model.embed_query_vector("Then apply."))


def test_a_text_over_the_window_is_refused_and_never_cut() -> None:
    with pytest.raises(InvalidInput, match="longer than the window of 5"):
        HashEmbeddings(max_tokens=5).embed_query_vector("one two three four")


def test_it_is_one_of_the_two_implementations() -> None:
    assert isinstance(HashEmbeddings(), PassageEmbeddings)
