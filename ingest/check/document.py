"""One file made ready to be checked: what it says of itself, its text, and the lines where both stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.errors import UnreadableDocument
from core.types import DocumentMeta
from ingest.blocks import BlockKind
from ingest.canonical import Canonical, Placed, canonicalise
from ingest.check.finding import Code, Finding
from ingest.check.head import Head, Said, read_heads
from ingest.check.lines import Lines
from ingest.formats import Format
from ingest.metadata import parse_metadata
from ingest.parser import Parser
from ingest.reasons import UnreadableReason, unreadable
from ingest.references import document_id_of
from ingest.sources import SourceFile, refuse_unfit
from ingest.statements import statements
from ingest.textfiles import decode

__all__ = ["CheckedDocument", "Statement", "read_document"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, list item or row of a document, the block it stands in, and whose rules it tells."""

    document: CheckedDocument
    text: str
    placed: Placed

    @property
    def jurisdiction(self) -> str:
        return self.placed.block.jurisdiction or self.document.meta.jurisdiction

    @property
    def line(self) -> int | None:
        return self.document.line_of(self.placed, text=self.text)


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """`meta` is what of `said` can be used; `lines` is None for files without lines; `problem` why there is no text."""

    file: SourceFile
    heads: tuple[Head, ...]
    said: Mapping[str, Said]
    meta: DocumentMeta
    canonical: Canonical
    lines: Lines | None
    problem: UnreadableDocument | None = None

    @property
    def id(self) -> str:
        return self.file.id

    def says(self, key: str) -> bool:
        return key in self.said and self.said[key].value not in (None, "")

    def finding(self, code: Code, message: str, fix: str, *, line: int | None = None) -> Finding:
        return Finding(code, self.id, line, message, fix)

    def finding_at(self, key: str, code: Code, message: str, fix: str) -> Finding:
        """A finding on the line of a key, on the first line when the file does not say it."""
        said = self.said.get(key)
        file, line = (said.file, said.line) if said else self._head_place()
        return Finding(code, file, line, message, fix)

    def line_of(self, placed: Placed, *, text: str = "", after: int = 1) -> int | None:
        """The line from `after` on where a block begins, or `text`, a part of it."""
        if self.lines is None:
            return None
        block = self.lines.of(placed.block.text, after=after)
        return (self.lines.of(text, after=block or 1) or block) if text else block

    def statements(self) -> list[Statement]:
        """Every sentence, list item and row that can be quoted; a list as a whole is left out."""
        found = []
        for placed, (start, end) in _within_blocks(self.canonical):
            found.append(Statement(self, self.canonical.text[start:end], placed))
        return found

    def in_force_with(self, other: CheckedDocument) -> bool:
        """Whether there is a day on which the rules of both hold."""
        first = max(self.meta.effective_from or date.min, other.meta.effective_from or date.min)
        last = min(self.meta.effective_to or date.max, other.meta.effective_to or date.max)
        return first <= last

    def _head_place(self) -> tuple[str, int | None]:
        if self.heads:
            return self.heads[-1].file, 1
        return self.id, 1 if self.lines else None


def read_document(file: SourceFile, parser: Parser, *, max_bytes: int) -> CheckedDocument:
    """Read what there is to read; a file that gives no text is a document with a `problem`."""
    source, problem = None, None
    try:
        refuse_unfit(file, max_bytes=max_bytes)
        source = _source(file)
        heads = tuple(read_heads(file, source))
    except (UnreadableDocument, OSError) as error:
        heads, problem = (), _as_unreadable(error)
    said = {item.key: item for head in heads for item in head.said}
    canonical = Canonical("", ())
    if problem is None:
        try:
            assert file.format is not None
            canonical = canonicalise(parser.parse(file.path, file.format))
        except (UnreadableDocument, OSError) as error:
            problem = _as_unreadable(error)
    lines = None if source is None else Lines(source)
    return CheckedDocument(file, heads, said, _usable(said, file), canonical, lines, problem)


def _source(file: SourceFile) -> str | None:
    """The text of a file that is one, None for other files."""
    if file.format is Format.PDF:
        return None
    try:
        return decode(file.path.read_bytes()).removeprefix("\ufeff").replace("\r\n", "\n")
    except UnreadableDocument:
        return None


def _as_unreadable(error: UnreadableDocument | OSError) -> UnreadableDocument:
    if isinstance(error, UnreadableDocument):
        return error
    return unreadable(UnreadableReason.UNAVAILABLE, error.strerror or str(error))


def _usable(said: Mapping[str, Said], file: SourceFile) -> DocumentMeta:
    """The metadata without the keys that cannot be used."""
    good: dict[str, object] = {}
    for item in said.values():
        try:
            parse_metadata({item.key: item.value}, where="")
        except UnreadableDocument:
            continue
        good[item.key] = item.value
    for pair in (("effective_from", "effective_to"), ("reviewed_on", "review_by")):
        try:
            parse_metadata({key: good[key] for key in pair if key in good}, where="")
        except UnreadableDocument:
            for key in pair:
                del good[key]
    meta = parse_metadata(good, where="")
    return meta if meta.supersedes is None else replace(meta, supersedes=document_id_of(meta.supersedes, file))


def _within_blocks(canonical: Canonical) -> Sequence[tuple[Placed, tuple[int, int]]]:
    """The statements that lie within one block, with it."""
    spans = iter(statements(canonical))
    found = []
    span = next(spans, None)
    for placed in canonical.placed:
        while span is not None and span[0] < placed.end:
            if span[1] <= placed.end and placed.block.kind is not BlockKind.CODE:
                found.append((placed, span))
            span = next(spans, None)
    return found
