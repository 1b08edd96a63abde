import re
from pathlib import Path
from xml.etree import ElementTree

from evals.baseline import load_baseline, write_baseline
from evals.dataset import Case
from evals.judge import Judged, Judgement
from evals.junit import write_junit
from evals.metrics import assess
from evals.outcome import Outcome, Verdict
from evals.report import Run, worst_first, write_report
from tests.unit.evals.making import answer, outcome, passage, text_of

NASTY = '<script>alert("1")</script>'


def _outcomes() -> list[Outcome]:
    case = Case("real", NASTY, documents=frozenset({"uk/visit.md"}), facts=(("6 months",),))
    replied = assess(
        case, answer("Up to 6 months."), passages=[passage("kb/uk/visit.md", NASTY)], seconds=0.01, text_of=text_of
    )
    return [
        replied,
        outcome("good", slices=("figure",), scores={"hit@1": 1.0, "hit@3": 1.0, "hit@5": 1.0, "hit@10": 1.0}),
        outcome("bad", Verdict.WRONG, slices=("absent",), answerable=False, question="Why?"),
        outcome("lost", Verdict.FAILED, confidence=None),
    ]


def _report(tmp_path: Path, run: Run) -> str:
    write_report(tmp_path / "report.html", run)
    return (tmp_path / "report.html").read_text()


def test_the_report_stands_alone_and_escapes_what_was_said(tmp_path: Path) -> None:
    write_baseline([outcome("good"), outcome("bad")], tmp_path / "baseline.json")
    run = Run(
        tuple(_outcomes()), load_baseline(tmp_path / "baseline.json"), ("wrong is 0.250, at most 0.1 is allowed",),
        Judgement((Judged("facts said", 2, 0.5, None),)),
    )  # fmt: skip
    page = _report(tmp_path, run)
    assert NASTY not in page
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)|@import|url\(|fetch\(""", page)
    assert "wrong is 0.250" in page
    assert page.count("<svg") == 4
    assert [f'id="{name}"' in page for name in ("real", "good", "bad", "lost")] == [True] * 4
    assert "1 got worse" in page


def test_the_worst_case_is_the_first(tmp_path: Path) -> None:
    page = _report(tmp_path, Run(tuple(_outcomes()), None, (), None, gated=False))
    assert re.findall(r'<details class="case [^"]*" id="([^"]+)"', page) == ["bad", "lost", "real", "good"]
    assert worst_first(_outcomes())[0].id == "bad"


def test_a_run_without_a_single_answer_can_be_shown(tmp_path: Path) -> None:
    assert "No reply" in _report(tmp_path, Run((outcome("lost", Verdict.FAILED, confidence=None),), None, (), None))


def test_junit_fails_for_the_gate_alone(tmp_path: Path) -> None:
    outcomes = [*_outcomes(), outcome("odd", Verdict.WRONG, question="bell \x07 and half \ud800")]
    write_junit(tmp_path / "junit.xml", outcomes, ["wrong is 0.250"])
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - we wrote it
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["6", "1", "1", "2"]
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["gate"]
