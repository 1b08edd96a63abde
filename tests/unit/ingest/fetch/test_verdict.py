from __future__ import annotations

import pytest

from ingest.blocks import Block, BlockKind
from ingest.fetch.problems import PageProblem
from ingest.fetch.verdict import NewState, PageText, find_problem

ASKED = "https://visa.example/work"
TEXT = PageText("hash", 300, ("Work visa",))


def problem(
    text: PageText = TEXT,
    *,
    at: str = ASKED,
    accepted_at: str | None = None,
    before: int = 300,
    withdrawn: bool = False,
) -> PageProblem | None:
    found = find_problem(NewState(text, at, withdrawn), asked=ASKED, accepted_at=accepted_at, words_before=before)
    return None if found is None else found.problem


@pytest.mark.parametrize("before", [0, 100, 300, 600])
def test_growing_and_shrinking_to_half_is_taken(before: int) -> None:
    assert problem(before=before) is None


def test_less_than_half_of_the_words_is_flagged() -> None:
    assert problem(before=601) is PageProblem.SHRUNK


@pytest.mark.parametrize(
    "headline",
    ["Page not found", "404", "Error 404 - File missing", "This page can’t be found", "Page introuvable",
     "Seite nicht gefunden", "Página no encontrada", "This page no longer exists", "We couldn't find that page"],
)  # fmt: skip
def test_a_short_page_that_says_it_is_missing_has_vanished(headline: str) -> None:
    assert problem(PageText("h", 40, (headline,))) is PageProblem.VANISHED


def test_a_long_page_about_missing_things_has_not() -> None:
    assert problem(PageText("h", 900, ("Your documents cannot be found",))) is None


@pytest.mark.parametrize("home", ["https://visa.example/", "https://visa.example", "https://other.example/"])
def test_a_page_that_leads_home_has_vanished(home: str) -> None:
    assert problem(at=home) is PageProblem.VANISHED


@pytest.mark.parametrize("place", ["https://visa.example/jobs", "https://other.example/work"])
def test_a_page_that_moved_is_flagged_until_its_place_is_accepted(place: str) -> None:
    assert problem(at=place) is PageProblem.REDIRECTED
    assert problem(at=place, accepted_at=place) is None


def test_a_withdrawn_page_is_flagged() -> None:
    assert problem(withdrawn=True) is PageProblem.WITHDRAWN


def test_only_what_is_read_counts() -> None:
    heading, text = Block(BlockKind.HEADING, "Work visa", level=1), Block(BlockKind.PARAGRAPH, "You can work.")
    found = PageText.of([heading, text])
    assert (found.words, found.headlines) == (5, ("Work visa",))
    assert found.content_hash == PageText.of([heading, text]).content_hash
    assert found.content_hash != PageText.of([text, heading]).content_hash


@pytest.mark.parametrize("each", PageProblem)
def test_every_problem_has_a_sentence_with_what_to_do(each: PageProblem) -> None:
    assert each.sentence.endswith(".")
    assert ";" in each.sentence
