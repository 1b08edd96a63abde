"""What is said beside an answer, in each language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chains.cautions import (
    disagreement_caution,
    official_pages,
    partial_caution,
    replacement_caution,
    silent_caution,
    source_cautions,
    unread_caution,
)
from chains.languages import SPOKEN
from core.types import Caution, CautionCode, Passage
from tests.unit.chains.conftest import MakePassage

TODAY = date(2026, 11, 20)
OTHERS = [language for language in SPOKEN if language != "en"]


def _all(passage: Passage, language: str) -> list[Caution]:
    return [
        *source_cautions([passage], TODAY, language),
        disagreement_caution("six months", passage, "90 days", passage, language),
        *(said(language) for said in (replacement_caution, unread_caution, partial_caution, silent_caution)),
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_every_caution_has_its_own_words_in_every_language(make_passage: MakePassage, language: str) -> None:
    passage = make_passage("You must pay.", review_by=date(2026, 11, 19))
    english, told = _all(passage, "en"), _all(passage, language)
    assert [caution.code for caution in told] == [caution.code for caution in english]
    assert {caution.text for caution in told}.isdisjoint(caution.text for caution in english)
    assert [caution.text for caution in told if "{" in caution.text] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_a_disagreement_names_both_documents_and_what_they_say(make_passage: MakePassage, language: str) -> None:
    ours = make_passage("a", title="Fees", reviewed_on=date(2026, 5, 14))
    theirs = make_passage("b", title="Waits")
    text = disagreement_caution("six months", ours, "90 days", theirs, language).text
    assert [part for part in ("Fees", "Waits", "six months", "90 days", "2026") if part not in text] == []


def test_dates_and_countries_are_written_as_the_language_writes_them(make_passage: MakePassage) -> None:
    ours = replace(
        make_passage("a"), meta=replace(make_passage("a").meta, jurisdiction="US", effective_from=date(2026, 5, 14))
    )
    for language in ("en", "xx"):
        assert "(from 14 May 2026)" in disagreement_caution("a", ours, "b", ours, language).text
    french = disagreement_caution("a", ours, "b", ours, "fr").text
    assert "14 mai 2026" in french
    assert "États-Unis" in french


def test_titles_are_listed_once_each(make_passage: MakePassage) -> None:
    passages = [make_passage("a", title="One"), make_passage("b", title="One"), make_passage("c", title="Two")]
    (caution,) = source_cautions(passages, TODAY, "en")
    assert caution.code is CautionCode.NEVER_REVIEWED
    assert "“One” and “Two”" in caution.text


@pytest.mark.parametrize("language", ["fr", "xx"])
def test_the_official_page_is_named_in_the_askers_language_or_in_english(
    make_passage: MakePassage, language: str
) -> None:
    (step,) = official_pages([make_passage("a"), make_passage("b")], language)
    assert step.startswith("Vérifiez la page officielle" if language == "fr" else "Check the official page for Canada")
    assert step.endswith("https://www.canada.ca/study")


def test_two_official_pages_are_enough(make_passage: MakePassage) -> None:
    passages = [make_passage("a", url=f"https://www.canada.ca/{number}") for number in range(3)]
    assert len(official_pages(passages, "en")) == 2
