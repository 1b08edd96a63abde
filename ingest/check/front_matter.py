"""Rules on what a file says of itself: its keys, their values, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import UnreadableDocument
from core.types import GENERAL_JURISDICTION
from ingest.approval import APPROVAL_KEYS
from ingest.blocks import BlockKind
from ingest.check.document import CheckedDocument
from ingest.check.finding import Code, Finding
from ingest.check.head import Head, Said
from ingest.metadata import KEYS, parse_metadata
from ingest.reasons import UnreadableReason

__all__ = ["check_front_matter"]

_IN_ORDER = (("effective_from", "effective_to"), ("reviewed_on", "review_by"))


def check_front_matter(document: CheckedDocument) -> Iterator[Finding]:
    """Keys and values that cannot be used, and keys that a reader of the answer would miss."""
    for head in document.heads:
        yield from _head(head)
    for first, last in _IN_ORDER:
        yield from _order(document, first, last)
    if document.problem is None:
        yield from _missing(document)


def _head(head: Head) -> Iterator[Finding]:
    if head.problem:
        message, fix = _parted(head.problem, head.file)
        yield Finding(Code.BAD_FRONT_MATTER, head.file, head.line, message, fix)
    if head.is_open:
        message = "the front matter begins with --- and never ends, so people read it as text"
        fix = "write --- on a line of its own below the last key"
        yield Finding(Code.OPEN_FRONT_MATTER, head.file, 1, message, fix)
    for said in head.doubled:
        message = f"{said.key} stands here and again below, where the last one counts"
        yield Finding(Code.DOUBLE_KEY, head.file, said.line, message, "keep one of them")
    for said in head.said:
        yield from _key(said)


def _key(said: Said) -> Iterator[Finding]:
    if said.key in APPROVAL_KEYS:
        return
    code = Code.BAD_VALUE if said.key in KEYS else Code.UNKNOWN_KEY
    try:
        parse_metadata({said.key: said.value}, where="")
    except UnreadableDocument as error:
        message, fix = _parted(error.detail, "")
        yield Finding(code, said.file, said.line, message, fix)


def _order(document: CheckedDocument, first: str, last: str) -> Iterator[Finding]:
    values = {key: document.said[key].value for key in (first, last) if key in document.said}
    try:
        for key in values:
            parse_metadata({key: values[key]}, where="")
    except UnreadableDocument:
        return
    try:
        parse_metadata(values, where="")
    except UnreadableDocument as error:
        message, fix = _parted(error.detail, "")
        yield document.finding_at(last, Code.DATES_EXCHANGED, message, fix)


def _missing(document: CheckedDocument) -> Iterator[Finding]:
    if not document.says("title") and not _is_titled_by_its_text(document):
        message = "no title: people would see the file's name as the source"
        yield document.finding_at("title", Code.MISSING_TITLE, message, "add `title: …`, or begin with a heading")
    if not document.says("jurisdiction") and not _all_rows(document, "jurisdiction"):
        message = "no country: the rules would be told for every one"
        fix = "add `jurisdiction: CA`, or `jurisdiction: ZZ` where no single country is meant"
        yield document.finding_at("jurisdiction", Code.MISSING_JURISDICTION, message, fix)
    of_a_country = document.meta.jurisdiction != GENERAL_JURISDICTION
    if of_a_country and not document.says("source_url") and not _all_rows(document, "source_url"):
        message = "no official source: nobody can compare the text with it"
        yield document.finding_at("source_url", Code.MISSING_SOURCE, message, "add `source_url: https://…`")


def _is_titled_by_its_text(document: CheckedDocument) -> bool:
    blocks = (placed.block for placed in document.canonical.placed)
    return any(block.level and block.kind in (BlockKind.HEADING, BlockKind.QUESTION) for block in blocks)


def _all_rows(document: CheckedDocument, column: str) -> bool:
    blocks = [placed.block for placed in document.canonical.placed]
    return bool(blocks) and all(getattr(block, column) for block in blocks)


def _parted(detail: str, where: str) -> tuple[str, str]:
    """An error's words as what is wrong and what to do: without its general sentence and without the place."""
    said = detail.removeprefix(UnreadableReason.BAD_METADATA.sentence).strip()
    said = said.removeprefix("(").removesuffix(")").removeprefix(f"{where}: ").strip()
    message, _, fix = said.rpartition("; ")
    return message or said, fix or "correct it"
