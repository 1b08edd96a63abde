"""The shipped model of abstention: what its artifact says of itself, and what is refused of one that does not fit."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chains.confidence import ARTIFACT, Knots, load_model, shipped_model
from chains.contextualise import contextualise
from chains.countries import countries_in
from chains.evidence import SIGNALS, Collected, signals
from core.types import Exchange, Question
from tests.unit.chains.conftest import MakePassage


def _changed(folder: Path, **fields: Any) -> Path:
    path = folder / "abstention.json"
    path.write_text(json.dumps({**json.loads(ARTIFACT.read_text()), **fields}))
    return path


def test_the_artifact_says_where_it_comes_from_and_what_it_is_worth() -> None:
    told = json.loads(ARTIFACT.read_text())
    assert {one["name"] for one in told["provenance"]["sets"]} <= {
        "cases", "wordings", "doc2dial", "clapnq", "conditionalqa",
    }  # fmt: skip
    assert all(one["licence"] for one in told["provenance"]["sets"])
    assert told["measured"]["calibration_diagram"]


def test_the_threshold_follows_from_the_costs() -> None:
    told = json.loads(ARTIFACT.read_text())
    costs = told["costs"]
    odds = costs["wrong"] / costs["needless_refusal"] * (1 / costs["share_answered_before"] - 1)
    assert told["answer_from"] == pytest.approx(odds / (1 + odds), abs=1e-3)


@pytest.mark.parametrize("knots", [shipped_model().knots, shipped_model().continued_knots])
def test_what_is_surer_raw_is_never_less_sure_when_calibrated(knots: Knots) -> None:
    assert knots == tuple(sorted(knots))
    assert [share for _, share in knots] == sorted(share for _, share in knots)


@pytest.mark.parametrize(
    "fields",
    [
        {"version": 0},
        {"answered": {"bias": 0.0, "weights": {"moon": 1.0}}},
        {"continued": {"bias": 0.0, "weights": {}, "calibration": {"knots": [[0.0, 0.9], [1.0, 0.1]]}}},
    ],
)
def test_an_artifact_that_does_not_fit_is_refused(tmp_path: Path, fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"abstention\.json"):
        load_model(_changed(tmp_path, **fields))


def _signal(
    name: str, question: str, *passages: Any, rarity: dict[str, float] | None = None, collected: int = 1000
) -> float:
    search = contextualise(Question(question, as_of=date(2026, 11, 20)))
    return signals(search, passages, Collected(rarity or {}, collected))[SIGNALS.index(name)]


def test_a_rare_word_that_no_passage_holds_is_seen(make_passage: MakePassage) -> None:
    passage = make_passage("You may work 24 hours a week.")
    rarity = {"work": 0.2, "trampolin": 0.9}
    assert _signal("absent_term", "May I work on a trampoline?", passage, rarity=rarity) == 0.9
    assert _signal("absent_term", "May I work?", passage, rarity=rarity) == 0.0


def test_a_figure_that_is_asked_for_and_missing_is_seen(make_passage: MakePassage) -> None:
    without, held = make_passage("You may stay for a while."), make_passage("You may stay for 90 days.")
    assert _signal("figure_missing", "How many days may I stay?", without) == 1.0
    assert _signal("figure_missing", "How many days may I stay?", held) == 0.0


def test_another_kind_of_permit_is_seen(make_passage: MakePassage) -> None:
    passage = make_passage("A visitor visa costs 100 dollars.", title="Visitor visa")
    assert _signal("other_kind", "What does a study permit cost?", passage) == 1.0
    assert _signal("other_kind", "What does a visitor visa cost?", passage) == 0.0


def test_words_and_nearness_in_one_sentence_count_more_than_in_two(make_passage: MakePassage) -> None:
    one = make_passage("Pay the fee. Students may work in summer.", scores=(0.7,))
    two = make_passage("Students pay the fee.", "Work starts in summer.", scores=(0.7, 0.2))
    asked = "May students work in summer?"
    assert _signal("joint", asked, one) > _signal("joint", asked, two)


@pytest.mark.parametrize("text", ["Can I change employer on 482", "from 491 to permanent how many years"])
def test_a_bare_subclass_names_its_country(text: str) -> None:
    assert countries_in(text).wanted == ("AU",)


def test_a_sum_of_money_names_no_country() -> None:
    assert countries_in("the fee rose from 482 dollars").wanted == ()


def test_a_named_scheme_that_no_passage_speaks_of_is_seen(make_passage: MakePassage) -> None:
    passage = make_passage("A work visa lasts four years.", title="Work visa")
    assert _signal("named_missing", "Can I get a working holiday visa?", passage) == 0.5
    assert _signal("named_missing", "How long is a work visa?", passage) == 0.0
    assert _signal("named_missing", "How long may I stay?", passage) == 0.0


def test_that_all_was_found_in_one_document_counts_only_where_there_is_another(make_passage: MakePassage) -> None:
    passage = make_passage("You may work 24 hours a week.")
    alone, among_many = (
        _signal("one_document", "May I work?", passage, passage, collected=collected) for collected in (8, 2000)
    )
    assert alone < 0.5 < among_many


def test_what_is_asked_beyond_the_title_of_its_document_is_looked_for_there(make_passage: MakePassage) -> None:
    passage = make_passage("A PR card proves that you are a permanent resident.", title="Permanent residents of Canada")
    other = make_passage("Citizens vote.", title="Elections", dense=0.2)
    asked = "Can permanent residents vote?"
    assert _signal("beyond_title", asked, passage) == 0.0
    assert _signal("beyond_title", asked, passage, other) == 0.0, "another document is about somebody else"
    held = make_passage("They cannot vote in Canada.", title="Permanent residents of Canada")
    assert _signal("beyond_title", asked, passage, held) == 1.0
    assert _signal("beyond_title", "Who are permanent residents?", passage) == 1.0, "the title is all that is asked"


def test_everyday_words_for_what_a_document_says_are_no_lack(make_passage: MakePassage) -> None:
    passage = make_passage("A spouse may come later.", title="Work permit")
    assert _signal("beyond_title", "Can my wife come?", passage) == 1.0
    stays = make_passage("A visitor's stay is decided at the border.", title="B-1/B-2 visa")
    assert _signal("beyond_title", "How long may tourists stay?", stays) == 1.0
    applies = make_passage("British citizenship begins at a ceremony.", title="Settling")
    assert _signal("beyond_title", "Is there a ceremony for citizens?", applies) == 1.0


def test_the_words_that_only_ask_are_no_lack(make_passage: MakePassage) -> None:
    passage = make_passage("You need an offer of a place.", title="Student visa")
    assert _signal("beyond_title", "What are the requirements for a student visa?", passage) == 1.0
    assert _signal("beyond_title", "What are the boarding requirements for a student visa?", passage) == 0.0


def test_who_asks_where_a_figure_stands_misses_none(make_passage: MakePassage) -> None:
    passage = make_passage("The official page shows the time a decision takes.")
    assert _signal("figure_missing", "How long does a decision take?", passage) == 1.0
    assert _signal("figure_missing", "Where do I see how long a decision takes?", passage) == 0.0


def test_a_question_that_yes_or_no_answers_is_told(make_passage: MakePassage) -> None:
    passage = make_passage("You may work 24 hours a week.")
    assert _signal("polar", "Can I work?", passage) == 1.0
    assert _signal("polar", "How many hours can I work?", passage) == 0.0


def test_one_sentence_that_stands_out_differs_from_many_that_are_equally_near(make_passage: MakePassage) -> None:
    texts = ("You may work.", "You may study.", "You may stay.", "You may leave.", "You may return.")
    one = make_passage(*texts, scores=(0.7, 0.3, 0.3, 0.3, 0.3))
    level = make_passage(*texts, scores=(0.7, 0.7, 0.7, 0.7, 0.7))
    assert _signal("sentence_lead", "May I work?", one) == pytest.approx(0.4)
    assert _signal("sentence_lead", "May I work?", level) == 0.0
    few = make_passage(texts[0], scores=(0.7,))
    assert _signal("sentence_lead", "May I work?", few) == pytest.approx(0.15), "there is nothing to stand out from"


def test_a_further_message_is_judged_by_what_the_conversation_is_about(make_passage: MakePassage) -> None:
    history = (Exchange("How do I renew my study permit?", ""),)
    search = contextualise(Question("and how long is it?", as_of=date(2026, 11, 20), history=history))
    near, far = (
        replace(make_passage("You renew a permit online.", scores=(0.3,)), conversation=nearness)
        for nearness in (0.8, 0.1)
    )
    one, other = (signals(search, [passage], Collected({}, 1000)) for passage in (near, far))
    assert one[SIGNALS.index("continues")] == 1.0
    model = shipped_model()
    assert model.confidence(one).sure > model.confidence(other).sure
    assert model.confidence(one).topical > model.confidence(other).topical


def test_a_first_message_is_judged_without_a_conversation(make_passage: MakePassage) -> None:
    search = contextualise(Question("How long is a study permit?", as_of=date(2026, 11, 20)))
    near, far = (replace(make_passage("It is long."), conversation=nearness) for nearness in (0.8, 0.1))
    one, other = (signals(search, [passage], Collected({}, 1000)) for passage in (near, far))
    assert shipped_model().confidence(one) == shipped_model().confidence(other)
