"""The check: read every file, then hold each against the rules, alone and beside the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.check.approvals import check_approvals
from ingest.check.dates import check_dates
from ingest.check.document import CheckedDocument, read_document
from ingest.check.duplicates import check_duplicates, check_questions
from ingest.check.figures import check_figures
from ingest.check.finding import Code, Finding, Severity
from ingest.check.front_matter import check_front_matter
from ingest.check.language import check_language
from ingest.check.links import check_links
from ingest.check.samples import check_samples
from ingest.check.supersession import check_supersession
from ingest.check.wording import check_wording
from ingest.parser import Parser
from ingest.sources import SIDECAR_SUFFIX, discover

__all__ = ["CheckReport", "check_folder"]

OnRead = Callable[[int, int], None]
"""Called with how many files of how many were read."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in `files` files, by file and line."""

    files: int
    findings: tuple[Finding, ...]

    def of(self, file: str) -> CheckReport:
        """The findings of one file and its sidecar."""
        mine = (file, file + SIDECAR_SUFFIX)
        return CheckReport(1, tuple(finding for finding in self.findings if finding.file in mine))

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)


def check_folder(
    root: Path, parser: Parser, *, today: date, max_file_mb: int, on_read: OnRead = lambda _done, _total: None
) -> CheckReport:
    """Check every file below `root` as it would be used on `today`; raises `NotFound` when there is no such folder."""
    files = list(discover(root))
    documents = []
    for done, file in enumerate(files, start=1):
        documents.append(read_document(file, parser, max_bytes=max_file_mb << 20))
        on_read(done, len(files))
    top = root.resolve()
    findings = [
        *_alone(documents, today), *_together(documents), *check_samples(documents, top), *_stray_sidecars(top)
    ]  # fmt: skip
    return CheckReport(len(files), tuple(sorted(findings, key=_place)))


def _alone(documents: Sequence[CheckedDocument], today: date) -> Iterator[Finding]:
    superseded = {document.meta.supersedes for document in documents if document.meta.supersedes is not None}
    by_id = {document.id: document for document in documents}
    for document in documents:
        yield from check_front_matter(document)
        yield from check_dates(document, today, superseded=superseded)
        if document.problem is not None:
            yield _unreadable(document)
            continue
        yield from check_language(document)
        yield from check_links(document, by_id)
        yield from check_wording(document)


def _together(documents: Sequence[CheckedDocument]) -> Iterator[Finding]:
    readable = [document for document in documents if document.problem is None]
    yield from check_supersession(documents)
    yield from check_approvals(documents)
    yield from check_duplicates(readable)
    yield from check_questions(readable)
    yield from check_figures(readable)


def _unreadable(document: CheckedDocument) -> Finding:
    assert document.problem is not None
    message, _, fix = document.problem.detail.partition("; ")
    return document.finding(Code.UNREADABLE, f"{document.problem.reason}: {message}", fix or "replace the file")


def _stray_sidecars(root: Path) -> Iterator[Finding]:
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        for name in names:
            if name.endswith(SIDECAR_SUFFIX) and name.removesuffix(SIDECAR_SUFFIX) not in names:
                place = Path(root.name, Path(folder).relative_to(root), name).as_posix()
                message = f"there is no file {name.removesuffix(SIDECAR_SUFFIX)!r} beside it, so nothing reads it"
                yield Finding(Code.STRAY_SIDECAR, place, 1, message, "rename it after its file, or delete it")


def _place(finding: Finding) -> tuple[str, int, str, str]:
    return finding.file, finding.line or 0, finding.code, finding.message
