"""What the examples of abstention count when the model is fitted."""

import numpy as np
import pytest

from evals.fit.abstention_examples import Examples
from evals.fit.own_cases import OWN


def _examples(*told: tuple[str, bool, bool]) -> Examples:
    """Examples of a set each, `answered`, and asked without their documents."""
    names, answered, left_out = (np.array(column) for column in zip(*told, strict=True))
    size = len(told)
    return Examples(
        rows=np.zeros((size, 1)), answered=answered, topical=np.ones(size, dtype=bool), names=names,
        others=np.full(size, ""), development=np.ones(size, dtype=bool), folds=np.zeros(size, dtype=np.int64),
        left_out=left_out,
    )  # fmt: skip


def test_cases_written_without_an_answer_count_twice_those_that_lost_their_documents() -> None:
    examples = _examples(
        (OWN, True, False), (OWN, False, False), (OWN, False, True), (OWN, False, True), (OWN, False, True),
        ("set", True, False), ("set", False, False), ("set", False, False),
    )  # fmt: skip
    own, written, *lost = examples.counts()[:5]
    assert written == pytest.approx(2 * sum(lost))
    assert own == pytest.approx(written + sum(lost)), "answered questions count as much as the others"
    assert examples.counts()[5:].tolist() == pytest.approx([1.0, 0.5, 0.5])
