from __future__ import annotations

import pytest

from tests.unit.ingest.check.conftest import Check, page, places


def test_a_page_that_says_all_it_should_is_clean(check: Check) -> None:
    assert check({"a.md": page()}) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"titel": "x"}, "unknown-key"),
        ({"effective_from": "2026-13-01"}, "bad-value"),
        ({"language": "english please"}, "bad-value"),
        ({"audience": "All Staff"}, "bad-value"),
    ],
)
def test_a_key_that_cannot_be_used_is_found_on_its_line(check: Check, said: dict[str, str], code: str) -> None:
    assert places(check({"a.md": page(**said)})) == [(code, "kb/a.md", 5)]


def test_every_bad_key_is_told_with_its_fix(check: Check) -> None:
    found = check({"a.md": page(titel="x", reviewed_on="soon")})
    assert [(finding.line, finding.fix) for finding in found] == [
        (5, "did you mean 'title'?"),
        (6, "write it as 2026-11-20"),
    ]
    assert found[0].message == "unknown key 'titel'"


def test_yaml_that_cannot_be_read_is_found_on_its_line(check: Check) -> None:
    text = page(effective_from="a: b: c")
    assert ("bad-front-matter", "kb/a.md", 5) in places(check({"a.md": text}))


def test_a_key_that_stands_twice_is_found_where_it_does_not_count(check: Check) -> None:
    text = page().replace("jurisdiction: CA", "jurisdiction: CA\ntitle: Another")
    assert places(check({"a.md": text})) == [("double-key", "kb/a.md", 2)]


def test_front_matter_without_an_end_is_found(check: Check) -> None:
    text = "---\ntitle: Visa\njurisdiction: CA\n\n# Visa\n\nYou need a visa to visit Canada.\n"
    assert ("open-front-matter", "kb/a.md", 1) in places(check({"a.md": text}))


@pytest.mark.parametrize(
    ("key", "code"),
    [("jurisdiction", "missing-jurisdiction"), ("source_url", "missing-source"), ("title", "missing-title")],
)
def test_what_is_missing_is_told(check: Check, key: str, code: str) -> None:
    text = page().replace({"jurisdiction": "jurisdiction: CA\n", "source_url": "source_url: https://www.canada.ca/visa\n",
                           "title": "title: A page\n"}[key], "")  # fmt: skip
    expected = [] if key == "jurisdiction" else [(code, "kb/a.md", 1)]
    assert places(check({"a.md": text})) == (expected or [("missing-jurisdiction", "kb/a.md", 1)])


def test_a_heading_is_title_enough_and_rows_may_bring_country_and_source(check: Check) -> None:
    text = page("# Visas\n\nYou need a visa to visit Canada.", title="")
    rows = "question,answer,jurisdiction,source_url\nhow long,Up to a year.,CA,https://www.canada.ca/a\n"
    assert check({"a.md": text, "b.csv": rows, "b.csv.meta.yaml": "title: Questions\n"}) == []


def test_text_for_no_single_country_needs_no_official_page(check: Check) -> None:
    assert check({"a.md": "---\ntitle: About us\njurisdiction: ZZ\n---\nWe answer questions.\n"}) == []


def test_a_sidecar_is_checked_too_and_one_without_its_file_is_found(check: Check) -> None:
    files = {"a.md": page(), "a.md.meta.yaml": "title: A\nlanguge: en\n", "gone.pdf.meta.yaml": "title: B\n"}
    assert places(check(files)) == [
        ("unknown-key", "kb/a.md.meta.yaml", 2),
        ("stray-sidecar", "kb/gone.pdf.meta.yaml", 1),
    ]


def test_a_page_in_html_is_found_by_its_tags(check: Check) -> None:
    head = "<html lang=en>\n<head><title>A</title>\n<meta name=jurisdiction content='Canada!'>\n</head>"
    html = f"{head}<p>You need a visa.</p>"
    assert ("bad-value", "kb/a.html", 3) in places(check({"a.html": html}))


def test_a_file_that_gives_no_text_is_an_error_with_its_reason(check: Check) -> None:
    [finding] = check({"a.xyz": "text"})
    assert (finding.code, finding.line) == ("unreadable", None)
    assert finding.message.startswith("unsupported: ")


def test_a_language_that_does_not_fit_is_found_when_it_is_sure(check: Check) -> None:
    german = "Sie brauchen ein Visum, wenn Sie in Deutschland studieren möchten und keinen Pass der Union haben. " * 4
    found = check({"a.md": page(german, language="en", jurisdiction="DE"), "b.md": page("Ein Visum.", language="en")})
    assert [(finding.code, finding.line, finding.fix) for finding in found] == [
        ("wrong-language", 5, "write `language: de`")
    ]
