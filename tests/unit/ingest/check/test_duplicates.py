from __future__ import annotations

from tests.unit.ingest.check.conftest import Check, page, places

_RULES = [
    f"The {name} permit in Canada is given to people who have shown the office their {thing} and paid what it asks for."
    for name, thing in (("study", "letter"), ("work", "offer"), ("visitor", "ticket"), ("family", "certificate"))
]
_TEXT = "\n\n".join(_RULES)


def test_the_same_text_in_two_files_is_found(check: Check) -> None:
    files = {
        "a.md": page(f"# Permits\n\n{_TEXT}"),
        "b.md": page(f"# Permits\n\n{_TEXT.replace('. ', '.  ')}", title="B"),
    }
    assert places(check(files)) == [("duplicate", "kb/b.md", 6)]


def test_nearly_the_same_text_is_found(check: Check) -> None:
    changed = _TEXT.replace("their ticket", "their return flight")
    assert places(check({"a.md": page(_TEXT), "b.md": page(changed)})) == [("near-duplicate", "kb/b.md", 6)]


def test_versions_that_nobody_reads_together_are_left_alone(check: Check) -> None:
    changed = _TEXT.replace("their ticket", "their return flight")
    assert check({"a.md": page(_TEXT), "b.md": page(changed, supersedes="a.md")}) == []
    assert (
        check({"a.md": page(_TEXT, effective_to="2026-12-31"), "b.md": page(changed, effective_from="2027-01-01")})
        != []
    )


def test_texts_of_one_subject_are_left_alone(check: Check) -> None:
    assert check({"a.md": page("\n\n".join(_RULES[:2])), "b.md": page("\n\n".join(_RULES[2:]))}) == []


def test_a_question_answered_twice_is_found_where_it_stands_again(check: Check) -> None:
    rows = "question,answer\nHow long?,Up to a year.\nWhere to?,To the office.\n"
    rows += "how long,Two days.\nWHERE TO,To the office!\n"
    meta = "title: Questions\njurisdiction: CA\nsource_url: https://www.canada.ca/a\n"
    found = check({"q.csv": rows, "q.csv.meta.yaml": meta})
    assert places(found) == [("question-twice", "kb/q.csv", 4)]
    assert "kb/q.csv:2" in found[0].message


def test_the_same_question_about_two_countries_is_two_questions(check: Check) -> None:
    rows = "question,answer,jurisdiction,source_url\n"
    rows += "how long,Up to a year.,CA,https://www.canada.ca/a\nhow long,Two days.,GB,https://www.gov.uk/a\n"
    assert check({"q.csv": rows, "q.csv.meta.yaml": "title: Questions\n"}) == []
