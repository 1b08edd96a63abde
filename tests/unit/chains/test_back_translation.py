"""What came back from a translation says the same, or the reader sees the original."""

from __future__ import annotations

import pytest

from chains.back_translation import keeps_the_meaning

SOURCE = "You must send the form IMM 5710 to Canada before 14 May 2026 and pay $1,365."


def test_the_same_in_other_words_is_kept() -> None:
    assert keeps_the_meaning("You must submit the form IMM 5710 to Canada before 14 May 2026 and pay $1,365.", SOURCE)


@pytest.mark.parametrize(
    "back",
    [
        "You must not send the form IMM 5710 to Canada before 14 May 2026 and pay $1,365.",
        "You may send the form IMM 5710 to Canada before 14 May 2026 and pay $1,365.",
        "You must send the form IMM 5710 to Canada before 15 May 2026 and pay $1,365.",
        "You must send the form IMM 5710 to Canada before 14 May 2026.",
        "You must send the form IMM 5710 to Germany before 14 May 2026 and pay $1,365.",
        "After 14 May 2026, you must send the form IMM 5710 to Canada and pay $1,365.",
        "Nothing of the kind is known here.",
    ],
)
def test_what_says_otherwise_is_refused(back: str) -> None:
    assert not keeps_the_meaning(back, SOURCE)


@pytest.mark.parametrize(
    ("back", "original"),
    [
        (
            "If someone keeps your passport, ask the police, your embassy or a free advice centre for help.",
            "Ask the police, your embassy or a free advice centre for help if somebody keeps your passport.",
        ),
        ("Stop working in Canada immediately, unless you asked for an extension.",
         "Stop working in Canada at once, unless you asked for an extension."),
        ("Basic German still helps you in everyday life in Germany.",
         "Basic German still helps you in daily life in Germany."),
        ("United States visa fees are usually not refunded when an application is refused.",
         "United States visa fees are normally not returned when an application is denied."),
        ("You can file Form I-751 on your own with evidence that the marriage was genuine when you married.",
         "You can file Form I-751 alone with proof that the marriage was real when you married."),
        ("The deadlines are short, so read the letter from Germany on the same day you receive it.",
         "The time limits are short, so read the letter from Germany the day you receive it."),
        ("If you filed Form N-400 on or after October 20, 2025, you take the 2025 civics test.",
         "If you filed Form N-400 on or after 20 October 2025, you take the 2025 civics test."),
    ],
)  # fmt: skip
def test_what_translations_come_back_as_is_kept(back: str, original: str) -> None:
    """Some of those that a language model translated and translated back."""
    assert keeps_the_meaning(back, original)


@pytest.mark.parametrize(
    ("back", "original"),
    [
        ("Everyone who applies for temporary residence in Canada needs a medical exam before the visa is given.",
         "Everyone who applies for permanent residence in Canada needs a medical exam before the visa is given."),
        ("There is no minimum income to sponsor a spouse, a partner or a dependent child in Canada outside Quebec.",
         "There is no minimum income to sponsor a spouse, a partner or a dependent child in Canada inside Quebec."),
        ("A baby born in the United States to parents with temporary visas is usually not British.",
         "A baby born in the United Kingdom to parents with temporary visas is usually not British."),
        ("If you work, you must not leave the country without a permit.",
         "If you leave the country, you must not work without a permit."),
        ("You must not travel without a visa, except in an emergency.",
         "You must fly without a visa, except in an emergency."),
        ("Tell the authority of your town before you move to another flat.",
         "Tell the authority of your city after you move to another flat."),
        ("The officer in the centre keeps your passport after the interview is over.",
         "The officer in the office returns your passport after the interview is over."),
        ("You can enter Canada once with this visa and a passport.",
         "You can enter Canada immediately with this visa and a passport."),
        ("Citizens of Ukraine can ask for this protection in the office of the district.",
         "Citizens of Russia can ask for this protection in the office of the town."),
        ("You pay the office 60 dollars for the card and the photo.",
         "You pay the authority 70 dollars for the card and the photo."),
        ("You must pay the office for the card and the new photo.",
         "You may pay the authority for the card and the new photo."),
        ("You must bring your passport.", "You must bring your passport and two photographs."),
        ("If you filed Form N-400 after 20 October 2025, you have to take the new civics test.",
         "If you filed Form N-400 on or after 20 October 2025, you have to do the new civics test."),
        ("If your passport expires sooner, Canada gives the permit until it expires.",
         "If your passport expires later, Canada issues the permit until it expires."),
        ("You must bring your passport and two photographs.", "You must bring your passport."),
        ("You can ask the office in the town for help with the form.",
         "You can ask a doctor in the school for help with the meal."),
    ],
)  # fmt: skip
def test_an_opposite_or_another_country_or_condition_is_no_other_word_for_it(back: str, original: str) -> None:
    assert not keeps_the_meaning(back, original)


def test_a_country_that_stands_above_both_is_not_left_out_of_one() -> None:
    assert not keeps_the_meaning(
        "Send the British form to the office by post.", "Send the form to the authority in London by post.",
        context="British visas",
    )  # fmt: skip
