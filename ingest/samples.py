"""`sample-questions.csv`: what people ask of the documents in its folder, read, checked and brought into the store."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from core.errors import AssistantError
from ingest.reasons import UnreadableReason, unreadable
from ingest.sources import SAMPLES_FILE
from ingest.spreadsheet import read_csv
from ingest.textfiles import decode
from retrieval.samples import SampleQuestion

if TYPE_CHECKING:
    from core.models import PassageEmbeddings
    from retrieval.samples import SampleStore
    from retrieval.store import ChunkStore

__all__ = ["COLUMNS", "SampleKeeper", "SampleRow", "fault_of", "plain", "read_samples", "sample_files"]

log = structlog.get_logger(__name__)

COLUMNS = ("document", "section", "question", "country")
"""`section` is the heading over the answer, empty where the document has none. `country` was chosen beside the
question; only fits read it."""


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A line of a file: where it stands, the id of the document it is about, and what was asked."""

    line: int
    document_id: str
    question: SampleQuestion
    country: str | None


@dataclass(slots=True)
class _Checked:
    """Sample questions by document, and what is wrong with the lines that were left out."""

    samples: dict[str, list[SampleQuestion]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class SampleKeeper:
    """Keeps the sample questions of folders in step with their files; a line that is at fault is left out and told."""

    def __init__(self, store: ChunkStore, samples: SampleStore) -> None:
        self._store = store
        self._samples = samples
        self._seen: dict[str, tuple[str, list[str]]] = {}

    def sync(self, root: Path) -> list[str]:
        """Bring every file below `root` into the store; returns what is wrong with them, in words for an editor.

        Where nothing changed since the last time, neither files nor documents nor the encoder, nothing is done.
        """
        root = root.resolve()
        indexed, embeddings = self._store.indexed(root.name), self._store.embeddings
        files = sample_files(root, indexed)
        served = {document_id for document_id, content in indexed.items() if content is not None}
        digest = hashlib.sha256(repr((embeddings.identity, sorted(indexed.items()))).encode())
        for path in files:
            digest.update(f"{path}\0".encode() + path.read_bytes())
        state, problems = self._seen.get(root.name, ("", []))
        if state != digest.hexdigest():
            checked = self._checked(files, root, served, embeddings)
            embedded = self._samples.replace(root.name, checked.samples, embeddings)
            log.info("samples.kept", documents=len(checked.samples), embedded=embedded, problems=len(checked.problems))
            problems = checked.problems
            self._seen[root.name] = digest.hexdigest(), problems
        return problems

    def _checked(
        self, files: Sequence[Path], root: Path, indexed: Collection[str], embeddings: PassageEmbeddings
    ) -> _Checked:
        checked = _Checked()
        texts: dict[str, str] = {}
        for path in files:
            name = path.relative_to(root).as_posix()
            try:
                rows = read_samples(path, root)
            except AssistantError as error:
                checked.problems.append(f"{name}: {error.detail}")
                continue
            for row in rows:
                if row.document_id in indexed and row.document_id not in texts:
                    texts[row.document_id] = self._text(row.document_id)
                if fault := fault_of(row, texts.get(row.document_id)) or _too_long(row, embeddings):
                    checked.problems.append(f"{name}, line {row.line}: {fault}")
                else:
                    checked.samples.setdefault(row.document_id, []).extend(_with_heading(row, checked))
        return checked

    def _text(self, document_id: str) -> str:
        return plain(self._store.get_version(document_id).canonical_text)


def read_samples(path: Path, root: Path) -> list[SampleRow]:
    """The lines of a file in a folder below `root`; raises `UnreadableDocument` where it is no such table.

    The header may name the columns in any order; `country` may be missing. Lines are counted as in a spreadsheet.
    """
    cells = read_csv(decode(path.read_bytes())).cells
    header = [cell.lower() for cell in cells[0]] if cells else []
    if missing := [name for name in COLUMNS[:3] if name not in header]:
        raise unreadable(UnreadableReason.MALFORMED, f"the first line lacks {', '.join(map(repr, missing))}")
    folder = "/".join((root.name, *path.parent.relative_to(root).parts))
    rows = []
    for line, row in enumerate(cells[1:], start=2):
        told = dict(zip(header, row, strict=False))
        question = SampleQuestion(told.get("question", ""), told.get("section") or None)
        rows.append(SampleRow(line, f"{folder}/{told.get('document', '')}", question, told.get("country") or None))
    return rows


def _with_heading(row: SampleRow, checked: _Checked) -> list[SampleQuestion]:
    """The question, after the heading over its answer where that is new: people ask in its words, too."""
    section = row.question.section
    heading = SampleQuestion(section or "", section)
    known = checked.samples.get(row.document_id, [])
    return [row.question] if section is None or heading in known else [heading, row.question]


def sample_files(root: Path, document_ids: Iterable[str]) -> list[Path]:
    """The files in folders below `root` that documents came from: no other can be about one."""
    folders = {root, *(root.parent / Path(document_id).parent for document_id in document_ids)}
    return sorted(path for folder in folders if (path := folder / SAMPLES_FILE).is_file())


def fault_of(row: SampleRow, text: str | None) -> str | None:
    """What keeps a line from being used, and what to do; None where nothing does.

    `text` is its document's, made `plain`, None where there is no such document.
    """
    question = row.question
    if not question.text:
        return "the question is missing; fill it in or take the line out"
    if text is None:
        return f"there is no document {row.document_id!r}; correct its name or take the line out"
    if question.section is not None and plain(question.section) not in text:
        return f"{row.document_id!r} has no heading {question.section!r}; correct it, or leave it empty"
    return None


def _too_long(row: SampleRow, embeddings: PassageEmbeddings) -> str | None:
    if embeddings.count_tokens(row.question.text) <= embeddings.max_tokens:
        return None
    return f"the question is too long for the encoder: {row.question.text[:60]!r}…; shorten it"


def plain(text: str) -> str:
    """A text without case and line breaks, as headings are compared."""
    return " ".join(text.casefold().split())
