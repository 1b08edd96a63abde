from __future__ import annotations

import pytest

from ingest.check.finding import Code
from tests.unit.ingest.check.conftest import Check, page, places

FEW = Code.SAMPLES_FEW
HEAD = "document,section,question\n"
WORK = page("# Work\n\n## May I work?\n\nYou may work with a permit.\n")


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ("work.md,May I work?,can i have a job\nwork.md,,what do nurses earn\n", []),
        ("wrok.md,May I work?,can i have a job\n", ["sample-left-out"]),
        ("work.md,May we work?,can i have a job\n", ["sample-left-out"]),
        ("work.md,May I work?,\n", ["sample-left-out"]),
        ("work.md,May I work?,can i have a job\nwork.md,,Can I have  a job\n", ["sample-contradicts"]),
        ("work.md,,can i have a job\nwork.md,,can i have a job\n", []),
    ],
)
def test_each_line_is_held_against_its_document(check: Check, lines: str, codes: list[str]) -> None:
    found = [one for one in check({"work.md": WORK, "sample-questions.csv": HEAD + lines}) if one.code != FEW]
    assert places(found) == [(code, "kb/sample-questions.csv", lines.count("\n") + 1) for code in codes]


def test_two_documents_may_differ_in_what_they_answer(check: Check) -> None:
    samples = f"{HEAD}work.md,May I work?,can i have a job\nstudy.md,,can i have a job\n"
    study = page("# Study\n\nPupils go to school in September.\n", title="Study")
    found = check({"work.md": WORK, "study.md": study, "sample-questions.csv": samples})
    assert [one.code for one in found if one.code != FEW] == []


@pytest.mark.parametrize(("lines", "few"), [(0, 1), (4, 1), (5, 0)])
def test_a_document_with_few_lines_without_a_section_is_noted(check: Check, lines: int, few: int) -> None:
    absent = "".join(f"work.md,,what is {at}\n" for at in range(lines))
    found = check({"work.md": WORK, "sample-questions.csv": f"{HEAD}work.md,May I work?,can i have a job\n{absent}"})
    assert [one.code for one in found] == [FEW] * few
    assert all(f"has {lines} lines without a section" in one.message for one in found)


def test_a_file_without_its_columns_is_an_error(check: Check) -> None:
    [finding] = check({"work.md": WORK, "ca/work.md": WORK.replace("work", "play"), "ca/sample-questions.csv": "a,b\n"})
    assert (finding.code.value, finding.file) == ("samples-unreadable", "kb/ca/sample-questions.csv")
    assert finding.fix == "begin with a line that names the columns: document, section, question"
