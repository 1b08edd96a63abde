"""`sample-questions.csv`: what people ask of the documents in its folder, and what is wrong with a line of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.blocks import BlockKind
from ingest.reasons import UnreadableReason, unreadable
from ingest.sources import SAMPLES_FILE
from ingest.spreadsheet import read_csv_lines
from ingest.textfiles import decode
from retrieval.samples import SampleQuestion, plain_heading

__all__ = ["COLUMNS", "SampleRow", "fault_of", "headings_in", "read_samples", "sample_files"]

COLUMNS = ("document", "section", "question", "country")
"""`section` is the heading over the answer, empty where the document does not answer. `country` was chosen beside the
question, and may be missing; only fits read it."""
_NEEDED = COLUMNS[:3]
_MOST_BYTES = 16 << 20
_MOST_LINES = 20_000
"""Embedding them takes a few minutes, in which no other document is taken in."""


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A line of a file: its number, the id of the document it is about, and what was asked."""

    line: int
    document_id: str
    question: SampleQuestion
    country: str | None


def sample_files(root: Path, document_ids: Iterable[str]) -> list[Path]:
    """The files in `root` and in the folders that documents lie in or below; links out of `root` are left out."""
    folders = {root.name}
    for document_id in document_ids:
        folder = document_id.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    found = (root.parent / folder / SAMPLES_FILE for folder in folders)
    return sorted(path for path in found if path.is_file() and path.resolve().is_relative_to(root))


def read_samples(path: Path, root: Path) -> list[SampleRow]:
    """The lines of a file in a folder below `root`, numbered as in an editor of text.

    The header may name the columns in any order. Raises `UnreadableDocument` where it is no such table, `OSError`.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise unreadable(UnreadableReason.TOO_LARGE, f"{_MOST_BYTES >> 20} MiB is the most")
    lines = read_csv_lines(decode(path.read_bytes()))
    header = [cell.lower() for cell in lines[0][1]] if lines else []
    if missing := [name for name in _NEEDED if name not in header]:
        raise unreadable(UnreadableReason.MALFORMED, f"the first line lacks {', '.join(map(repr, missing))}")
    if len(lines) > _MOST_LINES:
        raise unreadable(UnreadableReason.TOO_LARGE, f"{_MOST_LINES:,} lines are the most")
    folder = "/".join((root.name, *path.parent.relative_to(root).parts))
    rows = []
    for line, cells in lines[1:]:
        told = dict(zip(header, cells, strict=False))
        question = SampleQuestion(told.get("question", ""), told.get("section") or None)
        rows.append(SampleRow(line, f"{folder}/{told.get('document', '')}", question, told.get("country") or None))
    return rows


def headings_in(blocks: Iterable[tuple[str, str]]) -> frozenset[str]:
    """What a line may name as its section, of a document's `blocks`, each as its kind and its text."""
    return frozenset(plain_heading(text) for kind, text in blocks if kind in (BlockKind.HEADING, BlockKind.QUESTION))


def fault_of(row: SampleRow, headings: Collection[str] | None) -> str | None:
    """What keeps a line from being used, and what to do; None where nothing does.

    `headings` are those of its document by `headings_in`; None where there is no such document.
    """
    section = row.question.section
    if not row.question.text:
        return "the question is missing; fill it in or take the line out"
    if headings is None:
        return f"there is no document {row.document_id!r}; correct its name or take the line out"
    if section is not None and plain_heading(section) not in headings:
        return f"{row.document_id!r} has no heading {section!r}; correct it or take the line out"
    return None
