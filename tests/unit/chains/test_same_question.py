import pytest

from chains.same_question import TURNING_POINTS, Difference, difference, is_of_another
from tests.unit.chains.question_pairs import NEAR_MISSES, OTHER_WORDS

COST = "How much does a teaching permit for Iceland cost?"
WIFE = "Can my wife work in Iceland if I have a teaching permit?"


@pytest.mark.parametrize(("known", "asked"), NEAR_MISSES)
def test_a_near_miss_is_another_question(known: str, asked: str) -> None:
    assert difference(asked, known) is not None
    assert difference(known, asked) is not None


def test_most_questions_in_other_words_are_the_same() -> None:
    missed = [asked for known, asked in OTHER_WORDS if difference(asked, known) is not None]
    assert len(OTHER_WORDS) == 63
    assert len(missed) <= 3, missed


@pytest.mark.parametrize("question", sorted({known for known, _ in (*OTHER_WORDS, *NEAR_MISSES)}))
def test_every_question_is_the_same_as_itself_however_it_is_typed(question: str) -> None:
    typed = f"  {question.lower().rstrip('?')} "
    assert difference(question, question) in (None, Difference.CONTEXT)
    assert difference(f"Hello! {question} Thank you.", question) in (None, Difference.CONTEXT)
    assert difference(typed, question) in (None, Difference.CONTEXT, Difference.COUNTRY, Difference.FIGURE)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("How much does a teaching permit for Norway cost?", Difference.COUNTRY),
        ("How much does a teaching permit for Iceland cost in 2025?", Difference.FIGURE),
        ("How much does a teaching permit for Iceland not cost?", Difference.NEGATION),
        ("How much does a teaching permit for Iceland cost my brother?", Difference.ACTOR),
        ("How much must a teaching permit for Iceland cost?", Difference.MODAL),
        ("How much does a teaching permit for Iceland cost from abroad?", Difference.ORDER),
        ("How much does an urgent teaching permit for Iceland cost?", Difference.CONTENT),
        ("How long does a teaching permit for Iceland take?", Difference.FORM),
    ],
)
def test_says_in_what_two_questions_differ(asked: str, expected: Difference) -> None:
    assert difference(asked, COST) is expected


def test_differences_of_wording_alone_are_no_turning_points() -> None:
    assert not {Difference.FORM, Difference.CONTENT, Difference.CONTEXT, Difference.LENGTH} & TURNING_POINTS


def test_whose_question_it_is_counts_in_both_directions() -> None:
    assert difference("Can I work in Iceland if my wife has a teaching permit?", WIFE) in TURNING_POINTS


def test_the_country_chosen_beside_the_question_is_its_country() -> None:
    asked = "How much does a teaching permit cost?"
    assert difference(asked, COST) is Difference.COUNTRY
    assert difference(asked, COST, place="NO") is Difference.COUNTRY
    assert difference(asked, COST, place="IS") is None


def test_the_country_of_the_rules_counts_where_the_known_question_names_none() -> None:
    known = "How much does a teaching permit cost?"
    assert difference(COST, known, known_place="IS") is None
    assert difference(COST, known, known_place="NO") is Difference.COUNTRY
    assert difference(COST, known) is Difference.COUNTRY


@pytest.mark.parametrize("known", ["How much does it cost?", "How long does the decision take?", "Do I need a visa?"])
def test_a_question_that_does_not_stand_alone_is_the_same_as_none(known: str) -> None:
    assert difference(known, known) is Difference.CONTEXT


def test_a_long_story_is_no_known_question() -> None:
    assert difference(f"{'My story is long. ' * 12}{COST}", COST) is Difference.LENGTH


@pytest.mark.parametrize(
    ("asked", "known", "of_another"),
    [
        (
            "overstayed in america 8 months if i leave can i return",
            "i overstayed in america 2 years can i return",
            True,
        ),
        ("do i need a test for a student visa", "do i need a test for a visit visa", True),
        ("overstayed in america 2 years, can i return", "i overstayed in america 2 years can i return", False),
        ("do i need a test", "do i need a test for a visit visa", False),
        ("How long is the ban after 14 months?", "What is the 3-year ban?", False),
    ],
)
def test_a_pair_that_tells_another_persons_case_is_known_by_its_words(asked: str, known: str, of_another: bool) -> None:
    assert is_of_another(asked, known) is of_another


@pytest.mark.parametrize(
    "question", ["How much does a Schengen visa cost?", "Somebody offers a fast apostille online. Is it real?"]
)
def test_word_for_word_a_question_is_the_same_although_it_says_little_else(question: str) -> None:
    assert difference(question, question.lower()) is None
    assert difference(question, f"{question} Now?") is not None
