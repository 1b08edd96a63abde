"""The sample questions, which models learn from: sound, and none of them a case that measures."""

from __future__ import annotations

from pathlib import Path

from evals.dataset import load_cases
from evals.facts import plain
from evals.fit.own_cases import wordings
from retrieval.tokenise import content_terms

KNOWLEDGE_BASE = Path(__file__).parents[3] / "knowledge_base"


def headings(document: str) -> set[str]:
    text = (KNOWLEDGE_BASE / document).read_text(encoding="utf-8")
    return {plain(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")}


def test_each_wording_names_a_section_that_stands_in_its_document() -> None:
    known: dict[str, set[str]] = {}
    for section in (section for asked in wordings(KNOWLEDGE_BASE) for section in asked.case.sections):
        if section.document.endswith(".md"):
            found = known.setdefault(section.document, headings(section.document))
            assert plain(section.heading) in found, section


def test_no_wording_is_asked_by_a_case() -> None:
    cases = {content_terms(case.question) for case in load_cases() if case.language == "en"}
    asked = [wording.case for wording in wordings(KNOWLEDGE_BASE)]
    alike = {case.id: case.question for case in asked if len(content_terms(case.question)) > 2}
    assert not [name for name, question in alike.items() if content_terms(question) in cases]


def test_all_wordings_of_a_document_are_of_one_half() -> None:
    halves: dict[str, set[bool]] = {}
    for asked in wordings(KNOWLEDGE_BASE):
        halves.setdefault(asked.document, set()).add(asked.learned_from)
    assert all(len(half) == 1 for half in halves.values())
    assert {True, False} == {half for found in halves.values() for half in found}
