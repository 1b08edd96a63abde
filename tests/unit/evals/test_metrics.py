import math
from dataclasses import replace

import pytest

from core.types import AbstentionReason, Answer, AnswerMode, Reply
from evals.dataset import Case, Section
from evals.metrics import assess, failure, judge, ranking_scores
from evals.outcome import Outcome, Verdict
from tests.unit.evals.making import answer, passage, refusal, text_of

CASE = Case(
    "a", "How long?", documents=frozenset({"uk/visit.md"}), facts=(("six months", "6 months"),), forbidden=(("nine",),)
)
NAMED = replace(CASE, sections=(Section("uk/visit.md", "How long?"),))
REFUSED = Case("b", "Who won?", refusals=frozenset({AbstentionReason.OUT_OF_SCOPE}))


def _assess(case: Case, reply: Reply, *found: str) -> Outcome:
    return assess(case, reply, passages=[passage(path) for path in found], seconds=0.01, text_of=text_of)


@pytest.mark.parametrize(
    ("case", "reply", "verdict"),
    [
        (CASE, answer("Up to 6 months."), Verdict.CORRECT),
        (CASE, answer("Up to 60 months."), Verdict.WRONG),
        (CASE, answer("Up to 6 months, or nine."), Verdict.WRONG),
        (CASE, answer("Up to 6 months.", "kb/us/visit.md"), Verdict.WRONG),
        (CASE, refusal(AbstentionReason.NOT_COVERED), Verdict.NEEDLESS_REFUSAL),
        (NAMED, refusal(AbstentionReason.NOT_COVERED, "Who  pays?", "how long?"), Verdict.OFFERED),
        (NAMED, refusal(AbstentionReason.NOT_COVERED, "Who pays?"), Verdict.NEEDLESS_REFUSAL),
        (REFUSED, refusal(AbstentionReason.OUT_OF_SCOPE, "How long?"), Verdict.CORRECT),
        (REFUSED, answer("Brazil won."), Verdict.WRONG),
        (REFUSED, refusal(AbstentionReason.OUT_OF_SCOPE), Verdict.CORRECT),
        (REFUSED, refusal(AbstentionReason.PREDICTION), Verdict.OTHER_REASON),
    ],
)
def test_judges_a_reply(case: Case, reply: Reply, verdict: Verdict) -> None:
    assert judge(case, reply)[0] is verdict


def test_where_no_section_is_named_the_question_over_the_facts_is_as_good() -> None:
    offering = refusal(AbstentionReason.NOT_COVERED, "How long may I stay?")
    found = passage("kb/uk/visit.md")
    asked = replace(found, chunk=replace(found.chunk, question="How long may I stay?"))
    assert judge(CASE, offering, [asked])[0] is Verdict.OFFERED
    assert (
        judge(CASE, offering, [replace(asked, chunk=replace(asked.chunk, text="It ends."))])[0] is not Verdict.OFFERED
    )
    assert judge(replace(CASE, facts=()), offering, [asked])[0] is not Verdict.OFFERED


@pytest.mark.parametrize(("asked", "right"), [("How long?", 1.0), ("Who pays?", 0.0)])
def test_what_a_refusal_shows_is_right_where_the_answer_stands(asked: str, right: float) -> None:
    shown = answer("Up to 6 months.").citations[0]
    refused = replace(refusal(AbstentionReason.NOT_COVERED, asked, "How long?"), nearest=shown)
    outcome = _assess(NAMED, refused)
    assert (outcome.scores["shown_right"], outcome.scores["quotes_exact"]) == (right, 1.0)
    assert outcome.why.endswith(", whose answer is shown") is (right == 1.0)
    assert "shown_right" not in _assess(NAMED, refusal(AbstentionReason.NOT_COVERED, asked)).scores


def test_what_a_refusal_shows_must_stand_where_it_says() -> None:
    shown = answer("Up to 6 months.", start=3).citations[0]
    refused = replace(refusal(AbstentionReason.NOT_COVERED, "How long?"), nearest=shown)
    assert _assess(NAMED, refused).verdict is Verdict.WRONG


