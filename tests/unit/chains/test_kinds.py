from chains.kinds import kinds_in, other_kind


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
