from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import InvalidInput
from ingest.fetch.listing import Reader, SourcePage, read_listing
from ingest.sources import discover

ENTRY = "- address: https://www.gov.uk/standard-visitor\n  jurisdiction: gb\n  every: 7d\n"


def listing(folder: Path, text: str) -> list[SourcePage] | None:
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    return read_listing(folder)


def test_reads_an_entry_and_guesses_its_reader(tmp_path: Path) -> None:
    expected = SourcePage("https://www.gov.uk/standard-visitor", "GB", timedelta(days=7), reader=Reader.GOVUK)
    assert listing(tmp_path, f"# official pages\n{ENTRY}") == [expected]


def test_what_an_entry_says_wins_over_the_guess(tmp_path: Path) -> None:
    (page,) = listing(tmp_path, ENTRY + "  reader: page\n  title: Visiting\n  language: cy\n") or []
    assert (page.reader, page.title, page.language) == (Reader.PAGE, "Visiting", "cy")


@pytest.mark.parametrize(("every", "hours"), [("12h", 12), ("7d", 168), ("2w", 336), ("3 d", 72)])
def test_intervals(tmp_path: Path, every: str, hours: int) -> None:
    (page,) = listing(tmp_path, ENTRY.replace("7d", every)) or []
    assert page.every == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]\n"])
def test_an_empty_list_is_a_list(tmp_path: Path, text: str) -> None:
    assert listing(tmp_path, text) == []


def test_a_missing_list_is_none(tmp_path: Path) -> None:
    assert read_listing(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c", "is not YAML"),
        ("address: https://e.org/", "must be a list"),
        ("- https://e.org/", "entry 1: 'https://e.org/' is no entry"),
        (ENTRY + "- jurisdiction: GB\n  every: 7d\n", "entry 2: address is missing"),
        (ENTRY.replace("gb", ""), "entry 1 (https://www.gov.uk/standard-visitor): jurisdiction is missing"),
        (ENTRY.replace("gb", "Britain!"), "'Britain!' is not a country"),
        (ENTRY.replace("7d", "weekly"), "every: 'weekly' is no interval; write one as 12h, 7d or 2w"),
        (ENTRY.replace("7d", "0d"), "is no interval"),
        (ENTRY.replace("https://", "ftp://"), "is not a web address"),
        (ENTRY.replace("www.gov.uk", "me:pw@www.gov.uk"), "user name or password"),
        (ENTRY + "  reader: magic\n", "reader: 'magic' is not known; use page or govuk"),
        (ENTRY + "  titel: Visiting\n", "unknown key 'titel'; did you mean 'title'?"),
        (ENTRY + "  reviewed_on: 2026-11-20\n", "unknown key 'reviewed_on'"),
        (ENTRY + ENTRY.replace("visitor", "visitor/"), "entry 2 (https://www.gov.uk/standard-visitor/): the same page"),
    ],
)
def test_a_mistake_is_named_with_file_entry_and_fix(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        listing(tmp_path, text)
    assert "sources.yaml" in error.value.detail
    assert said in error.value.detail


def test_the_list_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    for name in ("sources.yaml", "a.md", "deeper/sources.yaml"):
        (tmp_path / name).write_text("text")
    assert [file.path.name for file in discover(tmp_path)] == ["a.md", "sources.yaml"]
