import json
from datetime import date
from pathlib import Path

import pytest

from core.errors import InvalidInput
from core.types import Abstention, AbstentionReason, Answer, AnswerMode, Citation, Reply, Sentence
from evals.dataset import Case, load_cases
from evals.metrics import Result, Verdict, judge, summarise
from evals.run import failed_thresholds, run_cases
from tests.conftest import KNOWLEDGE_BASE

CASE = Case("a", "How long?", documents=frozenset({"uk/visit.md"}), facts=(("six months", "6 months"),))
REFUSED = Case("b", "Who won?", refusals=frozenset({AbstentionReason.OUT_OF_SCOPE}))


def _answer(text: str, document: str = "kb/uk/visit.md") -> Answer:
    citation = Citation(1, document, "v", "T", "GB", None, None, (), 0, len(text), text, None, None, None)
    return Answer((Sentence(text, (1,)),), (citation,), 0.9, AnswerMode.EXTRACTIVE)


def _refusal(reason: AbstentionReason) -> Abstention:
    return Abstention(reason, "No.", ("Ask.",), 0.1)


@pytest.mark.parametrize(
    ("case", "reply", "verdict"),
    [
        (CASE, _answer("Up to 6 months."), Verdict.CORRECT),
        (CASE, _answer("Up to nine months."), Verdict.WRONG),
        (CASE, _answer("Up to 6 months.", "kb/us/visit.md"), Verdict.WRONG),
        (CASE, _refusal(AbstentionReason.NOT_COVERED), Verdict.NEEDLESS_REFUSAL),
        (REFUSED, _answer("Brazil won."), Verdict.WRONG),
        (REFUSED, _refusal(AbstentionReason.OUT_OF_SCOPE), Verdict.CORRECT),
        (REFUSED, _refusal(AbstentionReason.PREDICTION), Verdict.OTHER_REASON),
    ],
)
def test_judges_a_reply(case: Case, reply: Reply, verdict: Verdict) -> None:
    assert judge(case, reply)[0] is verdict


def test_the_gate_closes_on_wrong_answers(tmp_path: Path) -> None:
    bounds = tmp_path / "thresholds.yaml"
    bounds.write_text("wrong: {most: 0.4}\ncorrect_answers: {least: 0.5}\n")
    right = Result(CASE, _answer("Up to 6 months."), Verdict.CORRECT, "", 0.01)
    wrong = Result(REFUSED, _answer("Brazil won."), Verdict.WRONG, "", 0.01)
    assert failed_thresholds(summarise([right]), bounds) == []
    assert failed_thresholds(summarise([right, wrong]), bounds) == ["wrong is 0.500, at most 0.4 is allowed"]


def test_a_threshold_on_nothing_is_an_error(tmp_path: Path) -> None:
    bounds = tmp_path / "thresholds.yaml"
    bounds.write_text("brilliance: {least: 1}\n")
    result = Result(CASE, _answer("Up to 6 months."), Verdict.CORRECT, "", 0.01)
    with pytest.raises(InvalidInput, match="brilliance"):
        failed_thresholds(summarise([result]), bounds)


def test_an_error_while_answering_ends_the_run() -> None:
    def fail(_: object) -> Reply:
        raise RuntimeError("the index is gone")

    with pytest.raises(RuntimeError):
        run_cases([CASE], fail, today=date(2026, 11, 20), tell=lambda _: None)


def test_a_bad_case_is_named_by_its_line(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "question": "Q", "expect": {"refusal": "no_such_reason"}})
    (tmp_path / "bad.jsonl").write_text(line + "\n")
    with pytest.raises(InvalidInput, match="bad.jsonl, line 1"):
        load_cases(tmp_path)


def test_every_document_that_a_case_names_is_shipped() -> None:
    shipped = {path.relative_to(KNOWLEDGE_BASE).as_posix() for path in KNOWLEDGE_BASE.rglob("*") if path.is_file()}
    named = {document for case in load_cases() for document in case.documents}
    assert named <= shipped
