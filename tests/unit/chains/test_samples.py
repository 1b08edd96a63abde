"""What sample questions do to how sure an answer is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.confidence import Confidence, shipped_model
from chains.samples import ARTIFACT, sample_signals, told_by_samples
from core.types import Chunk, DocumentMeta, Passage, SampleLikeness

cosines = st.floats(-0.2, 1.0)
chances = st.floats(0.0, 1.0)


def _passage(samples: SampleLikeness | None) -> Passage:
    chunk = Chunk("v1:0", "kb/a.md", "v1", 0, "You need a permit.", 0, 18)
    return Passage(chunk, DocumentMeta(title="Work"), score=1.0, samples=samples)


def _sure(sure: float, *samples: SampleLikeness | None) -> float:
    return told_by_samples(Confidence(sure, topical=1.0), [_passage(one) for one in samples]).sure


@given(chances)
def test_without_samples_it_is_as_sure_as_before(sure: float) -> None:
    assert _sure(sure) == _sure(sure, None) == sure


@given(chances, cosines, cosines)
def test_where_the_best_section_has_none_those_of_others_say_nothing(
    sure: float, answered: float, absent: float
) -> None:
    assert _sure(sure, None, SampleLikeness(answered, answered, absent)) == sure


@given(chances, cosines)
def test_a_document_that_tells_too_little_of_what_it_lacks_says_nothing(sure: float, near: float) -> None:
    assert _sure(sure, SampleLikeness(near, near, None)) == sure
    assert _sure(sure, SampleLikeness(near, near, None), SampleLikeness(near, near, 0.1)) == sure


def test_what_seemed_unlikely_by_its_passages_is_not_made_likely_by_a_sample() -> None:
    assert _sure(0.3, SampleLikeness(0.99, 0.99, 0.1)) < shipped_model().answer_from


@given(st.floats(0.05, 0.95), st.floats(0.6, 0.9))
def test_one_who_asks_what_a_document_does_not_say_is_answered_less_readily(sure: float, near: float) -> None:
    said = _sure(sure, SampleLikeness(near, near, near - 0.1))
    not_said = _sure(sure, SampleLikeness(near - 0.1, near - 0.1, near))
    assert not_said < said


@pytest.mark.parametrize("near", [0.3, 0.4, 0.5])
def test_far_samples_make_no_difference_by_which_is_nearer(near: float) -> None:
    assert _sure(0.6, SampleLikeness(near, near, 0.1)) == _sure(0.6, SampleLikeness(0.1, 0.1, near))


@given(chances, chances)
def test_who_was_surer_without_samples_is_no_less_sure_with_them(one: float, other: float) -> None:
    samples = SampleLikeness(0.7, 0.7, 0.65)
    assert _sure(min(one, other), samples) <= _sure(max(one, other), samples)


def test_the_nearest_samples_of_all_documents_count() -> None:
    alone = sample_signals(0.5, [_passage(SampleLikeness(0.6, 0.6, 0.5))])
    together = sample_signals(
        0.5, [_passage(SampleLikeness(0.6, 0.6, 0.5)), _passage(None), _passage(SampleLikeness(0.2, 0.3, 0.9))]
    )
    assert alone == pytest.approx((0.0, 0.2, 0.02))
    assert together == pytest.approx((0.0, 0.8, 0.8 * -0.3))


def test_the_artifact_says_what_it_was_worth_on_held_out_cases() -> None:
    measured = json.loads(ARTIFACT.read_text(encoding="utf-8"))["measured"]
    for found in measured.values():
        assert found["with"]["auroc"] > found["without"]["auroc"]
