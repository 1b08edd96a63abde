from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.check.finding import Finding
from ingest.check.run import check_folder
from ingest.parser import Parser
from tests.conftest import make_settings

TODAY = date(2026, 11, 20)

Check = Callable[[dict[str, str]], list[Finding]]


@pytest.fixture(scope="package")
def parser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parser]:
    with Parser(make_settings(tmp_path_factory.mktemp("check"))) as opened:
        yield opened


@pytest.fixture
def check(parser: Parser, tmp_path: Path) -> Check:
    """Write files, by name and text, into a folder `kb` and check it as on 20 November 2026."""

    def run(files: dict[str, str]) -> list[Finding]:
        for name, text in files.items():
            path = tmp_path / "kb" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return list(check_folder(tmp_path / "kb", parser, today=TODAY, max_file_mb=1).findings)

    return run


def page(body: str = "You need a visa to visit Canada.", *, title: str = "A page", **said: str) -> str:
    """A Markdown document that says all it should, with `said` on top, a key a line from line 5 on."""
    head = {"title": title, "jurisdiction": "CA", "source_url": "https://www.canada.ca/visa"} | said
    lines = "\n".join(f"{key}: {value}" for key, value in head.items() if value)
    return f"---\n{lines}\n---\n{body}\n"


def places(findings: list[Finding]) -> list[tuple[str, str, int | None]]:
    return [(finding.code.value, finding.file, finding.line) for finding in findings]
