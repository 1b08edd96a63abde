import pytest

from core.errors import NotFound
from evals.dataset import Case, Section
from evals.facts import faults_of, says


@pytest.mark.parametrize(
    ("text", "wording", "said"),
    [
        ("You may work 24 hours a week.", "24 hours", True),
        ("You may work 124 hours a week.", "24 hours", False),
        ("It costs $1,024.", "24", False),
        ("It costs 24.50 euros.", "24", False),
        ("It costs 24.", "24", True),
        ("Pay 1,365\u00a0dollars.", "1,365 dollars", True),
        ("You don\u2019t need one.", "don't need", True),
        ("EXPRESS\n  entry", "Express Entry", True),
        ("Form I-485 is used.", "I-485", True),
    ],
)
def test_a_wording_is_said_when_its_figures_are_whole(text: str, wording: str, said: bool) -> None:
    assert says(text, wording) is said


def _text_of(path: str) -> str:
    if path != "uk/visit.md":
        raise NotFound(path)
    return "# Visit\n\n## How long\n\nUp to 6 months."


def test_a_sound_case_has_no_faults() -> None:
    case = Case(
        "a", "Q?", documents=frozenset({"uk/visit.md"}), facts=(("six months", "6 months"),),
        sections=(Section("uk/visit.md", "How long"),),
    )  # fmt: skip
    assert faults_of(case, _text_of) == []


def test_what_the_documents_do_not_say_is_a_fault() -> None:
    case = Case(
        "a", "Q?", documents=frozenset({"uk/visit.md", "uk/gone.md"}), facts=(("nine months",),),
        sections=(Section("uk/visit.md", "What it costs"),),
    )  # fmt: skip
    faults = faults_of(case, _text_of)
    assert [fault.split(" ", 1)[1] for fault in faults] == [
        "names 'uk/gone.md', which is not there",
        "asks for 'nine months', which none of its documents says",
        "names the section 'What it costs', which 'uk/visit.md' does not have",
    ]
