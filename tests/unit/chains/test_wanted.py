import pytest

from chains.wanted import Figure, figure_asked, holds_figure, wants_list, without_figure_words


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How many days can I stay?", Figure.TIME),
        ("how long is it valid", Figure.TIME),
        ("max years on h1b", Figure.TIME),
        ("How much money do I need?", Figure.MONEY),
        ("How many questions are there?", Figure.COUNT),
        ("How old must I be?", Figure.AGE),
        ("How can I immigrate to Canada?", None),
        ("Can I work when I study?", None),
    ],
)
def test_reads_which_figure_is_asked_for(question: str, figure: Figure | None) -> None:
    assert figure_asked(question) is figure


@pytest.mark.parametrize(
    ("text", "figure", "held"),
    [
        ("You need at least 1,095 days in Canada.", Figure.TIME, True),
        ("You have one year to apply.", Figure.TIME, True),
        ("Each day counts as one full day.", Figure.TIME, False),
        ("The fee is on the official fee list.", Figure.MONEY, True),
        ("Ask your school.", Figure.COUNT, False),
        ("Applicants aged 18 to 54 take the test.", Figure.AGE, True),
    ],
)
def test_finds_a_figure_of_the_kind(text: str, figure: Figure, held: bool) -> None:
    assert holds_figure(text, figure) is held


def test_tells_when_steps_or_ways_are_wanted() -> None:
    assert wants_list("How do I apply for a study permit?")
    assert wants_list("which documents for the visa")
    assert not wants_list("How long does it take?")
    assert not wants_list("Can I work?")


def test_leaves_the_words_that_ask_for_a_figure_out_of_the_subject() -> None:
    assert without_figure_words("How many days for citizenship?").split() == ["for", "citizenship?"]
    assert without_figure_words("Can I stay?") == "Can I stay?"
