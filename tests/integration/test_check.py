"""`assistant check` and the list of what is due, as an editor and CI use them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from core.types import DocumentMeta, Scope
from ingest.check.finding import Code, Severity
from ingest.check.run import check_folder
from ingest.due import DueReason, due_reason
from ingest.parser import Parser
from tests.command_line import assistant
from tests.conftest import KNOWLEDGE_BASE, ROOT, make_settings, served


def _run(*arguments: str, data_dir: Path) -> Result:
    return CliRunner().invoke(app, ["--data-dir", str(data_dir), *arguments])


def test_the_shipped_knowledge_base_has_no_errors_and_no_warnings_but_those_that_time_brings(tmp_path: Path) -> None:
    with Parser(make_settings(tmp_path)) as parser:
        report = check_folder(KNOWLEDGE_BASE, parser, today=date.today(), max_file_mb=64)
    by_time = (Code.EXPIRED, Code.REVIEW_OVERDUE)
    serious = [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    assert report.files >= 50
    assert [finding for finding in serious if finding.code not in by_time] == []


def test_it_prints_like_a_compiler_and_fails_only_for_errors(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: A\nsource_url: https://www.canada.ca\n---\nYou need a visa.\n")
    done = _run("check", str(folder), data_dir=tmp_path / "data")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "0 errors, 1 warnings, 0 notes in 1 files"
    assert "kb/a.md:1  warning  no country" in done.stdout
    assert _run("check", "--strict", str(folder), data_dir=tmp_path / "data").exit_code == 1
    assert not (tmp_path / "data").exists()


def test_one_file_is_held_against_its_folder_and_told_as_json(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.md").write_text("---\ntitle: A\njurisdiction: ZZ\n---\nYou need a visa.\n")
    done = _run("check", "--json", str(folder / "b.md"), data_dir=tmp_path / "data")
    [finding] = json.loads(done.stdout)
    assert (finding["code"], finding["file"], finding["severity"]) == ("duplicate", "kb/b.md", "error")
    assert done.exit_code == 1


def test_a_path_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = _run("check", "/nowhere", data_dir=tmp_path)
    assert done.exit_code == 1
    assert done.stderr.startswith("error: there is no '/nowhere'")


def test_every_rule_is_explained() -> None:
    rows = [
        line.split("|") for line in (ROOT / "docs" / "checking.md").read_text().splitlines() if line.startswith("| `")
    ]
    explained = {cells[1].strip().strip("`"): cells[2].strip() for cells in rows}
    assert explained == {code.value: code.severity.value for code in Code}


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        (DocumentMeta("A"), DueReason.NEVER_REVIEWED),
        (DocumentMeta("A", review_by=date(2026, 11, 19)), DueReason.OVERDUE),
        (DocumentMeta("A", reviewed_on=date(2025, 1, 1), review_by=date(2026, 11, 19)), DueReason.OVERDUE),
        (DocumentMeta("A", reviewed_on=date(2025, 1, 1), review_by=date(2026, 12, 20)), DueReason.DUE_SOON),
        (DocumentMeta("A", reviewed_on=date(2025, 1, 1), review_by=date(2026, 12, 21)), None),
        (DocumentMeta("A", reviewed_on=date(2025, 1, 1)), None),
    ],
)
def test_tells_why_a_document_is_due(meta: DocumentMeta, reason: DueReason | None) -> None:
    assert due_reason(meta, date(2026, 11, 20)) is reason


def test_what_is_due_is_listed_over_http_and_on_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    heads = {"never": "", "late": "reviewed_on: 2020-01-01\nreview_by: 2021-01-01", "fine": "reviewed_on: 2020-01-01"}
    for name, head in heads.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: {name}\n{head}\n---\nYou need a {name} visa.\n")
    settings = make_settings(tmp_path / "data", knowledge_base=folder)
    with served(settings) as address:
        token = _run("token", "create", "--scope", Scope.KNOWLEDGE_READ, data_dir=settings.data_dir).stdout.strip()
        found = httpx.get(f"{address}/documents/due", headers={"Authorization": f"Bearer {token}"}).json()
        listed = assistant("documents", "due", "--json", data_dir=settings.data_dir).json()
        assert httpx.get(f"{address}/documents/due").status_code == 401
    expected = [("kb/late.md", "overdue"), ("kb/never.md", "never_reviewed")]
    assert [(item["id"], item["reason"]) for item in found["items"]] == expected
    assert listed == found
