"""The figures of a bench, against values worked out by hand."""

import pytest

from evals.bench_figures import auroc, bootstrap, equal_ranks, false_at_coverage, rank_scores, token_f1
from evals.bench_places import Alignment, Place, is_at


def test_a_ranking_is_scored_against_the_best_there_could_be() -> None:
    assert rank_scores([True, True], 2) == {"ndcg@10": 1.0, "hit@1": 1.0, "hit@10": 1.0, "mrr": 1.0}
    second = rank_scores([False, True, False], 1)
    assert second["ndcg@10"] == pytest.approx(0.6309, abs=1e-4)
    assert (second["hit@1"], second["mrr"]) == (0.0, 0.5)
    late = rank_scores([False] * 10 + [True], 1)
    assert set(late.values()) == {0.0}
    assert rank_scores([True], 2)["ndcg@10"] == pytest.approx(1 / 1.6309, abs=1e-4)
    with pytest.raises(ValueError, match="nothing relevant"):
        rank_scores([False], 0)
    with pytest.raises(ValueError, match="2 relevant entries were ranked where there are 1"):
        rank_scores([True, True], 1)


def test_equal_ranks_prefer_what_both_found() -> None:
    assert equal_ranks(["a", "b", "c"], ["d", "b"])[0] == "b"
    assert equal_ranks(["a"], ["b"]) == ["a", "b"]


def test_words_count_as_often_as_they_stand() -> None:
    assert token_f1("Pay $40 now", "you pay $40") == pytest.approx(2 / 3)
    assert token_f1("", "you pay") == 0.0


def test_order_and_bars() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    with pytest.raises(ValueError, match="both sides"):
        auroc([], [0.1])
    present = [0.1, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.91, 0.92, 0.93]
    assert false_at_coverage(present, [0.39, 0.4, 0.95, 0.2], coverage=0.9) == 0.5


def test_an_interval_holds_its_figure_and_is_the_same_again() -> None:
    sure, unsure = [0.2 + 0.01 * n for n in range(60)], [0.01 * n for n in range(60)]
    low, high = bootstrap(auroc, sure, unsure)
    assert low < auroc(sure, unsure) < high
    assert bootstrap(auroc, sure, unsure) == (low, high)


def test_words_are_found_again_in_the_text_that_was_made_of_theirs() -> None:
    text = "• Fees *\n\nThe fee is 40 kronur.\nPay it  before\nyou travel. End."
    made = "Fees\n\nThe fee is 40 kronur. Pay it before you travel.\n\nEnd."
    alignment = Alignment(text, made)
    span = alignment.span(text.index("Pay"), text.index(" End"))
    assert span is not None
    assert made[slice(*span)] == "Pay it before you travel."
    assert alignment.span(0, 1) is None


def test_spans_are_the_same_place_from_half_of_the_shorter_one() -> None:
    assert is_at(Place("d", 0, 100), [Place("d", 90, 110)])
    assert not is_at(Place("d", 0, 100), [Place("d", 91, 110)])
    assert not is_at(Place("d", 0, 100), [Place("e", 0, 100)])
    assert not is_at(Place("d", 0, 10), [Place("d", 10, 20)])
