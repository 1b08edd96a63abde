from __future__ import annotations

import pytest

from core.errors import UnreadableDocument
from ingest.frontmatter import html_pairs, split_front_matter, yaml_pairs


def test_front_matter_is_parted_from_the_text() -> None:
    assert split_front_matter("---\ntitle: A\n---\n# A\n") == ("title: A", "# A\n")


def test_text_between_two_rules_is_no_front_matter() -> None:
    text = "---\nJust a sentence\n---\nMore"
    assert split_front_matter(text) == (None, text)


def test_text_without_front_matter_is_left_whole() -> None:
    assert split_front_matter("# A\n\n---\n") == (None, "# A\n\n---\n")


def test_values_stay_as_they_were_written() -> None:
    pairs = yaml_pairs("jurisdiction: NO\nreviewed_on: 2026-01-02\n", where="a.md")
    assert pairs == {"jurisdiction": "NO", "reviewed_on": "2026-01-02"}


@pytest.mark.parametrize(
    "source", ["title: a: b", "- a\n- b", "title: [", "a: &a [*a]\nb: !!python/object:os.system x: y"]
)
def test_what_is_no_mapping_is_refused_with_the_place(source: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"a\.md"):
        yaml_pairs(source, where="a.md")


def test_the_head_of_a_page_gives_title_language_and_our_keys() -> None:
    head = '<html lang="fr-CA"><head><title>Étudier &amp; travailler</title><meta name="jurisdiction" content="CA">'
    assert html_pairs(head) == {"title": "Étudier & travailler", "language": "fr-CA", "jurisdiction": "CA"}


def test_a_language_that_other_pages_write_their_own_way_is_left_out() -> None:
    assert "language" not in html_pairs('<meta name="language" content="eng; CAN">')


def test_a_section_that_no_browser_knows_stops_nobody() -> None:
    assert html_pairs("<title>Fees</title><![foo[x]]>") == {"title": "Fees"}
