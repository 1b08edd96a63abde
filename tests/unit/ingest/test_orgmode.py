from __future__ import annotations

import pytest

from ingest.orgmode import org_markdown


@pytest.mark.parametrize(
    ("org", "markdown"),
    [
        ("** TODO [#A] Fees   :money:", "## Fees"),
        ("#+TITLE: Permits", "# Permits"),
        ("See [[https://example.org][the page]] and [[https://example.org]].", "See the page and https://example.org."),
        ("It is *free*, /really/, ~not~ 5/6.", "It is **free**, *really*, `not` 5/6."),
        ("- Permit :: a paper", "- Permit: a paper"),
        ("# a comment\n#+STARTUP: overview\nDEADLINE: <2026-01-01>\nText", "Text"),
        (":PROPERTIES:\n:ID: 5\n:END:\nText", "Text"),
        ("#+BEGIN_QUOTE\nText\n#+END_QUOTE", "Text"),
    ],
)
def test_org_becomes_markdown(org: str, markdown: str) -> None:
    assert org_markdown(org).strip() == markdown


def test_the_first_row_of_a_table_is_its_header() -> None:
    org = "| Permit | Fee |\n|--------+-----|\n| Study  | 150 |"
    assert org_markdown(org).split() == "| Permit | Fee | |---|---| | Study | 150 |".split()


def test_nothing_within_a_block_of_code_is_changed() -> None:
    assert org_markdown("#+begin_src sh\n* a *b*\n#+end_src") == "```\n* a *b*\n```"
