"""Sample questions: lines that are left out, and questions that are told to be answered and not to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from core.errors import UnreadableDocument
from ingest.check.document import CheckedDocument
from ingest.check.finding import Code, Finding
from ingest.samples import COLUMNS, SampleRow, fault_of, plain, read_samples, sample_files

__all__ = ["check_samples"]


def check_samples(documents: Sequence[CheckedDocument], root: Path) -> Iterator[Finding]:
    """Hold the sample questions below `root` against its documents."""
    texts = {document.id: plain(document.canonical.text) for document in documents}
    for path in sample_files(root, texts):
        file = Path(root.name, path.relative_to(root)).as_posix()
        try:
            rows = read_samples(path, root)
        except UnreadableDocument as error:
            fix = f"begin with a line that names the columns: {', '.join(COLUMNS[:3])}"
            yield Finding(Code.SAMPLES_UNREADABLE, file, 1, error.detail, fix)
            continue
        yield from _lines(rows, file, texts)


def _lines(rows: Sequence[SampleRow], file: str, texts: Mapping[str, str]) -> Iterator[Finding]:
    first: dict[tuple[str, str], SampleRow] = {}
    for row in rows:
        if fault := fault_of(row, texts.get(row.document_id)):
            message, _, fix = fault.partition("; ")
            yield Finding(Code.SAMPLE_LEFT_OUT, file, row.line, message, fix)
            continue
        before = first.setdefault((row.document_id, plain(row.question.text)), row)
        if (before.question.section is None) is not (row.question.section is None):
            message = f"line {before.line} asks the same of this document; by one of the two it is answered"
            yield Finding(Code.SAMPLE_CONTRADICTS, file, row.line, message, "keep the one that is so")
