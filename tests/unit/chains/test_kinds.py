import pytest

from chains.kinds import kinds_in, leaves_kind_open, named_kind, other_kind


def test_knows_a_kind_under_its_other_names() -> None:
    assert kinds_in("a student visa") == kinds_in("Study permits") == frozenset({"study"})


def test_tells_a_text_about_another_kind() -> None:
    asked = kinds_in("Can I extend my study permit?")
    assert other_kind("Extend your work permit before it expires.", asked=asked)
    assert not other_kind("A study permit or a work permit can be extended.", asked=asked)
    assert not other_kind("Apply before it expires.", asked=asked)


def test_a_resident_visa_is_a_kind_of_its_own() -> None:
    asked = kinds_in("My visitor visa was declined")
    assert other_kind("You can appeal a declined resident visa.", asked=asked)


def test_has_no_other_kind_where_none_was_asked_for() -> None:
    assert not other_kind("Extend your work permit.", asked=kinds_in("How do I stay longer?"))


def test_a_rule_for_every_work_visa_holds_for_a_skilled_worker_and_not_the_other_way_round() -> None:
    said = "You cannot bring a mother as a dependant on a work or study visa."
    assert not other_kind(said, asked=kinds_in("I am on a Skilled Worker visa."))
    assert other_kind("A skilled worker visa needs a sponsor.", asked=kinds_in("Can I extend my work permit?"))


def test_kinds_that_share_their_noun_are_both_named() -> None:
    assert kinds_in("on a work or study visa") == kinds_in("work, study and visitor visas") - {"visitor"}


@pytest.mark.parametrize("question", ["How do I extend my permit?", "how long is a visa valid"])
def test_a_question_about_any_permit_leaves_the_kind_open(question: str) -> None:
    assert leaves_kind_open(question)


@pytest.mark.parametrize(
    "question", ["How do I extend my work permit?", "my 482 visa", "Do I need a visa as a tourist?", "Can I work?"]
)
def test_a_question_that_names_its_permit_does_not(question: str) -> None:
    assert not leaves_kind_open(question)


def test_a_page_is_about_the_one_kind_its_title_names() -> None:
    assert named_kind("Work permits in Canada") == ("work", "work permit")
    assert named_kind("Study permit or work permit?") is None
    assert named_kind("Fees and waiting times") is None
