"""Sample questions brought from their files into the store, and kept in step with files, documents and encoder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from core.errors import AssistantError, NotFound
from ingest.samples import SampleRow, fault_of, headings_in, read_samples, sample_files
from retrieval.samples import SampleQuestion

if TYPE_CHECKING:
    from core.models import PassageEmbeddings
    from retrieval.samples import SampleStore
    from retrieval.store import ChunkStore

__all__ = ["SampleKeeper"]

log = structlog.get_logger(__name__)

_TOLD = 50
"""Problems that are told one by one; a file of another kind may have one in each line."""
_LOGGED = 3


@dataclass(slots=True)
class _Checked:
    """Sample questions by document, and what is wrong with the lines that were left out."""

    samples: dict[str, list[SampleQuestion]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def take(self, row: SampleRow) -> None:
        """A question, after the heading over its answer where that is new: people ask in its words, too."""
        known = self.samples.setdefault(row.document_id, [])
        section = row.question.section
        if section is not None and (heading := SampleQuestion(section, section)) not in known:
            known.append(heading)
        known.append(row.question)


class SampleKeeper:
    """Keeps the sample questions of folders in step with their files; a line that is at fault is left out and told."""

    def __init__(self, store: ChunkStore, samples: SampleStore) -> None:
        self._store = store
        self._samples = samples
        self._seen: dict[Path, tuple[str, list[str]]] = {}
        self._headings: dict[str, tuple[str, frozenset[str]]] = {}

    def sync(self, root: Path, *, going_on: Callable[[], None], only_when_there: bool = False) -> list[str]:
        """Bring every file below `root` into the store; returns what is wrong with them, in words for an editor.

        Where neither a file, nor a document that one names, nor the encoder has changed, nothing is done. With
        `only_when_there` a folder without any file is left alone: it may be another one of the same name. `going_on`
        is called between documents, and raises to end it; what was brought in until then stays. So does what was there
        before of a file that cannot be read now.
        """
        root = root.resolve()
        indexed = {document_id: content for document_id, content in self._store.indexed(root.name).items() if content}
        files = sample_files(root, indexed)
        if only_when_there and not files:
            return []
        checked, rows = _Checked(), list[tuple[str, SampleRow]]()
        for path in files:
            name = path.relative_to(root).as_posix()
            try:
                rows += ((name, row) for row in read_samples(path, root))
            except (AssistantError, OSError) as error:
                checked.problems.append(f"{name}: {error.detail if isinstance(error, AssistantError) else error}")
        embeddings = self._store.embeddings
        unread = [*checked.problems]
        state = _state(embeddings, unread, rows, indexed)
        before, problems = self._seen.get(root, ("", []))
        if state != before:
            for name, row in rows:
                if fault := self._fault(row, indexed, embeddings):
                    checked.problems.append(f"{name}, line {row.line}: {fault}")
                else:
                    checked.take(row)
            embedded = self._samples.replace(
                root.name, checked.samples, embeddings, are_all=not unread, going_on=going_on
            )
            problems = _shortened(checked.problems)
            tell = log.warning if problems else log.info
            tell("samples.kept", documents=len(checked.samples), embedded=embedded, problems=problems[:_LOGGED])
            self._seen[root] = state, problems
        return problems

    def _fault(self, row: SampleRow, indexed: Mapping[str, str], embeddings: PassageEmbeddings) -> str | None:
        content = indexed.get(row.document_id)
        headings = None if content is None else self._headings_of(row.document_id, content)
        texts = (row.question.text, row.question.section or "")
        return fault_of(row, headings) or next((told for text in texts if (told := _too_long(text, embeddings))), None)

    def _headings_of(self, document_id: str, content: str) -> frozenset[str] | None:
        """The headings and questions of a document, read again when its `content` is another; None when it is gone."""
        known, headings = self._headings.get(document_id, ("", frozenset[str]()))
        if known != content:
            try:
                version = self._store.get_version(document_id)
            except NotFound:  # removed since it was listed
                return None
            text = version.canonical_text
            headings = headings_in((block.kind, text[block.start : block.end]) for block in version.outline)
            self._headings[document_id] = content, headings
        return headings


def _state(
    embeddings: PassageEmbeddings,
    unread: Sequence[str],
    rows: Sequence[tuple[str, SampleRow]],
    indexed: Mapping[str, str],
) -> str:
    """What changes with the encoder, the files, their lines and the documents that these name."""
    digest = hashlib.sha256(repr((embeddings.identity, unread)).encode())
    for name, row in rows:
        digest.update(repr((name, row, indexed.get(row.document_id))).encode())
    return digest.hexdigest()


def _too_long(text: str, embeddings: PassageEmbeddings) -> str | None:
    # A letter is three tokens at most (Hangul is taken apart), so that what is short need not be counted.
    if len(text) < embeddings.max_tokens // 4 or embeddings.count_tokens(text) <= embeddings.max_tokens:
        return None
    return f"too long for the encoder: {text[:60]!r}…; shorten it or take the line out"


def _shortened(problems: Sequence[str]) -> list[str]:
    left = len(problems) - _TOLD
    return [*problems[:_TOLD], *([f"and {left} more lines are left out"] if left > 0 else [])]
