from datetime import date

import pytest

from chains.contextualise import contextualise
from chains.sentence_features import FEATURES
from core.types import Question
from evals.fit.sentence_examples import Example, Rated
from evals.fit.sentences import figures_of, fit_sentences, token_f1
from evals.neutral import Split

_ZEROS = (0.0,) * (len(FEATURES) - 1)


def _example(*rated: Rated, answer: str = "", facts: tuple[tuple[str, ...], ...] = ()) -> Example:
    search = contextualise(Question("What is the fee?", as_of=date(2026, 11, 21)))
    return Example("set", Split.DEVELOPMENT, False, search, (), rated, answer, facts)


def test_token_f1_is_that_of_squad() -> None:
    assert token_f1("the fee is 150", "the fee is 150") == 1
    assert token_f1("the fee", "the fee is 150") == pytest.approx(2 * 2 / 6)
    assert token_f1("nothing", "the fee") == 0


def test_learns_the_feature_that_tells_the_answer() -> None:
    examples = [_example(Rated((1.0, *_ZEROS), 1.0), Rated((0.0, *_ZEROS), 0.0)) for _ in range(50)]
    model = fit_sentences({"set": examples})
    no, yes = model.chances([(0.0, *_ZEROS), (1.0, *_ZEROS)])
    assert no < 0.2 < 0.8 < yes
    assert model.weights[1:] == pytest.approx(_ZEROS)


def test_what_tells_questions_apart_is_not_learned() -> None:
    # The second feature says which questions are answered at all, the first which statement answers.
    rest = (0.0,) * (len(FEATURES) - 2)
    answered = _example(Rated((1.0, 1.0, *rest), 1.0), Rated((0.0, 1.0, *rest), 0.0))
    other = _example(Rated((1.0, 0.0, *rest), 0.0), Rated((0.0, 0.0, *rest), 0.0))
    model = fit_sentences({"set": [answered, other] * 25})
    assert model.weights[0] > 0
    assert model.weights[1] == pytest.approx(0, abs=1e-6)


def test_a_question_that_nothing_found_answers_does_not_change_the_order() -> None:
    answered = [_example(Rated((1.0, *_ZEROS), 1.0), Rated((0.0, *_ZEROS), 0.0))] * 20
    touched = [_example(Rated((0.0, *_ZEROS), 0.1), Rated((1.0, *_ZEROS), 0.0))] * 50
    no, yes = fit_sentences({"set": [*answered, *touched]}).chances([(0.0, *_ZEROS), (1.0, *_ZEROS)])
    assert yes > no


def test_learns_shares_as_they_are() -> None:
    examples = [_example(Rated((0.0, *_ZEROS), 0.25), Rated((0.0, *_ZEROS), 0.35)) for _ in range(20)]
    assert fit_sentences({"set": examples}).chances([(0.0, *_ZEROS)])[0] == pytest.approx(0.3, abs=1e-3)


def test_an_answer_that_is_empty_is_worth_nothing() -> None:
    model = fit_sentences({"set": [_example(Rated((1.0, *_ZEROS), 1.0), Rated((0.0, *_ZEROS), 0.0))]})
    figures = figures_of([_example(Rated((1.0, *_ZEROS), 1.0), answer="150 dollars")], model)
    assert (figures["questions"], figures["token_f1"], figures["overlap_of_1"]) == (1, 0, 0)
    assert figures["top_in_answer"] == 1
    cased = figures_of([_example(Rated((1.0, *_ZEROS), 1.0), facts=(("150",),))], model)
    assert cased["all_facts"] == 0
