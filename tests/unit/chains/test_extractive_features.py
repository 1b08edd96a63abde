from datetime import date
from pathlib import Path

import pytest

from chains.contextualise import contextualise
from chains.sentence_features import FEATURES, Candidate, candidates_of
from chains.sentence_model import SentenceModel, load_sentence_model
from chains.synonyms import meant
from core.errors import ConfigurationError
from core.types import Passage, Question
from retrieval.tokenise import content_terms
from tests.unit.chains.conftest import MakePassage


def _candidates(question: str, *passages: Passage) -> tuple[Candidate, ...]:
    return candidates_of(contextualise(Question(question, as_of=date(2026, 11, 21))), passages)


def _feature(candidate: Candidate, name: str) -> float:
    return candidate.features[FEATURES.index(name)]


def test_every_candidate_has_every_feature(make_passage: MakePassage) -> None:
    (only,) = _candidates("What is the fee?", make_passage("The fee is 150 dollars."))
    assert len(only.features) == len(FEATURES) == len(load_sentence_model().weights)


def test_everyday_words_count_like_those_of_the_rules(make_passage: MakePassage) -> None:
    spouse, dog = _candidates("Can my wife come?", make_passage("A spouse can come.", "A dog can come."))
    assert _feature(spouse, "own") > _feature(dog, "own")
    assert meant(content_terms("husband refused")) == meant(content_terms("spouse denied"))


def test_features_do_not_depend_on_the_scale_of_the_scores(make_passage: MakePassage) -> None:
    def found(scale: float) -> tuple[Candidate, ...]:
        passages = [make_passage("The fee is 150.", score=scale), make_passage("Pay.", title="b", score=0.7 * scale)]
        return _candidates("What is the fee?", *passages)

    assert [one.features for one in found(1.0)] == [pytest.approx(one.features) for one in found(0.2)]


def test_passages_far_behind_the_best_offer_nothing(make_passage: MakePassage) -> None:
    found = _candidates("Fee?", make_passage("The fee is 150."), make_passage("Pay.", title="b", score=0.3))
    assert {candidate.passage for candidate in found} == {0}


def test_tells_a_figure_that_is_asked_for(make_passage: MakePassage) -> None:
    held, none = _candidates("How many days?", make_passage("You need 90 days.", "Days count."))
    assert (_feature(held, "figure"), _feature(held, "no_figure")) == (1, 0)
    assert (_feature(none, "figure"), _feature(none, "no_figure")) == (0, 1)


def test_tells_an_answer_that_says_first_whether_it_is_so(make_passage: MakePassage) -> None:
    yes, other = _candidates("Can I work?", make_passage("Yes, you can work.", "Ask your school."))
    assert (_feature(yes, "yes_no"), _feature(other, "yes_no")) == (1, 0)


def test_what_is_missed_weighs_more_in_a_long_question(make_passage: MakePassage) -> None:
    def missed(question: str, *sentences: str) -> Candidate:
        return _candidates(question, make_passage(*sentences))[1]

    short = missed("Harbour levy?", "The harbour levy.", "The harbour.")
    long = missed(
        "Harbour levy, lighthouse tax, ferry toll?",
        "The harbour levy, the lighthouse tax, the ferry toll.",
        "The harbour, the lighthouse, the ferry.",
    )
    assert _feature(short, "said_lead") == pytest.approx(_feature(long, "said_lead"))
    assert -1 <= _feature(long, "said_weight") < _feature(short, "said_weight") < 0


def test_a_rule_about_visitors_is_of_the_visitor_visa(make_passage: MakePassage) -> None:
    passage = make_passage("A visitor cannot work without a work permit.", "A work permit costs 155 dollars.")
    own, other = _candidates("Can I work on a visitor visa?", passage)
    assert (_feature(own, "other_kind"), _feature(other, "other_kind")) == (0, 1)


def test_a_model_gives_chances() -> None:
    low, high = SentenceModel(0.0, (1.0, -1.0)).chances([(0.0, 2.0), (2.0, 0.0)])
    assert 0 < low < 0.5 < high < 1


def test_refuses_weights_of_other_features(tmp_path: Path) -> None:
    path = tmp_path / "sentences.json"
    path.write_text('{"bias": 0, "weights": {"cosine": 1}}')
    with pytest.raises(ConfigurationError, match="python -m evals.fit sentences"):
        load_sentence_model(path)
