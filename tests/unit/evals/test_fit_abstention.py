"""What the examples of abstention count when the model is fitted."""

from collections.abc import Sequence

import numpy as np
import pytest

from chains.evidence import SIGNALS
from evals.fit.abstention_examples import Examples
from evals.fit.own_cases import OWN, WORDINGS


def _examples(*told: tuple[str, bool, bool], words: Sequence[int] = ()) -> Examples:
    """Examples of a set each, `answered`, and asked without their documents; `words` are how long they are."""
    names, answered, left_out = (np.array(column) for column in zip(*told, strict=True))
    size = len(told)
    rows = np.zeros((size, len(SIGNALS)))
    rows[:, SIGNALS.index("length")] = np.log1p(words or [10] * size)
    return Examples(
        rows=rows, answered=answered, topical=np.ones(size, dtype=bool), names=names,
        others=np.full(size, ""), development=np.ones(size, dtype=bool), folds=np.zeros(size, dtype=np.int64),
        left_out=left_out,
    )  # fmt: skip


def test_cases_written_without_an_answer_count_four_times_those_that_lost_their_documents() -> None:
    examples = _examples(
        (OWN, True, False), (OWN, False, False), (OWN, False, True), (OWN, False, True), (OWN, False, True),
        ("set", True, False), ("set", False, False), ("set", False, False),
    )  # fmt: skip
    own, written, *lost = examples.counts()[:5]
    assert written == pytest.approx(4 * sum(lost))
    assert own == pytest.approx(written + sum(lost)), "answered questions count as much as the others"
    assert examples.counts()[5:].tolist() == pytest.approx([1.0, 0.5, 0.5])


def test_how_long_a_message_is_says_nothing_of_whether_it_is_answered() -> None:
    told = [(WORDINGS, True, False)] * 3 + [(WORDINGS, False, False), (WORDINGS, True, False), (WORDINGS, False, False)]
    counts = _examples(*told, words=[40, 40, 40, 40, 5, 5]).counts()
    assert counts[:3].sum() == pytest.approx(counts[3]), "of stories as many answered as not"
    assert counts[4] == pytest.approx(counts[5])


def test_first_messages_and_further_ones_are_learned_from_apart() -> None:
    examples = _examples((OWN, True, False), (OWN, False, False), ("set", True, False), ("set", False, False))
    examples.rows[[1, 3], SIGNALS.index("continues")] = 1.0
    assert examples.first().names.tolist() == [OWN], "public sets teach nothing of first messages"
    assert examples.continued().names.tolist() == [OWN, "set"]