def test_an_answer_with_some_of_the_facts_is_incomplete() -> None:
    case = Case("a", "Q?", documents=frozenset({"uk/visit.md"}), facts=(("6 months",), ("no work",)))
    assert judge(case, answer("Up to 6 months.")) == (Verdict.INCOMPLETE, "lacks 'no work'")


def _translated(reply: Answer, text: str) -> Answer:
    sentences = tuple(replace(sentence, text=text, original=sentence.text) for sentence in reply.sentences)
    return replace(reply, sentences=sentences, mode=AnswerMode.GENERATIVE)


def test_a_translated_sentence_says_what_its_original_says_too() -> None:
    asked = replace(CASE, language="fr")
    told = _translated(answer("Up to 6 months."), "Jusqu'à six mois.")
    assert judge(asked, told)[0] is Verdict.CORRECT
    assert judge(asked, _translated(answer("Up to 6 months."), "Nine."))[0] is Verdict.WRONG
    assert _assess(asked, told).scores["facts"] == 1.0


def test_an_answer_of_a_model_is_in_the_askers_language_as_far_as_it_is_translated_or_written_in_it() -> None:
    asked = replace(CASE, language="fr")
    written = replace(answer("Up to 6 months."), mode=AnswerMode.GENERATIVE)
    french = replace(answer("Vous pouvez rester pendant 6 months de vacances."), mode=AnswerMode.GENERATIVE)
    told = [_assess(asked, reply).scores for reply in (_translated(written, "Jusqu'à six mois."), written, french)]
    assert [scores["in_own_language"] for scores in told] == [1.0, 0.0, 1.0]
    assert "in_own_language" not in _assess(asked, answer("Up to 6 months.")).scores
    assert "in_own_language" not in _assess(CASE, written).scores


def test_a_quote_that_does_not_stand_where_it_says_makes_an_answer_wrong() -> None:
    assert _assess(CASE, answer("Up to 6 months.")).verdict is Verdict.CORRECT
    shifted = _assess(CASE, answer("Up to 6 months.", start=1))
    assert shifted.verdict is Verdict.WRONG
    assert shifted.scores["quotes_exact"] == 0.0


@pytest.mark.parametrize("confidence", [math.nan, math.inf, 1.5])
def test_a_confidence_that_is_no_share_is_a_failure(confidence: float) -> None:
    found = _assess(CASE, answer("Up to 6 months.", confidence=confidence))
    assert found.verdict is Verdict.FAILED
    assert found.confidence is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["x", "uk/visit.md"], {"hit@1": 0.0, "hit@3": 1.0, "mrr": 0.5, "ndcg@10": 1 / math.log2(3)}),
        (["uk/visit.md", "x"], {"hit@1": 1.0, "mrr": 1.0, "ndcg@10": 1.0}),
        (["x"], {"hit@10": 0.0, "mrr": 0.0, "ndcg@10": 0.0}),
    ],
)
def test_ranks_the_first_wanted_document(found: list[str], expected: dict[str, float]) -> None:
    scores = ranking_scores(found, frozenset({"uk/visit.md"}))
    assert {name: scores[name] for name in expected} == pytest.approx(expected)


def test_a_document_counts_once_however_many_of_its_passages_are_found() -> None:
    found = _assess(CASE, answer("Up to 6 months."), "kb/x.md", "kb/x.md", "kb/uk/visit.md")
    assert found.scores["mrr"] == 0.5


def test_sections_are_cited_by_any_heading_above_the_quote() -> None:
    wanted = (Section("uk/visit.md", "How Long"), Section("uk/visit.md", "Fees"))
    case = Case("a", "Q?", documents=frozenset({"uk/visit.md"}), sections=wanted)
    scores = _assess(case, answer("Up to 6 months.", section=("Visit", "How long"))).scores
    assert (scores["section_recall"], scores["section_precision"]) == (0.5, 1.0)


def test_a_reply_that_did_not_come_found_nothing_and_costs_most() -> None:
    lost = failure(CASE, "no reply", seconds=20.0)
    assert (lost.verdict, lost.harm, lost.scores["hit@10"]) == (Verdict.FAILED, 1.0, 0.0)
