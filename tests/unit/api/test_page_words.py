"""The words of the pages: whole in every language, and all that the pages ask for."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from api.page_words import LANGUAGES, language_read, page_words
from assistance.states import Status as RequestStatus
from chains.events import Doing
from chains.feedback import FeedbackReason
from chains.languages import SPOKEN, wording
from core.types import AbstentionReason, AnswerMode

WEB = Path(__file__).parents[3] / "api" / "web"
ENGLISH = page_words("en")
ASKED_BY_CODE = {
    *(f"by_{mode}" for mode in AnswerMode), *(f"reason_{reason}" for reason in FeedbackReason), *map(str, Doing),
    *(f"{status}{why}" for status in RequestStatus for why in ("", "_why")),
    *(f"{key}{why}" for key in ("starting", "unusable", "sign_in_needed", "too_many") for why in ("", "_why")),
}  # fmt: skip


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_pages_speak_every_language_that_answers_are_worded_in() -> None:
    assert set(LANGUAGES) == set(SPOKEN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_words_with_the_same_places(language: str) -> None:
    words = page_words(language)
    for told, english in ((words.page, ENGLISH.page), (words.script, ENGLISH.script)):
        assert list(told) == list(english)
        assert {key: places(text) for key, text in told.items()} == {key: places(text) for key, text in english.items()}
        assert all(text == text.strip() and text for text in told.values())
    assert len(words.examples) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_wants_a_person_is_told_what_the_button_says(language: str) -> None:
    _, steps = wording(language).refusals[AbstentionReason.PERSON_WANTED]
    assert page_words(language).script["ask_a_person"] in steps[0]
    assert ENGLISH.script["ask_a_person"] in steps[0]  # a page may be in English all the same


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_little_is_left_in_english(language: str) -> None:
    words = page_words(language)
    same = [
        key
        for told, english in ((words.page, ENGLISH.page), (words.script, ENGLISH.script))
        for key, text in told.items()
        if text == english[key]
    ]
    assert len(same) <= 4, same  # as French and English both write "Sources" and "Version"


def test_the_scripts_of_the_chat_ask_for_words_that_are_there_and_for_all_of_them() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (WEB / "static").glob("*.js"))
    calls = re.findall(r"\bt\(((?:[^()]|\([^()]*\))*)\)", source)
    named = {word for call in calls for word in re.findall(r'"(\w+)"', call)} - {"number", "answered", "ltr"}
    assert named <= set(ENGLISH.script)
    assert set(ENGLISH.script) >= ASKED_BY_CODE
    assert set(ENGLISH.script) <= named | ASKED_BY_CODE


def test_the_templates_ask_for_words_that_are_there_and_for_all_of_them() -> None:
    pages = [*(WEB / "templates").glob("*.html"), WEB.parent / "document_page.py"]
    source = "\n".join(path.read_text("utf-8") for path in pages)
    named = set(re.findall(r'\bwords\("(\w+)"', source))
    assert named <= set(ENGLISH.page)
    assert set(ENGLISH.page) <= set(re.findall(r'"(\w+)"', source))


@pytest.mark.parametrize(
    ("chosen", "accepted", "read"),
    [
        (None, None, "en"),
        (None, "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        (None, "en;q=0.5, ar", "ar"),
        (None, "nl,sv;q=0.9,tr;q=0.2", "tr"),
        (None, "zh-Hant-TW", "zh"),
        (None, "es;q=0, *", "en"),
        (None, "ru;q=high, PT-br;q=0.1, ;;, ,", "pt"),
        ("fa", "en-GB", "fa"),
        ("xx", "uk", "uk"),
        ("../en", None, "en"),
    ],
)
def test_what_is_chosen_goes_before_what_the_browser_asks_for(
    chosen: str | None, accepted: str | None, read: str
) -> None:
    assert language_read(chosen, accepted) == read


def test_a_value_cannot_become_markup() -> None:
    assert "<b>" not in ENGLISH("not_signed_in", problem="<b>{0}</b>")


def test_the_words_for_scripts_cannot_end_their_element() -> None:
    assert not re.search("[<>&]", page_words("fr").for_script)


@pytest.mark.parametrize(
    ("language", "written", "country", "area"),
    [
        ("en", "3 October 2026", "United Kingdom", "Schengen area"),
        ("es", "3 de octubre de 2026", "Reino Unido", "Espacio Schengen"),
        ("zh", "2026年10月3日", "英国", "申根区"),
    ],
)
def test_dates_and_countries_are_written_as_the_language_has_them(
    language: str, written: str, country: str, area: str
) -> None:
    words = page_words(language)
    assert (words.date(date(2026, 10, 3)), words.country("GB"), words.country("SCHENGEN")) == (written, country, area)
