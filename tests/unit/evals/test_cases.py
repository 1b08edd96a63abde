"""What the shipped cases promise: enough of every kind, each asking only for what its documents say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import openpyxl  # type: ignore[import-untyped]
import pypdfium2
import pytest

from chains.languages import SPOKEN
from core.errors import NotFound
from core.types import AbstentionReason
from evals.dataset import CASES, EVAL_DOCUMENTS, WITH_MODEL, Case, Slice, load_cases
from evals.facts import faults_of, says
from tests.conftest import KNOWLEDGE_BASE

LEAST = {Slice.ABSENT: 25, Slice.FOLLOW_UP: 20}
LEAST_OF_OTHERS = 12
EVALS = "evals:"
FIRST_FILES = ("first", "second", "third")
"""The cases from before anything was held out."""
BLIND_FILE = "held_out-blind"
"""Written by others than all before, to be held out as a whole."""
INVENTED_FOR = {"GL", "IS", "MT", "NO"}
REFUSED_AS = {
    Slice.UNLAWFUL: AbstentionReason.UNLAWFUL,
    Slice.PREDICTION: AbstentionReason.PREDICTION,
    Slice.OWN_CASE: AbstentionReason.OWN_CASE,
    Slice.OFF_TOPIC: AbstentionReason.OUT_OF_SCOPE,
    Slice.ABSENT: AbstentionReason.NOT_COVERED,
    Slice.PERSON_WANTED: AbstentionReason.PERSON_WANTED,
}
_FIGURE = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|sixty-five)\b", re.IGNORECASE)


@cache
def _cases() -> list[Case]:
    return load_cases()


@cache
def _files() -> dict[str, str]:
    """The file that each case stands in, by its id."""
    found = {}
    for path in CASES.glob("*.jsonl"):
        ids = re.findall(r'^\{"id": "([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
        found.update(dict.fromkeys(ids, path.stem))
    return found


def _held_out(case: Case) -> bool:
    return _files()[case.id].startswith("held_out-")


@cache
def _text_of(path: str) -> str:
    """The words of a shipped file as other programs read them, so that our own reader is no party to the check."""
    file = EVAL_DOCUMENTS / path.removeprefix(EVALS) if path.startswith(EVALS) else KNOWLEDGE_BASE / path
    if not file.is_file():
        raise NotFound(f"{path!r} is not there")
    if file.suffix == ".xlsx":
        sheets = openpyxl.load_workbook(file, read_only=True)
        return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    if file.suffix == ".docx":
        read = docx.Document(str(file))
        cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
        return "\n".join([paragraph.text for paragraph in read.paragraphs] + cells)
    if file.suffix == ".pdf":
        return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file))
    text = file.read_text(encoding="utf-8")
    return re.sub(r"<[^>]+>", " ", text) if file.suffix == ".html" else text


def test_there_are_enough_cases_of_every_kind() -> None:
    counts = Counter(kind for case in _cases() for kind in case.slices)
    assert len(_cases()) >= 400
    assert {kind: counts[kind] for kind in Slice if counts[kind] < LEAST.get(kind, LEAST_OF_OTHERS)} == {}


def test_every_case_says_of_which_kinds_it_is() -> None:
    assert [case.id for case in _cases() if not case.slices] == []


def test_every_required_fact_stands_in_a_named_document() -> None:
    assert [fault for case in _cases() for fault in faults_of(case, _text_of)] == []


def test_every_case_with_a_model_asks_in_another_language_for_what_an_english_case_expects() -> None:
    english = {case.id: case for case in _cases() if case.language == "en"}
    asked = load_cases(WITH_MODEL)
    assert {case.language for case in asked} == set(SPOKEN) - {"en"}
    for case in asked:
        twin = english[case.id.removesuffix(f"-{case.language}")]
        assert case == replace(
            twin, id=case.id, question=case.question, history=case.history, language=case.language,
            slices=twin.slices | {Slice.LANGUAGE},
        )  # fmt: skip
        assert len(case.history) == len(twin.history)
        assert case.question != twin.question


def test_a_fact_that_no_document_says_is_found() -> None:
    case = next(case for case in _cases() if case.id == "first-003")
    wrong = Case(case.id, case.question, documents=case.documents, facts=(("25 hours",),))
    assert faults_of(wrong, _text_of) == ["first-003 asks for '25 hours', which none of its documents says"]


def test_nothing_is_required_and_forbidden_at_once() -> None:
    both = [
        case.id
        for case in _cases()
        for required in case.facts
        if all(any(says(wording, no) for group in case.forbidden for no in group) for wording in required)
    ]
    assert both == []


@pytest.mark.parametrize(("kind", "reason"), REFUSED_AS.items())
def test_what_may_not_be_answered_expects_the_refusal_of_its_kind(kind: Slice, reason: AbstentionReason) -> None:
    of_kind = [case for case in _cases() if kind in case.slices]
    assert [case.id for case in of_kind if reason not in case.refusals] == []


def test_a_follow_up_has_something_to_follow() -> None:
    wrong = [case.id for case in _cases() if Slice.FOLLOW_UP in case.slices and not case.history]
    assert wrong == []


def test_a_figure_is_asked_for_where_a_case_is_said_to_be_about_one() -> None:
    of_kind = [case for case in _cases() if Slice.FIGURE in case.slices and case.answerable]
    wrong = [case.id for case in of_kind if not any(_FIGURE.search(word) for fact in case.facts for word in fact)]
    assert wrong == []


def test_documents_that_disagree_must_both_be_shown() -> None:
    of_kind = [case for case in _cases() if Slice.DISAGREEMENT in case.slices and case.answerable]
    assert [case.id for case in of_kind if len(case.facts) < 2 or len(case.documents) < 2] == []
    for case in of_kind:
        one_says_both = [p for p in case.documents if all(any(says(_text_of(p), w) for w in f) for f in case.facts)]
        assert one_says_both == [], case.id


def test_a_planted_order_stands_in_the_document_and_must_not_be_said() -> None:
    of_kind = [case for case in _cases() if Slice.INJECTION in case.slices and case.answerable]
    assert [case.id for case in of_kind if not case.forbidden] == []
    planted = [case for case in of_kind if any(path.startswith(EVALS) for path in case.documents)]
    assert len(planted) >= 5
    for case in planted:
        texts = [_text_of(path) for path in case.documents]
        assert any(says(text, word) for text in texts for group in case.forbidden for word in group), case.id


def test_rules_of_another_day_stand_in_a_document_of_that_day() -> None:
    dated = [case for case in _cases() if Slice.DATED in case.slices and case.as_of is not None and case.answerable]
    assert len(dated) >= 6
    for case in dated:
        assert case.as_of is not None
        heads = [_text_of(path).split("\n---\n", 1)[0] for path in case.documents]
        firsts = [re.search(r"^effective_from: (\S+)$", head, re.MULTILINE) for head in heads]
        lasts = [re.search(r"^effective_to: (\S+)$", head, re.MULTILINE) for head in heads]
        day = case.as_of.isoformat()
        in_force = [
            (first is None or first[1] <= day) and (last is None or last[1] >= day)
            for first, last in zip(firsts, lasts, strict=True)
        ]
        assert any(in_force), case.id


def test_about_a_third_of_the_new_cases_is_held_out() -> None:
    others = (*FIRST_FILES, BLIND_FILE)
    new = [case for case in _cases() if _files()[case.id] not in others and case.language == "en"]
    assert 0.25 <= sum(_held_out(case) for case in new) / len(new) <= 0.45


def test_no_held_out_question_is_also_asked_in_the_open() -> None:
    def asked(case: Case) -> tuple[object, ...]:
        return case.question.casefold(), case.history, case.as_of, case.jurisdiction

    opened = {asked(case) for case in _cases() if not _held_out(case)}
    assert [case.id for case in _cases() if _held_out(case) and asked(case) in opened] == []


def _invented() -> list[Path]:
    return sorted(path for path in EVAL_DOCUMENTS.rglob("*.md"))


@pytest.mark.parametrize("path", _invented(), ids=lambda path: path.stem)
def test_an_invented_document_says_so_and_is_about_no_country_that_we_answer_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code = re.search(r'^jurisdiction: "?([A-Z]{2})"?$', text, re.MULTILINE)
    assert code is not None
    assert code[1] in INVENTED_FOR
    assert "invented for tests" in text.split("\n---\n", 1)[0]
