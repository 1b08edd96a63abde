from __future__ import annotations

from datetime import date

import pytest

from core.errors import UnreadableDocument
from ingest.metadata import parse_metadata


def test_reads_every_key() -> None:
    meta = parse_metadata(
        {
            "title": "Study permits",
            "jurisdiction": "ca",
            "language": "en",
            "audience": "staff",
            "source_url": "https://www.canada.ca/study",
            "effective_from": "2026-01-01",
            "effective_to": "2026-12-31",
            "supersedes": "kb/old.md",
            "reviewed_on": "2026-02-03",
            "review_by": "2027-02-03",
        },
        where="study.md",
    )
    assert (meta.title, meta.jurisdiction, meta.audience) == ("Study permits", "CA", "staff")
    assert meta.effective_to == date(2026, 12, 31)
    assert meta.supersedes == "kb/old.md"


def test_says_nothing_when_nothing_was_said() -> None:
    meta = parse_metadata({}, where="a.md")
    assert (meta.title, meta.jurisdiction, meta.language, meta.audience) == ("", "ZZ", "en", "public")
    assert meta.reviewed_on is None


@pytest.mark.parametrize(
    ("key", "value", "fix"),
    [
        ("reviewed_on", "last week", "2026-11-20"),
        ("effective_from", "2026-13-40", "2026-11-20"),
        ("source_url", "javascript:alert(1)", "https://"),
        ("source_url", "https://", "https://"),
        ("source_url", "ftp://canada.ca/a", "https://"),
        ("jurisdiction", "Canada!", "two letters"),
        ("language", "english please", "en or zh-Hans"),
        ("audience", "All Staff", "public or staff"),
        ("title", ["a", "b"], "one line of text"),
        ("titel", "Study", "did you mean 'title'?"),
        ("author", "me", "the known keys are"),
    ],
)
def test_a_bad_value_is_refused_with_place_key_and_fix(key: str, value: object, fix: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        parse_metadata({key: value}, where="study.md")
    assert caught.value.reason == "bad_metadata"
    assert all(part in caught.value.detail for part in ("study.md", key, fix))


def test_refuses_a_period_that_ends_before_it_begins() -> None:
    with pytest.raises(UnreadableDocument, match="effective_from 2026-05-01 is after effective_to 2026-04-01"):
        parse_metadata({"effective_from": "2026-05-01", "effective_to": "2026-04-01"}, where="a.md")


def test_accepts_an_area_with_rules_of_its_own() -> None:
    assert parse_metadata({"jurisdiction": "Schengen"}, where="a.md").jurisdiction == "SCHENGEN"


_PERSIAN = "\u0634\u0631\u0627\u06cc\u0637 \u0645\u06cc\u200c\u0634\u0648\u062f"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\u200eJaira Burns on\u00a0the radio", "Jaira Burns on the radio"),
        (_PERSIAN, _PERSIAN),
        ("Visas\x07 \U000e0041for all", "Visas for all"),
    ],
    ids=["direction", "Persian joiner", "control and tag"],
)
def test_a_title_is_taken_without_the_characters_that_nobody_sees(written: str, read: str) -> None:
    assert parse_metadata({"title": written}, where="a.md").title == read
