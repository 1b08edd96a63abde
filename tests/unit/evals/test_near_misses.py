"""Questions made beside an approved one."""

from __future__ import annotations

from chains.same_question import difference
from evals.near_misses import Detail, near_misses, other_words
from tests.unit.chains.question_pairs import OTHER_WORDS

KNOWN = sorted({known for known, _ in OTHER_WORDS})


def test_no_near_miss_is_taken_for_the_question_it_was_made_of() -> None:
    made = [(known, miss) for known in KNOWN for miss in near_misses(known)]
    assert len(made) > 100
    assert [(known, miss) for known, miss in made if difference(miss.text, known) is None] == []


def test_most_other_words_are_taken_for_the_same_question() -> None:
    made = [(known, asked) for known in KNOWN for asked in other_words(known)]
    same = [difference(asked, known) is None for known, asked in made]
    assert sum(same) >= 0.9 * len(same)


def test_every_kind_of_detail_is_changed() -> None:
    question = "Can my wife apply inside Canada for form IMM 5710 before 2026 if she pays $155?"
    assert {miss.detail for miss in near_misses(question)} == set(Detail)


def test_naming_the_country_whose_rules_it_is_about_makes_no_near_miss() -> None:
    assert not any("in Canada" in miss.text for miss in near_misses("How long is my permit valid?", country="CA"))
