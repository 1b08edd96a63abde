"""Sample questions: lines that are left out, and questions that are told to be answered and not to be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from core.errors import UnreadableDocument
from ingest.check.document import CheckedDocument
from ingest.check.finding import Code, Finding
from ingest.samples import COLUMNS, SampleRow, fault_of, headings_in, read_samples, sample_files
from retrieval.samples import ENOUGH, plain_heading

__all__ = ["check_samples"]


def check_samples(documents: Sequence[CheckedDocument], root: Path) -> Iterator[Finding]:
    """Hold the sample questions below `root` against its documents."""
    headings = {
        document.id: headings_in((one.block.kind, one.block.text) for one in document.canonical.placed)
        for document in documents
        if document.problem is None
    }
    for path in sample_files(root, headings):
        file = Path(root.name, path.relative_to(root)).as_posix()
        try:
            rows = read_samples(path, root)
        except (UnreadableDocument, OSError) as error:
            detail = error.detail if isinstance(error, UnreadableDocument) else str(error)
            fix = f"begin with a line that names the columns: {', '.join(COLUMNS[:3])}"
            yield Finding(Code.SAMPLES_UNREADABLE, file, 1, detail, fix)
            continue
        yield from _lines(rows, file, headings)


def _lines(rows: Sequence[SampleRow], file: str, headings: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    first: dict[tuple[str, str], SampleRow] = {}
    absent: dict[str, list[int]] = {}
    for row in rows:
        if fault := fault_of(row, headings.get(row.document_id)):
            message, _, fix = fault.partition("; ")
            yield Finding(Code.SAMPLE_LEFT_OUT, file, row.line, message, fix)
            continue
        before = first.setdefault((row.document_id, plain_heading(row.question.text)), row)
        if (before.question.section is None) is not (row.question.section is None):
            message = f"line {before.line} asks the same of this document; by one of the two it is answered"
            yield Finding(Code.SAMPLE_CONTRADICTS, file, row.line, message, "keep the one that is so")
        lacking = absent.setdefault(row.document_id, [])
        if row.question.section is None:
            lacking.append(row.line)
    for document_id, at in absent.items():
        if len(at) < ENOUGH:
            message = f"{document_id!r} has {len(at)} lines without a section: too few to tell what it does not answer"
            yield Finding(Code.SAMPLES_FEW, file, at[0] if at else None, message, f"write {ENOUGH} of them or more")
