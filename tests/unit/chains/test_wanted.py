import pytest

from chains.wanted import (
    Figure,
    asks_how_much,
    asks_yes_or_no,
    figure_asked,
    holds_figure,
    lacks_figure,
    wants_list,
    without_figure_words,
)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How many days can I stay?", Figure.TIME),
        ("how long is it valid", Figure.TIME),
        ("max years on h1b", Figure.TIME),
        ("How much money do I need?", Figure.MONEY),
        ("How many dollars must I invest?", Figure.MONEY),
        ("from which day does the limit hold", Figure.DATE),
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


def test_an_answer_without_the_figure_that_is_asked_for_speaks_of_something_else() -> None:
    assert lacks_figure("How many dollars must I invest?", ["There is a visa for people who invest."])
    assert not lacks_figure("How many dollars must I invest?", ["You invest 800,000 dollars.", "Then you apply."])
    assert not lacks_figure("What is the deadline?", ["It ended on 30 June 2021."])
    assert not lacks_figure("How old can my bank statement be?", ["It must be at most four weeks old."])
    assert lacks_figure("How old must my wife be?", ["Your wife must live with you."])
    assert not lacks_figure("Where do I see how long it takes?", ["The official page shows it."])
    assert not lacks_figure("Can I work?", ["Yes, you can."])


def test_how_long_one_waits_is_no_other_span_of_time() -> None:
    stay = ["A student visa is for up to five years."]
    for question in (
        "How long does the Home Office take to decide about a student visa?",
        "How many weeks do I wait for a student visa?",
        "student visa processing time",
    ):
        assert lacks_figure(question, stay)
        assert not lacks_figure(question, [*stay, "A decision usually takes three weeks."])
    assert not lacks_figure("How long can I stay on a student visa?", stay)
    assert not lacks_figure("How many years of work do I need before they will take me on?", ["You need two years."])
    assert not lacks_figure("How many days do I have to appeal the decision?", ["You must appeal within 14 days."])
    assert not lacks_figure("How long until I can apply for citizenship?", ["You need five years of residence."])
    assert not lacks_figure("How many hours can I work while I wait for my permit?", ["You can work 20 hours a week."])
    assert not lacks_figure("How long can I stay while waiting for a decision?", ["You may stay for 90 days."])
    assert not lacks_figure("How long does it take to get a visa?", ["Most are answered within 15 working days."])
    assert not lacks_figure("How long does a language course take?", ["The course lasts 6 months."])


def test_who_asks_what_is_charged_paid_or_invested_wants_a_sum() -> None:
    for question in (
        "How much does the court charge?",
        "How much must I invest for the visa?",
        "How much do employers pay for it?",
    ):
        assert lacks_figure(question, ["The court action must be in German.", "The court asks for a fee."])
        assert not lacks_figure(question, ["It is 800,000 dollars."])
        assert not lacks_figure(question, ["The fee is shown on the official page."])
    assert not lacks_figure("How much does the office pay back?", ["It returns the fee."])


def test_what_one_has_to_show_is_no_price() -> None:
    assert figure_asked("How much is a study permit?") is Figure.PRICE
    assert lacks_figure("How much is a study permit?", ["You must show enough money for tuition and living costs."])
    assert lacks_figure("What is the fee?", ["The sponsor must earn at least 342,000 kroner."])
    assert not lacks_figure("How much is a study permit?", ["It costs 150 dollars."])
    assert not lacks_figure("How much does a visa cost?", ["Pay the fee that the official list shows."])
    assert lacks_figure("How much does a visa cost?", ["Apply online on the official website and pay the fees."])
    assert not lacks_figure("How much does a visa cost?", ["The appointment is free."])
    assert not lacks_figure("What is the price?", ["The fee depends on your age."])
    assert figure_asked("How much is the minimum income?") is Figure.MONEY


def test_what_one_has_to_earn_is_a_sum() -> None:
    asked = "How much must I earn to bring my parents?"
    assert lacks_figure(asked, ["For a visit of up to five years, or of 12 months, the child must earn enough."])
    assert not lacks_figure(asked, ["The sponsor must earn at least 342,000 kroner."])
    assert not lacks_figure("How much time do I have?", ["You have three months."])


def test_a_tax_is_not_answered_with_another_sum() -> None:
    asked = "How much tax do I pay on the salary?"
    assert lacks_figure(asked, ["The salary must be at least 50,000 euros."])
    assert not lacks_figure(asked, ["The tax on it is 20 percent."])


def test_hours_are_not_answered_with_months() -> None:
    assert lacks_figure("How many hours a week may a student work?", ["The permit is valid for 9 months."])
    assert not lacks_figure("How many hours a week may a student work?", ["A student may work 15 hours a week."])
    assert not lacks_figure("How many days may I stay?", ["You may stay for three months."])


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How much does a visa cost?", True),
        ("fee for a work visa", True),
        ("What are the fees?", True),
        ("Will Canada give me back the fee?", False),
        ("To which account do I pay the fee?", False),
        ("Who pays the fee for a permit?", False),
        ("How much money must I show?", False),
    ],
)
def test_a_price_is_asked_for_by_how_much_not_by_who_pays(question: str, asks: bool) -> None:
    assert asks_how_much(question) is asks


@pytest.mark.parametrize(
    ("question", "yes_or_no"),
    [
        ("Can students work?", True),
        ("Do citizens of India need a visa?", True),
        ("Is IELTS needed?", True),
        ("Don't I need a visa?", True),
        ("My visa has ended, can I stay?", True),
        ("I live in Lima. Does my child need a visa?", True),
        ("Can you tell me if I may work?", True),
        ("Can I bring my wife, who lives in Peru?", True),
        ("How many hours can I work?", False),
        ("My husband, a student, has moved", False),
        ("May I know how to extend my stay?", False),
        ("May I know the fee?", False),
        ("Can I ask how long it takes?", False),
        ("Please can you explain how a sponsor works?", False),
        ("Can you help me find out how long I may stay?", False),
    ],
)
def test_a_question_that_yes_answers_is_told_from_a_polite_one(question: str, yes_or_no: bool) -> None:
    assert asks_yes_or_no(question) is yes_or_no
